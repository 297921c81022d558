package dev.yaoku.store;

import static dev.yaoku.store.Samples.ACCOUNT;
import static dev.yaoku.store.Samples.NOW;
import static dev.yaoku.store.Samples.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.KmsException;
import dev.yaoku.store.Rights.HolderKind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rights come back as they were written, and go with what they hang on. */
class RightsRoundTripTest {
  private static final Rows.Profile PROFILE = new Rows.Profile("1", "1", "1", "1", true);

  private static boolean fill(Writing tx) {
    RightsWriting rights = tx.rights();
    tx.insert(Samples.user(1));
    tx.insert(Samples.user(2));
    tx.insert(Samples.accessKey(1));
    tx.insert(Samples.roleToken(1));
    tx.insert(Samples.token(2));
    rights.insert(Samples.group(1));
    rights.insert(Samples.group(2));
    rights.insert(Samples.membership(1, 1));
    rights.insert(Samples.membership(1, 2));
    rights.insert(Samples.membership(2, 2));
    rights.insert(Samples.policy(1));
    rights.insert(Samples.attachment(HolderKind.GROUP, "group-1", PROJECT, 1));
    rights.insert(Samples.attachment(HolderKind.GROUP, "group-2", "*", 1));
    rights.insert(Samples.attachment(HolderKind.USER, "user-1", "@", 1));
    rights.insert(Samples.attachment(HolderKind.AGENCY, "agency-1", PROJECT, 1));
    rights.insert(Samples.agency(1));
    rights.insert(Samples.temporaryKey(1));
    rights.insert(Samples.identityProvider(1));
    rights.insert(Samples.clientCa(1));
    rights.insert(Samples.certificateUser(1));
    rights.insert(Samples.certificateUser(2));
    return true;
  }

