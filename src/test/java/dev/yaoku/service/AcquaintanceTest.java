package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Credentials;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Standing;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events name who called, whatever is remembered. */
class AcquaintanceTest {
  @TempDir private Path directory;
  private Household house;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void anAccessKeyInMemoryHasItsOwnersNameWrittenOnce() {
    Directory.KnownKey key = house.identities.accessKey(ACCESS_KEY).orElseThrow();
    Caller first = caller(key.principal(), key.standing());
    Caller second = caller(key.principal(), key.standing());

    assertThat(Acquaintance.actor(first).user()).isEqualTo(ALICE);
    assertThat(Acquaintance.actor(first).account()).isEqualTo(ACCOUNT);
    assertThat(Acquaintance.actor(second)).isSameAs(Acquaintance.actor(first));
    assertThat(Acquaintance.actor(first.within(PROJECT))).isSameAs(Acquaintance.actor(first));
  }

  @Test
  void aKeyThatIsLookedUpAnewHasANewStanding() {
    Directory.KnownKey before = house.identities.accessKey(ACCESS_KEY).orElseThrow();
    house.identities.userChanged(ALICE);
    Directory.KnownKey after = house.identities.accessKey(ACCESS_KEY).orElseThrow();

    assertThat(after.standing()).isNotSameAs(before.standing());
  }

  @Test
  void whoHasNoCredentialInMemoryIsNamedToo() {
    assertThat(Acquaintance.actor(house.caller(ALICE)).user()).isEqualTo(ALICE);
    assertThat(Acquaintance.actor(house.caller(BOB)).user()).isEqualTo(BOB);
  }

  private Caller caller(Principal who, Standing standing) {
    Credentials proof =
        new Credentials() {
          @Override
          public Principal prove(byte[] body) {
            return who;
          }

          @Override
          public Principal stillStands() {
            return who;
          }

          @Override
          public Standing standing() {
            return standing;
          }
        };
    return house.admission.callerOf(who, proof, "", "0".repeat(32), "192.0.2.1");
  }
}
