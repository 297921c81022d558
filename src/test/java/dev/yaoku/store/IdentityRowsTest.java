package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Accounts, projects, users and what proves who they are come back as they were written. */
class IdentityRowsTest {
  @ParameterizedTest
  @EnumSource
  void identitiesComeBackByIdAndByName(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store()
          .write(tx -> {
            tx.insert(Samples.account(1));
            tx.insert(Samples.project(2));
            tx.insert(Samples.project(1));
            tx.insert(Samples.user(1));
            tx.insert(Samples.accessKey(1));
            return true;
          });

      test.reopen()
          .read(tx -> {
            assertThat(tx.account("account-1")).contains(Samples.account(1));
            assertThat(tx.accountNamed("name-1")).contains(Samples.account(1));
            assertThat(tx.project("project-1")).contains(Samples.project(1));
            assertThat(tx.projects(Samples.ACCOUNT))
                .containsExactly(Samples.project(1), Samples.project(2));
            assertThat(tx.user("user-1").orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(Samples.user(1));
            assertThat(tx.userNamed(Samples.ACCOUNT, "name-1")).isPresent();
            assertThat(tx.userNamed("other", "name-1")).isEmpty();
            assertThat(tx.accessKey(Samples.accessKey(1).id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(Samples.accessKey(1));
            return true;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void accountsWithoutAProjectInARegionAreNamed(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        for (String id : List.of(Samples.ACCOUNT, "account-2")) {
          tx.insert(new Rows.Account(id, "name of " + id, true, Samples.NOW, 1));
        }
        tx.insert(Samples.project(1));
        return true;
      });

      assertThat(store.<List<String>>read(tx -> tx.accountsWithoutProjectIn("region-1")))
          .containsExactly("account-2");
      assertThat(store.<List<String>>read(tx -> tx.accountsWithoutProjectIn("region-2")))
          .containsExactly(Samples.ACCOUNT, "account-2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tokensEnd(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.insert(Samples.token(1));
        tx.insert(Samples.token(2));
        tx.insert(Samples.token(3));
        return true;
      });
      String second = Samples.token(2).sha256();

      assertThat(store.<Optional<Rows.Token>>read(tx -> tx.token(second)))
          .contains(Samples.token(2));
      long end = Samples.NOW.plusSeconds(2).toEpochMilli();
      assertThat(store.<Integer>write(tx -> tx.removeTokensEndedBefore(end, 10))).isEqualTo(1);
      assertThat(store.<Boolean>write(tx -> tx.removeToken(second))).isTrue();
      assertThat(store.<Boolean>write(tx -> tx.removeToken(second))).isFalse();
      assertThat(test.seenBehindItsBack("SELECT count(*) FROM token").get(0).toString())
          .isEqualTo("1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignatureIsNewOnce(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();

      assertThat(store.<Boolean>write(tx -> tx.rememberSignature("ab", 10))).isTrue();
      assertThat(store.<Boolean>write(tx -> tx.rememberSignature("ab", 11))).isFalse();
      assertThat(store.<Integer>write(tx -> tx.forgetSignaturesBefore(10, 100))).isZero();
      store.write(tx -> tx.rememberSignature("cd", 9));
      assertThat(store.<Integer>write(tx -> tx.forgetSignaturesBefore(11, 1))).isEqualTo(1);
      assertThat(store.<Integer>write(tx -> tx.forgetSignaturesBefore(11, 100))).isEqualTo(1);
      assertThat(store.<Boolean>write(tx -> tx.rememberSignature("ab", 12))).isTrue();
    }
  }
}