  @ParameterizedTest
  @EnumSource
  void everythingComesBackAsItWas(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RightsRoundTripTest::fill);
      test.reopen()
          .read(tx -> {
            RightsReading rights = tx.rights();
            assertThat(tx.token(Samples.roleToken(1).sha256())).contains(Samples.roleToken(1));
            assertThat(rights.users(ACCOUNT))
                .extracting(Rows.User::id)
                .containsExactly("user-1", "user-2");
            assertThat(rights.userCount(ACCOUNT)).isEqualTo(2);
            assertThat(rights.userCount("other")).isZero();
            assertThat(rights.groupCount(ACCOUNT)).isEqualTo(2);
            assertThat(rights.groupCount("other")).isZero();
            assertThat(rights.accessKeysOf("user-1")).hasSize(1);
            assertThat(rights.group("group-1")).contains(Samples.group(1));
            assertThat(rights.groupNamed(ACCOUNT, "name-2")).contains(Samples.group(2));
            assertThat(rights.groups(ACCOUNT)).containsExactly(Samples.group(1), Samples.group(2));
            assertThat(rights.groupsOf("user-2"))
                .containsExactly(Samples.group(1), Samples.group(2));
            assertThat(rights.groupsOf("user-3")).isEmpty();
            assertThat(rights.members("group-1"))
                .extracting(Rows.User::id)
                .containsExactly("user-1", "user-2");
            assertThat(rights.membership("group-2", "user-1")).isEmpty();
            assertThat(rights.policyNamed(ACCOUNT, "name-1")).contains(Samples.policy(1));
            assertThat(rights.policies(ACCOUNT)).containsExactly(Samples.policy(1));
            assertThat(rights.policies(Set.of("policy-1", "policy-2")))
                .containsExactly(Samples.policy(1));
            assertThat(rights.policies(Set.of())).isEmpty();
            assertThat(rights.attachmentsOf(HolderKind.USER, "user-1"))
                .containsExactly(Samples.attachment(HolderKind.USER, "user-1", "@", 1));
            assertThat(rights.attachmentsOfGroupsOf("user-2"))
                .extracting(Rights.Attachment::scope)
                .containsExactlyInAnyOrder(PROJECT, "*");
            assertThat(rights.holderIds(HolderKind.GROUP, ACCOUNT, "policy-1"))
                .containsExactly("group-1", "group-2");
            assertThat(rights.holderIds(HolderKind.GROUP, "other", "policy-1")).isEmpty();
            assertThat(rights.memberIds("group-1")).containsExactly("user-1", "user-2");
            assertThat(rights.attachmentCount(ACCOUNT)).isEqualTo(4);
            assertThat(rights.attachmentCount("other")).isZero();
            assertThat(rights.attachmentCountOfPolicy(ACCOUNT, "policy-1")).isEqualTo(4);
            assertThat(rights.attachmentCountOfPolicy("other", "policy-1")).isZero();
            assertThat(rights.agencyNamed(ACCOUNT, "name-1")).contains(Samples.agency(1));
            assertThat(rights.agencies(ACCOUNT)).containsExactly(Samples.agency(1));
            assertThat(rights.temporaryKey(Samples.temporaryKey(1).id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(Samples.temporaryKey(1));
            assertThat(rights.identityProviders(ACCOUNT))
                .containsExactly(Samples.identityProvider(1));
            assertThat(rights.clientCas()).containsExactly(Samples.clientCa(1));
            assertThat(rights.certificateUser(ACCOUNT, "ca-1", "DNS:host-1"))
                .contains(Samples.certificateUser(1));
            assertThat(rights.certificateUser(ACCOUNT, "ca-1", "dns:HOST-1")).isEmpty();
            assertThat(rights.certificateUsers(ACCOUNT, "ca-1", Set.of("DNS:host-1", "dns:HOST-2")))
                .containsExactly(Samples.certificateUser(1));
            assertThat(rights.certificateUsers("other", "ca-1", Set.of("DNS:host-1"))).isEmpty();
            assertThat(rights.certificateUsers(ACCOUNT, "ca-2", Set.of("DNS:host-1"))).isEmpty();
            assertThat(rights.certificateUsers(ACCOUNT, "ca-1", Set.of())).isEmpty();
            return true;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void administratorsAreThoseOfTheAccountWhoMayDoEverything(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store()
          .write(tx -> {
            tx.insert(user("root", ACCOUNT, true));
            tx.insert(user("bob", ACCOUNT, false));
            tx.insert(user("eve", "other", true));
            return true;
          });
      List<Rows.User> found = test.store().read(tx -> tx.rights().administrators(ACCOUNT));
      assertThat(found).extracting(Rows.User::id).containsExactly("root");
    }
  }

  private static Rows.User user(String id, String account, boolean administrator) {
    return new Rows.User(id, account, id, new byte[0], 1, administrator, true, NOW, 1);
  }

  @ParameterizedTest
  @EnumSource
  void nothingOfAUserStays(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RightsRoundTripTest::fill);
      test.store()
          .write(tx -> {
            tx.rights().noteUse(Samples.accessKey(1).id(), NOW);
            tx.rights().removeUser(tx.user("user-1").orElseThrow());
            return true;
          });
      test.store()
          .read(tx -> {
            assertThat(tx.user("user-1")).isEmpty();
            assertThat(tx.accessKey(Samples.accessKey(1).id())).isEmpty();
            assertThat(tx.token(Samples.token(1).sha256())).isEmpty();
            assertThat(tx.token(Samples.token(2).sha256())).isPresent();
            assertThat(tx.rights().temporaryKey(Samples.temporaryKey(1).id())).isEmpty();
            assertThat(tx.rights().members("group-1"))
                .extracting(Rows.User::id)
                .containsExactly("user-2");
            assertThat(tx.rights().attachmentsOf(HolderKind.USER, "user-1")).isEmpty();
            assertThat(tx.rights().certificateUsers(ACCOUNT, "ca-1"))
                .containsExactly(Samples.certificateUser(2));
            return true;
          });
      assertThat(test.seenBehindItsBack("SELECT id FROM access_key_use")).isEmpty();
    }
  }

  /** However many there are, others wait for a few statements. */
  @ParameterizedTest
  @EnumSource
  void whatHangsOnAUserAnIssuerOrAnyHolderGoesAtOnceAndIsNamedByWhatItHasInCommon(Engine engine)
      throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RightsRoundTripTest::fill);
      test.store()
          .write(tx -> {
            tx.rights().removeUser(tx.user("user-2").orElseThrow());
            tx.rights().remove(Samples.clientCa(1));
            tx.rights().remove(Samples.group(1));
            tx.rights().remove(Samples.agency(1));
            assertThat(tx.changes())
                .contains(
                    RowChange.allGone("membership", "user_id", "user-2"),
                    RowChange.allGone("certificate_user", "account/user_id", ACCOUNT + "/user-2"),
                    RowChange.allGone("certificate_user", "account/ca", ACCOUNT + "/ca-1"),
                    RowChange.allGone("attachment", "holder_kind/holder", "group/group-1"),
                    RowChange.allGone("attachment", "holder_kind/holder", "agency/agency-1"));
            return true;
          });
      test.store()
          .read(tx -> {
            assertThat(tx.rights().certificateUsers(ACCOUNT, "ca-1")).isEmpty();
            assertThat(tx.rights().attachments(ACCOUNT))
                .containsExactlyInAnyOrder(
                    Samples.attachment(HolderKind.GROUP, "group-2", "*", 1),
                    Samples.attachment(HolderKind.USER, "user-1", "@", 1));
            return true;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatHangsOnGroupPolicyAgencyAndIssuerGoesWithThem(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RightsRoundTripTest::fill);
      test.store()
          .write(tx -> {
            tx.rights().remove(Samples.group(2));
            tx.rights().remove(Samples.agency(1));
            tx.rights().remove(Samples.clientCa(1));
            return true;
          });
      test.store()
          .read(tx -> {
            assertThat(tx.rights().groupsOf("user-2")).containsExactly(Samples.group(1));
            assertThat(tx.rights().attachments(ACCOUNT)).hasSize(2);
            assertThat(tx.rights().temporaryKey(Samples.temporaryKey(1).id())).isEmpty();
            assertThat(tx.token(Samples.roleToken(1).sha256())).isEmpty();
            assertThat(tx.rights().certificateUsers(ACCOUNT, "ca-1")).isEmpty();
            return true;
          });
      test.store()
          .write(tx -> {
            tx.rights().remove(Samples.policy(1));
            return true;
          });
      assertThat(test.seenBehindItsBack("SELECT policy FROM attachment")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreReplaced(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RightsRoundTripTest::fill);
      Rights.Agency agency = Samples.agency(1);
      test.store()
          .write(tx -> {
            tx.rights()
                .update(
                    new Rights.Agency(
                        agency.id(),
                        agency.account(),
                        "renamed",
                        agency.trustedAccount(),
                        "",
                        0,
                        agency.createdAt(),
                        1));
            return true;
          });
      Rights.Agency after =
          test.store().<Rights.Agency>read(tx -> tx.rights().agency("agency-1").orElseThrow());
      assertThat(after.name()).isEqualTo("renamed");
      assertThat(after.rowVersion()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theLastUseOfAnAccessKeyIsNotedWhileItIsThere(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RightsRoundTripTest::fill);
      String there = Samples.accessKey(1).id();
      test.store()
          .write(tx -> {
            tx.rights().noteUse(there, NOW);
            tx.rights().noteUse(there, NOW.plusSeconds(1));
            tx.rights().noteUse("removed meanwhile", NOW);
            return true;
          });
      Map<String, ?> uses =
          test.store()
              .<Map<String, ?>>read(tx -> tx.rights().lastUses(Set.of(there, "removed meanwhile")));
      assertThat(uses).isEqualTo(Map.of(there, NOW.plusSeconds(1)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void temporaryKeysEnd(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store()
          .write(tx -> {
            tx.rights().insert(Samples.temporaryKey(1));
            tx.rights().insert(Samples.temporaryKey(2));
            return true;
          });
      assertThat(
              test.store()
                  .<Integer>write(
                      tx -> tx.rights().removeTemporaryKeysEndedBefore(NOW.plusSeconds(2), 10)))
          .isEqualTo(1);
      assertThat(test.store().<Boolean>write(tx -> tx.rights().endSessionsOf("user-2"))).isTrue();
    }
  }

  /** A record of each would not fit into memory where a group of many people loses a policy. */
  @ParameterizedTest
  @EnumSource
  void allSessionsOfAPersonEndAndTheRecordSaysSoOnce(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store()
          .write(tx -> {
            tx.insert(token("a", "user-1"));
            tx.insert(token("b", "user-1"));
            tx.insert(token("c", "user-2"));
            tx.rights().insert(Samples.temporaryKey(1));
            return true;
          });
      List<RowChange> changes =
          test.store()
              .write(tx -> {
                assertThat(tx.rights().endSessionsOf("user-1")).isTrue();
                assertThat(tx.rights().endSessionsOf("user-1")).as("again").isFalse();
                assertThat(tx.rights().endSessionsOf("nobody")).isFalse();
                return List.copyOf(tx.changes());
              });
      assertThat(changes).containsExactly(new RowChange("ended_sessions", "user-1", 1, ""));
      test.store()
          .read(tx -> {
            assertThat(tx.token("a".repeat(64))).isEmpty();
            assertThat(tx.token("b".repeat(64))).isEmpty();
            assertThat(tx.token("c".repeat(64))).isPresent();
            assertThat(tx.rights().temporaryKey(Samples.temporaryKey(1).id())).isEmpty();
            return true;
          });
    }
  }

  private static Rows.Token token(String digit, String user) {
    return new Rows.Token(
        digit.repeat(64),
        ACCOUNT,
        user,
        null,
        true,
        "password",
        null,
        NOW,
        NOW.plusSeconds(60),
        Rows.Lineage.NONE,
        1);
  }

  @ParameterizedTest
  @EnumSource
  void aRowWrittenBeforeAColumnWasAddedStaysGenuineAndTheColumnCountsOnceItIsSet(Engine engine)
      throws Exception {
    try (TestStore test = engine.open()) {
      test.store()
          .write(tx -> {
            tx.insert(Samples.token(1));
            return true;
          });
      String sha256 = Samples.token(1).sha256();
      // The MAC of a row without additions covers as many columns as before they were there.
      assertThat(
              IdentityRows.row(Samples.token(1))
                  .set(Table.ROW_VERSION, 1)
                  .set(Table.SYSTEM_KEY_VERSION, 1)
                  .encoded())
          .hasSize(11);
      test.behindItsBack("UPDATE token SET agency = ?", "agency-1");
      Assertions.assertThatThrownBy(() -> test.store().read(tx -> tx.token(sha256)))
          .isInstanceOf(KmsException.class);
      test.behindItsBack("UPDATE token SET agency = NULL");
      assertThat(test.store().<Boolean>read(tx -> tx.token(sha256).isPresent())).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aProfileOfAUserCountsOnceItIsThere(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store()
          .write(tx -> {
            tx.insert(described(1, Rows.Profile.NONE));
            tx.insert(described(2, PROFILE));
            return true;
          });
      assertThat(columns(described(1, Rows.Profile.NONE))).isEqualTo(12);
      assertThat(columns(described(2, PROFILE))).isEqualTo(17);
      assertThat(profile(test, 1)).isEqualTo(Rows.Profile.NONE);
      assertThat(profile(test, 2)).isEqualTo(PROFILE);
      for (String column :
          List.of("area_code", "phone", "access_mode", "external_id", "pwd_status")) {
        String set = "UPDATE \"user\" SET " + column;
        test.behindItsBack(set + " = NULL WHERE id = 'user-2'");
        test.behindItsBack(set + " = " + one(column) + " WHERE id = 'user-1'");
        for (int n : new int[] {1, 2}) {
          Assertions.assertThatThrownBy(() -> profile(test, n))
              .as(column)
              .isInstanceOf(KmsException.class);
        }
        test.behindItsBack(set + " = NULL WHERE id = 'user-1'");
        test.behindItsBack(set + " = " + one(column) + " WHERE id = 'user-2'");
        assertThat(profile(test, 1)).isEqualTo(Rows.Profile.NONE);
        assertThat(profile(test, 2)).isEqualTo(PROFILE);
      }
    }
  }

  private static String one(String column) {
    return column.equals("pwd_status") ? "1" : "'1'";
  }

  private static Rows.User described(int n, Rows.Profile profile) {
    Rows.User user = Samples.user(n);
    return new Rows.User(
        user.id(),
        user.account(),
        user.name(),
        user.password(),
        user.systemKeyVersion(),
        user.administrator(),
        user.enabled(),
        user.createdAt(),
        "described",
        "",
        profile,
        1);
  }

  private static int columns(Rows.User user) {
    return IdentityRows.row(user)
        .set(Table.ROW_VERSION, 1)
        .set(Table.SYSTEM_KEY_VERSION, 1)
        .encoded()
        .size();
  }

  private static Rows.Profile profile(TestStore test, int n) {
    return test.store().<Rows.Profile>read(tx -> tx.user("user-" + n).orElseThrow().profile());
  }
}
