package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nobody waits for what can be worked out without the one transaction that changes something
 * (SECURITY_DESIGN H9).
 */
class WaitingForRightsTest {
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
  void keysAndRulesOfAProviderAreReadBeforeItIsChanged() {
    IdentityProviders providers = Providers.over(store, house);
    providers.create(house.caller(ALICE), "idp", ProviderChange.of("ours", true));
    store.asked();

    for (ProviderChange bad : List.of(keys("{\"keys\": []}"), ProviderChange.ofMapping("[{}]"))) {
      assertThat(Refused.problem(() -> providers.update(house.caller(ALICE), "idp", bad)))
          .isInstanceOfAny(Problem.BadValue.class, Problem.BadRequest.class);
    }

    assertThat(store.asked()).isEmpty();
  }

  private static ProviderChange keys(String keySet) {
    return new ProviderChange(null, null, null, null, null, null, keySet, null);
  }

  @Test
  void policiesAreCountedAndNotReadWhereOneIsAdded() {
    IdentityServices services = house.servicesOver(store);
    String document =
        """
        {"Version":"5.0","Statement":[{"Effect":"Allow","Action":["kms:*:*"],"Resource":["*"]}]}\
        """;

    services.policies().create(house.caller(ALICE), new Policies.Order("one", "", "XA", document));

    assertThat(store.asked()).contains("policyCount").doesNotContain("policies");
  }
}
