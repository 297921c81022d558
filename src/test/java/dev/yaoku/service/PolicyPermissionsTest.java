package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.SECOND_PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Session;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.access.policy.Decision.Outcome;
import dev.yaoku.access.policy.PolicyReader;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Rotation;
import dev.yaoku.key.Tag;
import dev.yaoku.key.Waiting;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rights.Attachment;
import dev.yaoku.store.Rights.HolderKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PolicyPermissionsTest {
  private static final String ENCRYPT_ALLOWED =
      """
      {"Version":"1.1","Statement":[{"Effect":"Allow","Action":["kms:cmk:crypto"]}]}
      """;
  private static final String ENCRYPT_DENIED =
      """
      {"Version":"1.1","Statement":[{"Effect":"Deny","Action":["kms:cmk:crypto"]}]}
      """;
  private static final String OWN_TEAM =
      """
      {"Version":"5.0","Statement":[{"Effect":"Allow","Action":["kms:cmk:*","kms:cmkTag:*"],
        "Condition":{"StringEquals":{"g:ResourceTag/team":["red"]}}}]}
      """;

  /** All that a session may do in its account that is less than the person behind it. */
  private static final Set<Action> LEFT_TO_THE_LESSER =
      Set.of(
          Action.CREATE_TOKEN,
          Action.SHOW_TOKEN,
          Action.REVOKE_TOKEN,
          Action.CREATE_TEMPORARY_KEY,
          Action.ASSUME_AGENCY,
          Action.LIST_PROJECTS,
          Action.SHOW_PROJECT,
          Action.LIST_DOMAINS,
          Action.SHOW_CATALOG,
          Action.SHOW_CLOCK,
          Action.LIST_ACCOUNTS,
          Action.LIST_USERS,
          Action.SHOW_USER,
          Action.LIST_GROUPS,
          Action.SHOW_GROUP,
          Action.LIST_POLICIES,
          Action.SHOW_POLICY,
          Action.LIST_ATTACHMENTS,
          Action.LIST_AGENCIES,
          Action.SHOW_AGENCY);

  @TempDir private Path directory;
  private Household house;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    house.store.write(tx -> {
      tx.rights().insert(new Rights.Group("g1", ACCOUNT, "staff", "", house.now, 1));
      tx.rights().insert(new Rights.Membership("g1", BOB, ACCOUNT, house.now, 1));
      return 0;
    });
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void theAdministratorMayDoEverythingAndOthersNothing() {
    for (Action action : Action.values()) {
      assertThat(allowed(caller(ALICE), action)).as(action.name()).isTrue();
      assertThat(allowed(caller(BOB), action)).as(action.name()).isEqualTo(action.isAboutOneself());
    }
  }

  @Test
  void aPolicyOfTheUserCountsInItsProjectOnly() {
    hold(HolderKind.USER, BOB, PROJECT, policy("p1", ENCRYPT_ALLOWED));

    assertThat(allowed(caller(BOB), Action.ENCRYPT_DATA)).isTrue();
    assertThat(allowed(caller(BOB), Action.SIGN)).isFalse();
    assertThat(allowed(caller(BOB, SECOND_PROJECT), Action.ENCRYPT_DATA)).isFalse();
  }

  @Test
  void whatAGroupHoldsForAllProjectsItsMembersHold() {
    hold(HolderKind.GROUP, "g1", Attachment.ALL_PROJECTS, "system_all_39");

    for (String project : List.of(PROJECT, SECOND_PROJECT)) {
      assertThat(allowed(caller(BOB, project), Action.LIST_KEYS)).isTrue();
      assertThat(allowed(caller(BOB, project), Action.CREATE_KEY)).isFalse();
    }
  }

  @Test
  void whatIsHeldForProjectsIsNotForTheAccountAndTheOtherWayRound() {
    String all =
        policy(
            "p1",
            """
            {"Version":"1.1","Statement":[{"Effect":"Allow","Action":["*"]}]}
            """);
    hold(HolderKind.USER, BOB, Attachment.ALL_PROJECTS, all);
    assertThat(allowed(caller(BOB), Action.CREATE_USER)).isFalse();
    assertThat(allowed(caller(BOB), Action.CREATE_KEY)).isTrue();

    hold(HolderKind.GROUP, "g1", Attachment.ACCOUNT, all);
    assertThat(allowed(caller(BOB), Action.CREATE_USER)).isTrue();
  }

  @Test
  void aDenialGoesBeforeEverythingThatAllows() {
    hold(HolderKind.USER, BOB, PROJECT, "kms_adm");
    assertThat(allowed(caller(BOB), Action.ENCRYPT_DATA)).isTrue();

    hold(HolderKind.GROUP, "g1", Attachment.ALL_PROJECTS, policy("p1", ENCRYPT_DENIED));
    assertThat(outcome(caller(BOB), Action.ENCRYPT_DATA)).isEqualTo(Outcome.DENIED);
    assertThat(allowed(caller(BOB), Action.CREATE_KEY)).isTrue();
  }

  @Test
  void theFirstQuestionReadsTheStoreOnceAndNeverWhereItMustNotWait() {
    hold(HolderKind.USER, BOB, PROJECT, policy("p1", ENCRYPT_ALLOWED));
    Caller bob = caller(BOB);
    assertThatThrownBy(() -> Waiting.forbidden(() -> allowed(bob, Action.ENCRYPT_DATA)))
        .isInstanceOf(NotInMemory.class);
    assertThat(allowed(bob, Action.ENCRYPT_DATA)).isTrue();
    assertThat(Waiting.forbidden(() -> allowed(bob, Action.ENCRYPT_DATA))).isTrue();
    house.identities.project(PROJECT);
    Caller administrator = caller(ALICE);
    assertThat(Waiting.forbidden(() -> allowed(administrator, Action.ENCRYPT_DATA))).isTrue();
  }

  @Test
  void changesCountAtOnceWhereTheyAreSaidAndWithinAMinuteElsewhere() {
    assertThat(allowed(caller(BOB), Action.ENCRYPT_DATA)).isFalse();
    attach(HolderKind.GROUP, "g1", PROJECT, policy("p1", ENCRYPT_ALLOWED));
    assertThat(allowed(caller(BOB), Action.ENCRYPT_DATA)).isFalse();
    house.held.groupChanged("g1");
    assertThat(allowed(caller(BOB), Action.ENCRYPT_DATA)).isTrue();

    replace("p1", ENCRYPT_DENIED);
    house.held.policyChanged("p1");
    assertThat(outcome(caller(BOB), Action.ENCRYPT_DATA)).isEqualTo(Outcome.DENIED);

    house.store.write(tx -> {
      tx.rights().remove(tx.rights().membership("g1", BOB).orElseThrow());
      return 0;
    });
    assertThat(outcome(caller(BOB), Action.ENCRYPT_DATA)).isEqualTo(Outcome.DENIED);
    house.now = house.now.plus(Duration.ofMinutes(1));
    assertThat(outcome(caller(BOB), Action.ENCRYPT_DATA)).isEqualTo(Outcome.NOT_ALLOWED);
  }

  @Test
  void aLostPolicyIsNotPassedOver() {
    isNotPassedOver("no such policy");
  }

  @Test
  void aPolicyOfAnotherAccountIsNotPassedOver() {
    isNotPassedOver(policyOf(OTHER_ACCOUNT, "p1", ENCRYPT_DENIED));
  }

  private void isNotPassedOver(String policy) {
    hold(HolderKind.USER, BOB, PROJECT, policy);
    assertThatThrownBy(() -> allowed(caller(BOB), Action.ENCRYPT_DATA))
        .isInstanceOfSatisfying(
            KmsException.class,
            e -> assertThat(e.problem()).isInstanceOf(Problem.RowNotGenuine.class));
  }

  @Test
  void aSessionDoesWhatItsPolicyAllowsOfWhatItsPersonMay() {
    CompiledPolicies narrowing =
        CompiledPolicies.of(List.of(PolicyReader.read("s", "s", ENCRYPT_ALLOWED)));
    Session narrowed = new Session(null, true, false, narrowing, house.now, house.now);

    Caller administrator = caller(ALICE, PROJECT, narrowed, null);
    assertThat(allowed(administrator, Action.ENCRYPT_DATA)).isTrue();
    assertThat(outcome(administrator, Action.CREATE_KEY)).isEqualTo(Outcome.OUTSIDE_SESSION);
    assertThat(allowed(administrator, Action.LIST_PROJECTS)).isTrue();
    assertThat(allowed(caller(BOB, PROJECT, narrowed, null), Action.ENCRYPT_DATA)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void whoeverIsLessThanThePersonBehindMakesAndShowsNothingThatLasts(Lesser kind) {
    Caller administrator = caller(ALICE, PROJECT, kind.session, null);
    for (Action action : Action.values()) {
      assertThat(outcome(administrator, action) == Outcome.DENIED)
          .as(action.name())
          .isEqualTo(action.isOfAccount() && !LEFT_TO_THE_LESSER.contains(action));
    }
    for (Action action :
        List.of(
            Action.CREATE_ACCESS_KEY,
            Action.SHOW_ACCESS_KEY,
            Action.LIST_ACCESS_KEYS,
            Action.SET_PASSWORD,
            Action.CREATE_USER,
            Action.UPDATE_USER,
            Action.CREATE_POLICY,
            Action.ATTACH_POLICY,
            Action.ADD_MEMBER,
            Action.CREATE_AGENCY,
            Action.MANAGE_IDENTITY_PROVIDERS)) {
      assertThat(action.needsLastingIdentity()).as(action.name()).isTrue();
      assertThatThrownBy(() -> administrator.mustBeAllowedOrOneself(action, ALICE, Subject.NOTHING))
          .as(action.name())
          .isInstanceOf(KmsException.class);
    }
  }

  /** Ways of being less than the person behind it. */
  enum Lesser {
    TEMPORARY(new Session(null, true, false, null, null, null)),
    DERIVED(new Session(null, false, true, null, null, null)),
    NARROWED(
        new Session(
            null,
            false,
            false,
            CompiledPolicies.of(
                List.of(
                    PolicyReader.read(
                        "s",
                        "s",
                        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":"
                            + "[\"*\"]}]}"))),
            null,
            null)),
    ROLE(
        new Session(
            new Session.Role("agency", "agency", "user", "account", "name"),
            false,
            false,
            null,
            null,
            null));

    private final Session session;

    Lesser(Session session) {
      this.session = session;
    }
  }

  @Test
  void aCredentialForOneProjectIsForNoOther() {
    hold(HolderKind.USER, BOB, Attachment.ALL_PROJECTS, "kms_adm");
    Caller bob = caller(BOB, PROJECT, Session.PLAIN, PROJECT);
    assertThat(allowed(bob, Action.CREATE_KEY)).isTrue();
    assertThat(
            house
                .permissions
                .decide(
                    bob,
                    SECOND_PROJECT,
                    Action.CREATE_KEY,
                    Subject.allOf(Action.CREATE_KEY, ACCOUNT))
                .allowed())
        .isFalse();
  }

  @Test
  void anAgencyHoldsItsOwnPoliciesAndNotThoseOfThePersonBehindIt() {
    house.store.write(tx -> {
      tx.rights()
          .insert(new Rights.Agency("ag", OTHER_ACCOUNT, "helper", ACCOUNT, "", 0, house.now, 1));
      tx.rights()
          .insert(
              new Attachment(
                  HolderKind.AGENCY,
                  "ag",
                  Household.OTHER_PROJECT,
                  "system_all_39",
                  OTHER_ACCOUNT,
                  house.now,
                  1));
      return 0;
    });
    hold(HolderKind.USER, BOB, Attachment.ALL_PROJECTS, "kms_adm");
    Principal who =
        new Principal(
            OTHER_ACCOUNT,
            "away",
            "ag",
            "helper/bob",
            false,
            "c",
            true,
            Household.OTHER_PROJECT,
            new Session(
                new Session.Role("ag", "helper", BOB, ACCOUNT, "bob"),
                false,
                false,
                null,
                null,
                null));
    Caller caller = new Caller(who, Household.OTHER_PROJECT, "r", "192.0.2.1", house.permissions);
    assertThat(allowed(caller, Action.LIST_KEYS)).isTrue();
    assertThat(allowed(caller, Action.CREATE_KEY)).isFalse();
  }

  @Test
  void conditionsSeeTheRequestTheKeyAndTheClock() {
    hold(
        HolderKind.USER,
        BOB,
        PROJECT,
        policy(
            "p1",
            """
            {"Version":"5.0","Statement":[{"Effect":"Allow","Action":["kms:cmk:encryptData"],
             "Resource":["kms:cn-north-4:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa:KeyId:0d0466b0-*"],
             "Condition":{
              "IpAddress":{"g:SourceIp":["192.0.2.0/24"]},
              "StringEquals":{"g:UserName":["bob"],"g:DomainName":["home"],
                "g:ProjectName":["cn-north-4"],"g:ServiceName":["kms"],"kms:KeySpec":["AES_256"],
                "kms:KeyUsage":["ENCRYPT_DECRYPT"],"kms:KeyOrigin":["kms"],
                "kms:MultiRegionKeyType":["SINGLE"],"g:EnterpriseProjectId":["0"],
                "g:ResourceTag/team":["red"]},
              "DateLessThan":{"g:CurrentTime":["2026-01-02T03:05:00Z"]}}}]}
            """));
    Caller bob = caller(BOB);
    Key key = key("0d0466b0-e727-4d9c-b35d-f84bb474a37f");

    assertThatThrownBy(() -> bob.mustBeAllowed(Action.ENCRYPT_DATA, key))
        .isInstanceOf(KmsException.class);
    bob.keys().show(key.id(), () -> List.of(new Tag("team", "red")), List::of);
    assertThat(bob.mustBeAllowed(Action.ENCRYPT_DATA, key).key()).isEqualTo(key);
    Key other = key("1d0466b0-e727-4d9c-b35d-f84bb474a37f");
    bob.keys().show(other.id(), () -> List.of(new Tag("team", "red")), List::of);
    assertThatThrownBy(() -> bob.mustBeAllowed(Action.ENCRYPT_DATA, other))
        .isInstanceOf(KmsException.class);
    house.now = house.now.plusSeconds(60);
    assertThatThrownBy(() -> bob.mustBeAllowed(Action.ENCRYPT_DATA, key))
        .isInstanceOf(KmsException.class);
  }

  @Test
  void aKeyThatMayNotBeSeenIsNotThereAndOneThatMayIsRefused() {
    hold(HolderKind.USER, BOB, PROJECT, policy("p1", OWN_TEAM));
    Key key = key("0d0466b0-e727-4d9c-b35d-f84bb474a37f");
    Caller bob = caller(BOB);
    assertThatThrownBy(() -> bob.mustBeAllowed(Action.ENCRYPT_DATA, key))
        .isInstanceOfSatisfying(
            KmsException.class,
            e -> assertThat(e.problem()).isInstanceOf(Problem.KeyNotFound.class));
    assertThat(bob.audit().touched()).isNull();
    bob.keys().show(key.id(), () -> List.of(new Tag("team", "red")), List::of);
    assertThatThrownBy(() -> bob.mustBeAllowed(Action.CREATE_GRANT, key))
        .isInstanceOfSatisfying(
            KmsException.class,
            e -> assertThat(e.problem()).isInstanceOf(Problem.KeyNotAllowed.class));
    assertThat(bob.audit().action()).isEqualTo(Action.CREATE_GRANT);
    assertThat(bob.audit().decision()).isNotNull();
    assertThat(bob.audit().touched()).isEqualTo(key);
    assertThat(bob.conceives(Action.ENCRYPT_DATA)).isTrue();
    assertThat(bob.conceives(Action.CREATE_GRANT)).isFalse();
  }

  @Test
  void theSameUserOfAnotherAccountHoldsNothingHere() {
    hold(HolderKind.USER, BOB, Attachment.ALL_PROJECTS, "kms_adm");
    assertThat(allowed(caller(CAROL, Household.OTHER_PROJECT), Action.CREATE_KEY)).isTrue();
    Key foreign = key("0d0466b0-e727-4d9c-b35d-f84bb474a37f");
    Caller carol = caller(CAROL, Household.OTHER_PROJECT);
    assertThatThrownBy(() -> carol.mustBeAllowed(Action.ENCRYPT_DATA, foreign))
        .isInstanceOfSatisfying(
            KmsException.class,
            e -> assertThat(e.problem()).isInstanceOf(Problem.KeyNotFound.class));
  }

  private static Key key(String id) {
    return new Key(
        new KeyId(id),
        ACCOUNT,
        PROJECT,
        "key",
        "",
        KeySpec.AES_256,
        KeyUsage.ENCRYPT_DECRYPT,
        Origin.KMS,
        new KeyState.Enabled(),
        java.time.Instant.EPOCH,
        Household.REGION,
        "0",
        "0",
        false,
        1,
        Rotation.NONE,
        null,
        MultiRegion.NONE,
        1);
  }

  private boolean allowed(Caller caller, Action action) {
    return outcome(caller, action) == Outcome.ALLOWED;
  }

  private Outcome outcome(Caller caller, Action action) {
    return house
        .permissions
        .decide(caller, caller.project(), action, Subject.allOf(action, ACCOUNT))
        .outcome();
  }

  private Caller caller(String user) {
    return caller(user, PROJECT);
  }

  private Caller caller(String user, String project) {
    return caller(user, project, Session.PLAIN, null);
  }

  private Caller caller(
      String user, String project, Session session, @Nullable String tokenProject) {
    Principal plain = house.caller(user).principal();
    Principal who =
        new Principal(
            plain.account(),
            plain.accountName(),
            plain.user(),
            plain.userName(),
            plain.administrator(),
            ACCESS_KEY,
            false,
            tokenProject,
            session);
    return new Caller(who, project, "0".repeat(32), "192.0.2.1", house.permissions);
  }

  private String policy(String id, String document) {
    return policyOf(ACCOUNT, id, document);
  }

  private String policyOf(String account, String id, String document) {
    house.store.write(tx -> {
      tx.rights()
          .insert(
              new Rights.Policy(
                  id, account, "name of " + id, "", "XA", document, house.now, house.now, 1));
      return 0;
    });
    return id;
  }

  private void replace(String id, String document) {
    house.store.write(tx -> {
      Rights.Policy old = tx.rights().policy(id).orElseThrow();
      tx.rights()
          .update(
              new Rights.Policy(
                  id,
                  old.account(),
                  old.name(),
                  "",
                  "XA",
                  document,
                  old.createdAt(),
                  house.now,
                  old.rowVersion()));
      return 0;
    });
  }

  private void hold(HolderKind kind, String holder, String scope, String... policies) {
    attach(kind, holder, scope, policies);
    house.held.everythingChanged();
  }

  private void attach(HolderKind kind, String holder, String scope, String... policies) {
    house.store.write(tx -> {
      Arrays.stream(policies)
          .forEach(policy ->
              tx.rights()
                  .insert(new Attachment(kind, holder, scope, policy, ACCOUNT, house.now, 1)));
      return 0;
    });
  }
}
