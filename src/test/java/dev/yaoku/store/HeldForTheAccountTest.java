package dev.yaoku.store;

import static dev.yaoku.store.Samples.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.store.Rights.Attachment;
import dev.yaoku.store.Rights.HolderKind;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What somebody holds, for the account itself or anywhere, is told with the MACs of policies' rows.
 */
class HeldForTheAccountTest {
  private static void fill(TestStore test) {
    test.store()
        .write(tx -> {
          RightsWriting rights = tx.rights();
          rights.insert(Samples.group(1));
          rights.insert(Samples.membership(1, 1));
          rights.insert(Samples.membership(1, 2));
          rights.insert(Samples.policy(1));
          rights.insert(Samples.policy(2));
          rights.insert(ofAccount(HolderKind.USER, "user-1", 1));
          rights.insert(ofAccount(HolderKind.USER, "user-1", 2));
          rights.insert(ofAccount(HolderKind.GROUP, "group-1", 1));
          rights.insert(ofAccount(HolderKind.GROUP, "group-1", 3)); // of every account: no row
          rights.insert(ofAccount(HolderKind.AGENCY, "agency-1", 2));
          rights.insert(Samples.attachment(HolderKind.USER, "user-2", PROJECT, 2));
          rights.insert(Samples.attachment(HolderKind.GROUP, "group-1", "*", 2));
          return true;
        });
  }

  private static Attachment ofAccount(HolderKind kind, String holder, int policy) {
    return Samples.attachment(kind, holder, Attachment.ACCOUNT, policy);
  }

  private static Map<String, String> held(TestStore test, HolderKind kind, String holder) {
    return test.store()
        .<Map<String, String>>read(tx -> tx.rights().policiesOfAccount(kind, holder));
  }

  @ParameterizedTest
  @EnumSource
  void aUserHoldsWhatHisGroupsHoldToo(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      fill(test);

      Map<String, String> found = held(test, HolderKind.USER, "user-1");
      assertThat(found).containsOnlyKeys("policy-1", "policy-2", "policy-3");
      assertThat(found.get("policy-3")).as("of every account: no row").isEmpty();
      assertThat(found.get("policy-1")).hasSize(64).isNotEqualTo(found.get("policy-2"));
      assertThat(held(test, HolderKind.USER, "user-2")).containsOnlyKeys("policy-1", "policy-3");
      assertThat(held(test, HolderKind.AGENCY, "agency-1"))
          .isEqualTo(Map.of("policy-2", found.get("policy-2")));
      assertThat(held(test, HolderKind.AGENCY, "user-3")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsHeldAnywhereIsToldByWhereAndWhichItIs(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      fill(test);

      Map<String, String> found =
          test.store()
              .<Map<String, String>>read(tx -> tx.rights().policiesHeld(HolderKind.USER, "user-2"));
      assertThat(found)
          .containsOnlyKeys(
              Attachment.ACCOUNT + "/policy-1",
              Attachment.ACCOUNT + "/policy-3",
              PROJECT + "/policy-2",
              "*/policy-2");
      assertThat(found.get(PROJECT + "/policy-2"))
          .isEqualTo(held(test, HolderKind.AGENCY, "agency-1").get("policy-2"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsRewrittenHasAnotherMacAndWhatIsTakenAwayIsNotHeld(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      fill(test);
      Map<String, String> before = held(test, HolderKind.USER, "user-1");

      test.store()
          .write(tx -> {
            tx.rights().update(Samples.policy(1));
            tx.rights().remove(ofAccount(HolderKind.USER, "user-1", 2));
            tx.rights().remove(Samples.membership(1, 2));
            return true;
          });

      Map<String, String> after = held(test, HolderKind.USER, "user-1");
      assertThat(after).containsOnlyKeys("policy-1", "policy-3");
      assertThat(after.get("policy-1")).isNotEqualTo(before.get("policy-1"));
      assertThat(held(test, HolderKind.USER, "user-2")).isEmpty();
    }
  }
}
