package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Directory;
import dev.yaoku.access.Principal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to know the rights of a principal. */
class HeldPoliciesTest {
  @TempDir private Path directory;
  private Household house;
  private CountingStore store;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    store = new CountingStore(house.store);
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void theFirstRequestOfAPrincipalReadsItsRightsInOneTransactionAndTheNextReadsNothing() {
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Principal alice = alice();

    held.of(alice);
    assertThat(Collections.frequency(store.asked(), "transaction")).isEqualTo(1);
    held.of(alice);
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void whoIsKnownByAnAccessKeyIsReadInOneTransactionToo() {
    Identities identities =
        new Identities(store, house.hierarchy, house.clock, Identities.Limits.USUAL);

    assertThat(identities.accessKey(ACCESS_KEY)).isPresent();
    assertThat(Collections.frequency(store.asked(), "transaction")).isEqualTo(1);
    assertThat(identities.accessKey(ACCESS_KEY)).isPresent();
    assertThat(store.asked()).isEmpty();
  }

  private Principal alice() {
    return house
        .identities
        .accessKey(ACCESS_KEY)
        .map(Directory.KnownKey::principal)
        .filter(who -> who.user().equals(ALICE))
        .orElseThrow();
  }
}
