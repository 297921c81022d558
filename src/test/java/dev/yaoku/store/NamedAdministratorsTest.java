package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where administrators have names in certificates, and which. */
class NamedAdministratorsTest {
  private static final String OURS = "account-1";

  private static void populate(SqlStore store) {
    store.write(tx -> {
      tx.insert(user("boss", OURS, true));
      tx.insert(user("worker", OURS, false));
      tx.insert(user("stranger", "account-2", true));
      for (String ca : List.of("mixed", "workers")) {
        tx.rights()
            .insert(new Rights.ClientCa(OURS, ca, "pem", "0".repeat(64), true, Samples.NOW, 1));
      }
      tx.rights().insert(name("mixed", "dns:boss", "boss"));
      tx.rights().insert(name("mixed", "dns:worker", "worker"));
      tx.rights().insert(name("workers", "dns:other", "worker"));
      return true;
    });
  }

  private static Rows.User user(String id, String account, boolean administrator) {
    return new Rows.User(id, account, id, new byte[0], 1, administrator, true, Samples.NOW, 1);
  }

  private static Rights.CertificateUser name(String ca, String name, String user) {
    return new Rights.CertificateUser(OURS, ca, name, user, Samples.NOW, 1);
  }

  @ParameterizedTest
  @EnumSource
  void authoritiesAndNamesOfAdministratorsAreToldFromThoseOfOthers(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      populate(test.store());
      test.store()
          .<Boolean>read(tx -> {
            RightsReading rights = tx.rights();
            assertThat(rights.clientCasNamingAdministrators(OURS)).containsExactly("mixed");
            assertThat(rights.clientCasNamingAdministrators("account-2")).isEmpty();
            assertThat(rights.namesAdministrator(OURS, Set.of("dns:boss"))).isTrue();
            assertThat(rights.namesAdministrator(OURS, Set.of("dns:worker", "dns:other")))
                .isFalse();
            assertThat(rights.namesAdministrator(OURS, Set.of())).isFalse();
            assertThat(rights.namesAdministrator(OURS, many("dns:boss"))).isTrue();
            assertThat(rights.namesAdministrator(OURS, many("dns:worker"))).isFalse();
            assertThat(rights.namesAdministrator("account-2", Set.of("dns:boss"))).isFalse();
            assertThat(rights.certificateNames(OURS, "mixed"))
                .containsExactly("dns:boss", "dns:worker");
            assertThat(rights.certificateUserCount(OURS, "mixed")).isEqualTo(2);
            return true;
          });
    }
  }

  /** This name and a hundred that nobody has. */
  private static Set<String> many(String name) {
    return Stream.concat(IntStream.range(0, 100).mapToObj(i -> "dns:host-" + i), Stream.of(name))
        .collect(Collectors.toSet());
  }

  @Test
  void namesOfOthersAreNotSearchedForIt() throws Exception {
    try (TestStore test = Engine.SQLITE.open()) {
      assertThat(test.plan(NamedAdministrators.CLIENT_CAS))
          .contains("certificate_user_by_user (account=? AND user_id=?)")
          .contains("user_administrators (account=?)")
          .doesNotContain("SCAN");
      assertThat(test.plan(NamedAdministrators.SOME_NAME))
          .contains("(account=? AND ca=? AND name=?)", "user USING INDEX")
          .doesNotContain("SCAN");
      assertThat(test.plan(NamedAdministrators.NAMES))
          .contains("certificate_user_by_user (account=? AND user_id=?)")
          .contains("user_administrators (account=?)")
          .doesNotContain("SCAN");
    }
  }
}
