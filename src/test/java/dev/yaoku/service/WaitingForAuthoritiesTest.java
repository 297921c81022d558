package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.TestPki;
import dev.yaoku.key.Problem;
import dev.yaoku.service.ClientAuthorities.Authority;
import dev.yaoku.service.ClientAuthorities.NamedUser;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nobody waits long for whoever manages client authorities, however many names these have: their
 * changes read few rows (SECURITY_DESIGN H9).
 */
class WaitingForAuthoritiesTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-01-10T00:00:00Z");
  private static final TestPki THEIRS = new TestPki("CN=theirs", FROM, UNTIL);
  private static final TestPki HIS = new TestPki("CN=his", FROM, UNTIL);
  private static final String ADMINISTRATOR = "email:root@corp.example";
  private static final String LAPTOP = "dns:laptop.corp.example";
  private static final List<String> WHOLE_ROWS = List.of("certificateUsers", "administrators");

  @TempDir private Path directory;
  private Household house;
  private AskedInChanges store;
  private ClientAuthorities authorities;

  /** Takes down what changes ask only. */
  private static final class AskedInChanges extends CountingStore {
    private final Household house;

    AskedInChanges(Household house) {
      super(house.store);
      this.house = house;
    }

    @Override
    public <T> T read(Function<? super Reading, T> work) {
      return house.store.read(work);
    }
  }

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    house.allow(BOB, "iam:identityProviders:manage", "*");
    store = new AskedInChanges(house);
    authorities =
        new ClientAuthorities(store, house.identities, house.held, house.events, house.clock);
    authorities.put(alice(), "theirs", THEIRS.pem(), null);
    authorities.map(alice(), "theirs", ADMINISTRATOR, ALICE);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private Caller alice() {
    return house.caller(ALICE);
  }

  private Caller bob() {
    return house.caller(BOB);
  }

  /** An authority of Bob's with so many names. */
  private void his(int names) {
    authorities.put(bob(), "his", HIS.pem(), null);
    fill("his", names);
    store.asked();
  }

  /** Gives Bob so many names in an authority. */
  private void fill(String authority, int names) {
    house.store.write(tx -> {
      IntStream.range(0, names)
          .mapToObj(number -> "dns:host-" + number)
          .map(name -> new Rights.CertificateUser(ACCOUNT, authority, name, BOB, house.now, 1))
          .forEach(tx.rights()::insert);
      return true;
    });
  }

  @Test
  void whoHasAsManyNamesAsHeMayIsRefusedBeforeAnythingElseIsRead() {
    his(1_000);

    Refused.with(
        new Problem.TooMany("names", 1_000), () -> authorities.map(bob(), "his", LAPTOP, BOB));

    assertThat(store.asked())
        .contains("certificateUserCount")
        .doesNotContain("user")
        .doesNotContainAnyElementsOf(WHOLE_ROWS);
  }

  @Test
  void soManyNamesAreStillGivenToOtherUsers() {
    fill("theirs", 999);

    Authority after = authorities.map(alice(), "theirs", "dns:host-7", ALICE);

    assertThat(after.names()).hasSize(1_000).contains(new NamedUser("dns:host-7", ALICE));
  }

  @Test
  void noNameOfAnotherIsReadToChangeAnAuthority() {
    his(2);

    authorities.map(bob(), "his", LAPTOP, BOB);
    authorities.put(bob(), "his", null, false);
    authorities.put(bob(), "his", THEIRS.pem(), true);

    assertThat(store.asked()).doesNotContainAnyElementsOf(WHOLE_ROWS);
  }
}
