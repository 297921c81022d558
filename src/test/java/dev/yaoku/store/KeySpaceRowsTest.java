package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.KeyPolicy;
import dev.yaoku.key.Keystore;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Key policies, access points and keystores come back as they were written. */
class KeySpaceRowsTest {
  @ParameterizedTest
  @EnumSource
  void whatIsInAKeySpaceComesBackInOrderOfIds(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.keySpaces().insert(Samples.keyPolicy(2));
        tx.keySpaces().insert(Samples.keyPolicy(1));
        tx.keySpaces().insert(Samples.accessPoint(2));
        tx.keySpaces().insert(Samples.accessPoint(1));
        return true;
      });
      String keySpace = Samples.keyPolicy(1).keySpace();

      assertThat(
              store.<List<KeyPolicy>>read(
                  tx -> tx.keySpaces().keyPolicies(Samples.PROJECT, keySpace, "", 10)))
          .containsExactly(Samples.keyPolicy(1), Samples.keyPolicy(2));
      assertThat(
              store.<List<KeyPolicy>>read(tx ->
                  tx.keySpaces()
                      .keyPolicies(Samples.PROJECT, keySpace, Samples.keyPolicy(1).id(), 10)))
          .containsExactly(Samples.keyPolicy(2));
      assertThat(
              store.<List<AccessPoint>>read(
                  tx -> tx.keySpaces().accessPoints(Samples.PROJECT, keySpace, "", 1)))
          .usingRecursiveComparison()
          .isEqualTo(List.of(Samples.accessPoint(1)));
      assertThat(store.<Long>read(tx -> tx.keySpaces().accessPointCount(Samples.PROJECT)))
          .isEqualTo(2);
      assertThat(
              store.<Boolean>read(tx ->
                  tx.keySpaces()
                      .keyPolicy(Samples.OTHER_PROJECT, Samples.keyPolicy(1).id())
                      .isEmpty()))
          .isTrue();
      assertThat(
              store.<Boolean>read(tx ->
                  tx.keySpaces()
                      .accessPoint(Samples.OTHER_PROJECT, Samples.accessPoint(1).id())
                      .isEmpty()))
          .isTrue();

      store.write(tx -> {
        tx.keySpaces().update(Samples.keyPolicy(1).opened(Samples.NOW.plusSeconds(99)));
        tx.keySpaces().update(Samples.accessPoint(1).enabled(false, Samples.NOW.plusSeconds(99)));
        tx.keySpaces().remove(Samples.keyPolicy(2));
        tx.keySpaces().remove(Samples.accessPoint(2));
        return true;
      });

      KeyPolicy policy =
          test.reopen()
              .read(tx ->
                  tx.keySpaces()
                      .keyPolicy(Samples.PROJECT, Samples.keyPolicy(1).id())
                      .orElseThrow());
      assertThat(policy.openedAt()).isEqualTo(Samples.NOW.plusSeconds(99));
      assertThat(policy.rowVersion()).isEqualTo(2);
      List<AccessPoint> left =
          test.store()
              .read(tx -> tx.keySpaces().accessPointsOf(Samples.PROJECT, AccessPoint.Kind.CUSTOM));
      assertThat(left).extracting(AccessPoint::enabled).containsExactly(false);
      assertThat(
              test.store()
                  .<Boolean>read(
                      tx -> tx.keySpaces().keyPolicyNamed(Samples.PROJECT, keySpace, "policy-2")))
          .isFalse();
      assertThat(
              test.store()
                  .<Boolean>read(tx ->
                      tx.keySpaces().accessPointNamed(Samples.PROJECT, keySpace, "access-point-1")))
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aForgedRowDoesNotEndAPageOfAKeySpace(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        for (int i = 1; i <= 4; i++) {
          tx.keySpaces().insert(Samples.keyPolicy(i));
        }
        return true;
      });
      test.behindItsBack("UPDATE key_policy SET description = ? WHERE name = 'policy-1'", "forged");

      assertThat(
              store.<List<KeyPolicy>>read(tx ->
                  tx.keySpaces()
                      .keyPolicies(Samples.PROJECT, Samples.keyPolicy(1).keySpace(), "", 2)))
          .containsExactly(Samples.keyPolicy(2), Samples.keyPolicy(3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void keystoresComeBackNewestFirstAndKnowTheirProject(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.insert(Samples.keystore(1));
        tx.insert(Samples.keystore(2));
        tx.insert(Samples.fullKey(1));
        return true;
      });
      String id = Samples.keystore(1).id();

      assertThat(
              store.<List<Keystore>>read(tx -> tx.keystores(Samples.PROJECT, From.offset(0), 10)))
          .containsExactly(Samples.keystore(2), Samples.keystore(1));
      assertThat(
              store.<List<Keystore>>read(tx -> tx.keystores(Samples.PROJECT, From.offset(1), 10)))
          .hasSize(1);
      assertThat(store.<Long>read(tx -> tx.keystoreCount(Samples.PROJECT))).isEqualTo(2);
      assertThat(store.<Boolean>read(tx -> tx.keystore(Samples.OTHER_PROJECT, id).isPresent()))
          .isFalse();
      assertThat(store.<Boolean>read(tx -> tx.keystoreHoldsKeys("keystore-1", Samples.NOW)))
          .isTrue();
      assertThat(store.<Boolean>read(tx -> tx.keystoreHoldsKeys(id, Samples.NOW))).isFalse();

      store.write(tx -> {
        tx.removeKeystore(Samples.PROJECT, id);
        return true;
      });
      assertThat(store.<Boolean>read(tx -> tx.keystore(Samples.PROJECT, id).isPresent())).isFalse();
    }
  }
}
