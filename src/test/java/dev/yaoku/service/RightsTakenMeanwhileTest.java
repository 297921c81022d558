package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Attachments.Holder;
import dev.yaoku.store.Rights.Attachment;
import dev.yaoku.store.Rights.HolderKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A right that somebody was let in with makes nothing that lasts once it is another, though he is
 * not logged out; and whose rights suffice as they are then is refused nothing (SECURITY_DESIGN
 * H11).
 */
class RightsTakenMeanwhileTest {
  private static final String CREATE = "iam:groups:createGroup";
  private static final String DELETE = "iam:groups:deleteGroup";
  private static final Holder BOB_HIMSELF = new Holder.User(BOB);

  @TempDir private Path directory;
  private Household house;
  private LetIn letIn;
  private int made;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    letIn = new LetIn(house);
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void aRightThatIsTakenAwayMakesNoGroup() {
    house.allow(BOB_HIMSELF, CREATE, "*");
    Caller meanwhile = letIn.byToken(BOB);
    makeGroup(letIn.byToken(BOB));

    take(HolderKind.USER, BOB);

    mayNot(() -> makeGroup(meanwhile));
  }

  @Test
  void aPolicyThatIsRewrittenMakesNoGroup() {
    String policy = house.allow(BOB_HIMSELF, CREATE, "*");
    Caller meanwhile = letIn.byToken(BOB);
    makeGroup(letIn.byToken(BOB));

    rewrite(policy, CREATE, "iam:groups:listGroups");

    mayNot(() -> makeGroup(meanwhile));
    mayNot(() -> makeGroup(letIn.byToken(BOB)));
  }

  /** As a transaction is done again in which another's change fails halfway. */
  @Test
  void whoIsRefusedIsRefusedAsOftenAsTheSameIsDoneAgain() {
    house.allow(BOB_HIMSELF, CREATE, "*");
    Caller meanwhile = letIn.byToken(BOB);
    meanwhile.mustBeAllowed(Action.CREATE_GROUP, Subject.inAccount("group", ACCOUNT, "one"));

    take(HolderKind.USER, BOB);

    mayNot(() -> askAgain(meanwhile));
    mayNot(() -> askAgain(meanwhile));
  }

  private void askAgain(Caller caller) {
    HeldPolicies held = house.held;
    boolean asked =
        held.compiledOutside(() ->
            house.store.write(tx -> {
              held.askAgainIfChanged(tx, caller);
              return true;
            }));
    assertThat(asked).isTrue();
  }

  @Test
  void whoseRightIsThereStillThoughPoliciesWereChangedMakesAGroup() {
    String policy = house.allow(BOB_HIMSELF, CREATE, "*");
    Caller meanwhile = letIn.byToken(BOB);

    rewrite(policy, CREATE, "iam:groups:*");
    house.allow(BOB_HIMSELF, "iam:users:listUsers", "*");

    assertThat(makeGroup(meanwhile).account()).isEqualTo(ACCOUNT);
  }

  @Test
  void aRightThatIsTakenFromAGroupMakesNoGroup() {
    String staff = staff();
    house.allow(new Holder.Group(staff), CREATE, "*");
    Caller meanwhile = letIn.byToken(BOB);
    makeGroup(letIn.byToken(BOB));

    take(HolderKind.GROUP, staff);

    mayNot(() -> makeGroup(meanwhile));
  }

  @Test
  void whoIsTakenOutOfAGroupThatHoldsTheRightMakesNoGroup() {
    String staff = staff();
    house.allow(new Holder.Group(staff), CREATE, "*");
    Caller meanwhile = letIn.byToken(BOB);

    house.store.write(tx -> {
      tx.rights().remove(tx.rights().membership(staff, BOB).orElseThrow());
      return staff;
    });

    mayNot(() -> makeGroup(meanwhile));
  }

  @Test
  void whoHoldsAPolicyHimselfAndThroughAGroupMakesOne() {
    Holder staff = new Holder.Group(staff());
    String policy = house.allow(BOB_HIMSELF, CREATE, "*");
    house.services.attachments().attach(house.caller(ALICE), staff, Attachment.ACCOUNT, policy);
    house.allow(staff, "iam:groups:listGroups", "*");

    assertThat(makeGroup(letIn.byToken(BOB)).account()).isEqualTo(ACCOUNT);
  }

  @Test
  void whoTakesARightFromHimselfIsNotInHisOwnWay() {
    String policy = house.allow(BOB_HIMSELF, "iam:permissions:revokeRole", "*");

    house
        .services
        .attachments()
        .detach(letIn.byToken(BOB), BOB_HIMSELF, Attachment.ACCOUNT, policy);

    assertThat(house.services.attachments().of(house.caller(ALICE), BOB_HIMSELF)).isEmpty();
  }

  /** What a session may not do at all is not to be tried again. */
  @Test
  void whoPlaysARoleThatHoldsWhatItHeldIsToldThatHeMayNot() {
    String staff = staff();
    Caller player = playing(helpers());

    mayNot(() -> house.services.groups().delete(player, staff));
  }

  /** A group that the one without rights of his own is in. */
  private String staff() {
    String staff = house.services.groups().create(house.caller(ALICE), "staff", "").id();
    house.services.groups().add(house.caller(ALICE), staff, BOB);
    return staff;
  }

  /** An agency that holds a right, for the other account's users to play. */
  private String helpers() {
    Agencies.Trusted trusted = new Agencies.Trusted(OTHER_ACCOUNT, null);
    Agencies.Shown helpers =
        house
            .services
            .agencies()
            .create(house.caller(ALICE), "helpers", "", trusted, Duration.ZERO);
    house.allow(new Holder.Agency(helpers.id()), DELETE, "*");
    return helpers.id();
  }

  private Caller playing(String agency) {
    Caller player = letIn.playing(new Role(ACCOUNT, null, "helpers", null), CAROL);
    assertThat(player.principal().user()).isEqualTo(agency);
    return player;
  }

  private Groups.Group makeGroup(Caller caller) {
    made++;
    return house.services.groups().create(caller, "group-" + made, "");
  }

  /** As another server does it, of which this one has not heard. */
  private void take(HolderKind kind, String holder) {
    house.store.write(tx -> {
      tx.rights().remove(tx.rights().attachmentsOf(kind, holder).getFirst());
      return holder;
    });
  }

  private void rewrite(String policy, String action, String other) {
    Policies policies = house.services.policies();
    Policies.Written before = policies.show(house.caller(ALICE), policy);
    String document = before.document().replace(action, other);
    policies.update(
        house.caller(ALICE),
        policy,
        new Policies.Order(before.name(), before.description(), before.kind(), document));
  }

  private static void mayNot(ThrowingCallable change) {
    assertThat(Refused.problem(change)).isInstanceOf(Problem.NotAllowed.class);
  }
}
