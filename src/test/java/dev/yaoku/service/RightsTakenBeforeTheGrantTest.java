package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Attachments.Holder;
import dev.yaoku.store.Rights.HolderKind;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A right with which somebody was let in makes nothing in a project once it was answered that it is
 * taken away, though the access key that it was used with lasts (SECURITY_DESIGN H11).
 */
class RightsTakenBeforeTheGrantTest extends GrantWorld {
  private static final Holder BOB_HIMSELF = new Holder.User(BOB);

  private String accessKey;
  private String policy;

  @BeforeEach
  void giveBobTheRight() {
    AccessKeys.New made = house.services.accessKeys().create(house.caller(ALICE), BOB, "");
    made.secret().close();
    accessKey = made.key().id();
    policy = policy("keys", "Allow");
    attach(BOB_HIMSELF, policy);
  }

  @Test
  void aPolicyThatIsTakenAwayGrantsNothing() {
    Caller meanwhile = bob();
    keys.grant(bob(), key);

    detach(BOB_HIMSELF);

    mustTryAgain(() -> keys.grant(meanwhile, key));
    assertThat(Refused.problem(() -> keys.grant(bob(), key)))
        .isInstanceOfAny(Problem.NotAllowed.class, Problem.KeyNotFound.class);
    assertThat(house.store.<Long>read(tx -> tx.grantRows(key.id()))).isEqualTo(1);
  }

  @Test
  void aPolicyThatIsTakenAwayMakesNothingElse() {
    isNotDoneOnceItIsTakenAway(keys::create);
    isNotDoneOnceItIsTakenAway(by -> keys.services.creation().createDefault(by, "obs"));
    isNotDoneOnceItIsTakenAway(by -> keys.tag(by, key));
    isNotDoneOnceItIsTakenAway(keys::keystore);
    isNotDoneOnceItIsTakenAway(keys::keyPolicy);
    isNotDoneOnceItIsTakenAway(by -> keys.accessPoint(by, AccessPoint.Kind.CUSTOM));
  }

  private void isNotDoneOnceItIsTakenAway(Consumer<Caller> change) {
    Caller meanwhile = bob();
    detach(BOB_HIMSELF);
    mustTryAgain(() -> change.accept(meanwhile));
    attach(BOB_HIMSELF, policy);
  }

  @Test
  void aPolicyThatIsRewrittenGrantsNothing() {
    Caller meanwhile = bob();

    Policies policies = house.services.policies();
    policies.update(house.caller(ALICE), policy, order("keys", "Deny"));

    mustTryAgain(() -> keys.grant(meanwhile, key));
  }

  @Test
  void aPolicyThatIsGivenAndDeniesGrantsNothing() {
    Caller meanwhile = bob();

    attach(BOB_HIMSELF, policy("none", "Deny"));

    mustTryAgain(() -> keys.grant(meanwhile, key));
  }

  @Test
  void whoIsTakenOutOfAGroupThatHoldsTheRightGrantsNothing() {
    detach(BOB_HIMSELF);
    String staff = house.services.groups().create(house.caller(ALICE), "staff", "").id();
    house.services.groups().add(house.caller(ALICE), staff, BOB);
    attach(new Holder.Group(staff), policy);
    Caller meanwhile = bob();
    keys.grant(bob(), key);

    house.services.groups().remove(house.caller(ALICE), staff, BOB);

    mustTryAgain(() -> keys.grant(meanwhile, key));
  }

  @Test
  void besideABusyServerWhoHoldsTheRightGrants() {
    store.besideABusyServer();

    keys.grant(bob(), key);

    Caller meanwhile = bob();
    detach(BOB_HIMSELF);
    mustTryAgain(() -> keys.grant(meanwhile, key));
  }

  /** Only the transaction itself can see it. */
  @Test
  void besideABusyServerARightThatIsTakenAwayBeforeTheLastAttemptGrantsNothing() {
    Caller meanwhile = bob();
    store.besideABusyServer(
        4,
        () ->
            house.store.write(tx -> {
              tx.rights().remove(tx.rights().attachmentsOf(HolderKind.USER, BOB).getFirst());
              return true;
            }));

    mustTryAgain(() -> keys.grant(meanwhile, key));

    assertThat(store.changes()).as("refused by the last").isEqualTo(4);
    assertThat(house.store.<Long>read(tx -> tx.grantRows(key.id()))).isZero();
  }

  /** As where this server stood still for seconds: nothing was forgotten, and nothing counts. */
  @Test
  void aPolicyThatAnotherServerTookAwayGrantsNothingUnderALaterView() {
    Caller meanwhile = bob();

    house.store.write(tx -> {
      tx.rights().remove(tx.rights().attachmentsOf(HolderKind.USER, BOB).getFirst());
      return true;
    });
    store.beginAnotherView();

    mustTryAgain(() -> keys.grant(meanwhile, key));
  }

  @Test
  void whoseRightsWereForgottenAndAreTheSameGrantsAllTheSame() {
    Caller meanwhile = bob();

    house.held.everythingChanged();
    assertThat(keys.grant(meanwhile, key)).isNotEmpty();
    assertThat(keys.keyPolicy(meanwhile)).isNotEmpty();

    store.beginAnotherView();
    assertThat(keys.grant(meanwhile, key)).isNotEmpty();
  }

  /** What is remembered beside an access key stays when there is no room for it anywhere else. */
  @Test
  void whoseRightsAreNotInMemoryForWantOfRoomGrantsAllTheSame() {
    Caller meanwhile = bob();

    for (int i = 0; i < 500; i++) {
      house.held.of(
          new Principal(ACCOUNT, "home", "user-" + i, "user-" + i, false, "", false, null));
    }

    assertThat(keys.grant(meanwhile, key)).isNotEmpty();
    assertThat(keys.grant(bob(), key)).isNotEmpty();
  }

  @Test
  void rightsAreNotReadAnewAsLongAsNothingIsForgotten() {
    Caller bob = bob();
    keys.grant(bob(), key);
    store.asked();

    keys.grant(bob, key);

    assertThat(store.asked()).contains("grantRows").doesNotContain("attachmentsOf", "groupsOf");
  }

  private Caller bob() {
    return letIn.byAccessKeyIn(accessKey, PROJECT, REGION);
  }

  private String policy(String name, String effect) {
    return house.services.policies().create(house.caller(ALICE), order(name, effect)).id();
  }

  private static Policies.Order order(String name, String effect) {
    String document =
        """
        {"Version":"5.0","Statement":[{"Effect":"%s","Action":["kms:*:*","yaoku:key:*"],
        "Resource":["*"]}]}\
        """
            .formatted(effect);
    return new Policies.Order(name, "", "XA", document);
  }

  private void attach(Holder holder, String which) {
    house
        .services
        .attachments()
        .attach(house.caller(ALICE), holder, Attachments.ALL_PROJECTS, which);
  }

  private void detach(Holder holder) {
    house
        .services
        .attachments()
        .detach(house.caller(ALICE), holder, Attachments.ALL_PROJECTS, policy);
  }

  private static void mustTryAgain(ThrowingCallable change) {
    assertThat(Refused.problem(change)).isInstanceOf(Problem.NotConfirmed.class);
  }
}
