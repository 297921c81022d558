package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Caller;
import dev.yaoku.access.TokenText;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rights.Attachment;
import dev.yaoku.store.Rights.HolderKind;
import dev.yaoku.store.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who loses a policy is logged out, and nobody waits long for it, however many they are. */
class LosingPoliciesTest {
  private static final String GROUP = "77".repeat(16);
  private static final String POLICY = "88".repeat(16);
  private static final int MEMBERS = 100;
  private static final int SCOPES = 100;

  @TempDir private Path directory;
  private Household house;
  private CountingStore store;
  private IdentityServices services;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    store = new CountingStore(house.store);
    services = house.servicesOver(store);
    house.store.write(tx -> {
      tx.rights().insert(new Rights.Group(GROUP, ACCOUNT, "staff", "", house.now, 1));
      tx.rights()
          .insert(
              new Rights.Policy(
                  POLICY, ACCOUNT, "readers", "", "XA", "{}", house.now, house.now, 1));
      return true;
    });
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static String member(int number) {
    return "%032x".formatted(1_000 + number);
  }

  private static String sha256(int number) {
    return "%064x".formatted(1_000 + number);
  }

  private void fillTheGroup() {
    house.store.write(tx -> {
      for (int i = 0; i < MEMBERS; i++) {
        String id = member(i);
        tx.insert(new Rows.User(id, ACCOUNT, "m" + i, new byte[0], 1, false, true, house.now, 1));
        tx.rights().insert(new Rights.Membership(GROUP, id, ACCOUNT, house.now, 1));
        tx.insert(token(sha256(i), id));
      }
      return true;
    });
  }

  private Rows.Token token(String sha256, String user) {
    return new Rows.Token(
        sha256,
        ACCOUNT,
        user,
        null,
        false,
        "password",
        null,
        house.now,
        house.now.plus(Duration.ofHours(24)),
        Rows.Lineage.NONE,
        1);
  }

  private void give(HolderKind kind, String holder, String scope) {
    house.store.write(tx -> {
      tx.rights().insert(new Attachment(kind, holder, scope, POLICY, ACCOUNT, house.now, 1));
      return true;
    });
  }

  private long tokensOf(String user) {
    return house.store.read(tx -> tx.rights().tokenCount(user));
  }

  @Test
  void whereAGroupHoldsAPolicyForManyScopesEachMemberIsLoggedOutOnce() {
    fillTheGroup();
    IntStream.range(0, SCOPES).forEach(i -> give(HolderKind.GROUP, GROUP, member(i)));
    store.asked();

    services.policies().delete(house.caller(ALICE), POLICY);

    assertThat(store.asked()).hasSizeLessThan(20).containsOnlyOnce("endSessionsOf");
    for (int i = 0; i < MEMBERS; i++) {
      assertThat(house.identities.token(sha256(i))).isEmpty();
    }
  }

  @Test
  void toLogOutAGroupTakesNoRowOfASession() {
    fillTheGroup();
    give(HolderKind.GROUP, GROUP, Attachment.ALL_PROJECTS);

    services
        .attachments()
        .detach(
            house.caller(ALICE),
            new Attachments.Holder.Group(GROUP),
            Attachment.ALL_PROJECTS,
            POLICY);

    assertThat(house.identities.token(sha256(1))).isEmpty();
    assertThat(tokensOf(member(1))).isEqualTo(1);
    house.restart();
    assertThat(house.identities.token(sha256(1))).isEmpty();
  }

  @Test
  void rowsOfTheLoggedOutGoSoManyInATransactionAndThenNothingOfThemIsLeft() {
    fillTheGroup();
    house.store.write(tx -> {
      IntStream.range(0, 1_300).forEach(i -> tx.insert(token("%064x".formatted(5_000 + i), BOB)));
      return true;
    });
    house.store.write(tx -> {
      tx.rights().endSessionsOf(BOB);
      IntStream.range(0, MEMBERS).forEach(i -> tx.rights().endSessionsOf(member(i)));
      return true;
    });

    assertThat(house.room.removeEnded()).isEqualTo(1_300 + MEMBERS);

    assertThat(tokensOf(BOB)).isZero();
    assertThat(tokensOf(member(MEMBERS - 1))).isZero();
    assertThat(house.room.removeEnded()).isZero();
  }

  @Test
  void whoPlaysARoleThatLosesAPolicyPlaysItNoMoreAndCanPlayItAgain() {
    Agencies.Shown agency = helpers();
    Role role = new Role(OTHER_ACCOUNT, null, "helpers", null);
    String before = playing(role);
    house.store.write(tx -> tx.rights().endSessionsOf(agency.id()));
    house.identities.everythingChanged();
    assertThat(house.identities.accessKey(before)).isEmpty();
    assertThat(house.identities.accessKey(ACCESS_KEY)).as("the person").isPresent();

    String after = playing(role);

    assertThat(house.identities.accessKey(after)).isPresent();
    assertThat(house.identities.accessKey(before)).isEmpty();
  }

  /** The requests that find so many in their way would otherwise take all places of others. */
  @Test
  void aRoleWithMoreSessionsThanOnePersonMayHaveIsPlayedOnceHousekeepingRemovedThem() {
    Agencies.Shown agency = helpers();
    Role role = new Role(OTHER_ACCOUNT, null, "helpers", null);
    int sessions = 2 * SessionRoom.OF_A_PERSON_MAX + 1_000;
    house.store.write(tx -> {
      IntStream.range(0, sessions)
          .forEach(i -> tx.insert(playing("%064x".formatted(5_000 + i), agency.id())));
      return tx.rights().endSessionsOf(agency.id());
    });

    Refused.with(
        new Problem.Conflict("The sessions of the user or the agency are being ended. Try again."),
        () -> playing(role));

    assertThat(house.room.removeEnded()).isEqualTo(1_000);
    assertThat(house.identities.accessKey(playing(role))).isPresent();
  }

  /** An agency of the other account, for this one's users to play. */
  private Agencies.Shown helpers() {
    Agencies.Trusted trusted = new Agencies.Trusted(ACCOUNT, null);
    return services.agencies().create(house.caller(CAROL), "helpers", "", trusted, Duration.ZERO);
  }

  private Rows.Token playing(String sha256, String agency) {
    return new Rows.Token(
        sha256,
        ACCOUNT,
        BOB,
        null,
        false,
        "assume_role",
        null,
        house.now,
        house.now.plus(Duration.ofHours(24)),
        new Rows.Lineage(agency, null, null, null),
        1);
  }

  private String playing(Role role) {
    TemporaryKeys.New made =
        house.temporaryKeys.assume(
            house.caller(ALICE),
            ACCESS_KEY,
            role,
            new TemporaryKeys.Order(TemporaryKeys.USUAL_LIFE, null),
            201);
    made.secret().close();
    return made.access();
  }

  /**
   * Of requests under way, which were let in by what he held, none may bring a session after it.
   */
  @Test
  void whoLosesTheRightToPlayWhileHeAsksForARolePlaysNone() {
    helpers();
    Role role = new Role(OTHER_ACCOUNT, null, "helpers", null);
    String bobs = "AKBOB000000000000001";
    house.store.write(tx -> {
      tx.insert(new Rows.AccessKey(bobs, ACCOUNT, BOB, new byte[0], 1, true, house.now, 1));
      return true;
    });
    Attachments.Holder bob = new Attachments.Holder.User(BOB);
    services.attachments().attach(house.caller(ALICE), bob, Attachment.ACCOUNT, "te_agency");
    assertThat(house.tokens.assume(letIn(BOB), bobs, role, new TokenScope.Unsaid())).isNotNull();
    Caller asking = letIn(BOB);
    Caller askingToo = letIn(BOB);

    services.attachments().detach(house.caller(ALICE), bob, Attachment.ACCOUNT, "te_agency");

    isRefused(() -> house.tokens.assume(asking, bobs, role, new TokenScope.Unsaid()));
    TemporaryKeys.Order order = new TemporaryKeys.Order(TemporaryKeys.USUAL_LIFE, null);
    isRefused(() -> house.temporaryKeys.assume(askingToo, bobs, role, order, 201));
  }

  /** A caller with what he holds, as it was when he was let in. */
  private Caller letIn(String user) {
    Caller caller = house.caller(user);
    caller.prepared(house.held.of(caller.principal()), caller.place());
    return caller;
  }

  private static void isRefused(Runnable request) {
    assertThatThrownBy(request::run)
        .isInstanceOfSatisfying(
            KmsException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.NotAllowed.class));
  }

  @Test
  void whoWasLoggedOutLogsInAndWhatEndedDoesNotComeBack() {
    String before = sha256(house.issue(BOB, new TokenScope.Unsaid()));
    give(HolderKind.USER, BOB, Attachment.ALL_PROJECTS);
    services.policies().delete(house.caller(ALICE), POLICY);
    assertThat(house.identities.token(before)).isEmpty();

    String after = sha256(house.issue(BOB, new TokenScope.Unsaid()));

    assertThat(house.identities.token(after)).isPresent();
    assertThat(house.identities.token(before)).isEmpty();
    assertThat(tokensOf(BOB)).isEqualTo(1);
    house.restart();
    assertThat(house.identities.token(after)).isPresent();
  }

  @Test
  void howOftenAPolicyIsHeldIsCountedWithoutALookAtWhoHoldsIt() {
    IntStream.range(0, SCOPES).forEach(i -> give(HolderKind.USER, BOB, member(i)));
    store.asked();

    assertThat(services.policies().show(house.caller(ALICE), POLICY).references())
        .isEqualTo(SCOPES);

    assertThat(store.asked()).containsExactly("attachmentCountOfPolicy", "policy", "transaction");
  }

  @Test
  void aListOfWhoHoldsWhatReadsEachPolicyOnce() {
    IntStream.range(0, SCOPES).forEach(i -> give(HolderKind.USER, BOB, member(i)));
    store.asked();

    assertThat(services.attachments().all(house.caller(ALICE)))
        .hasSize(SCOPES)
        .allMatch(held -> held.policyName().equals("readers"));

    assertThat(Collections.frequency(store.asked(), "policy")).isEqualTo(1);
  }

  @Test
  void anAccountHoldsSoManyPoliciesAtMostInAll() {
    Directorship directorship =
        new Directorship(house.store, house.identities, house.held, house.events, house.clock);
    Attachments attachments = new Attachments(directorship, 2);
    Attachments.Holder bob = new Attachments.Holder.User(BOB);
    Attachments.Holder group = new Attachments.Holder.Group(GROUP);
    attachments.attach(house.caller(ALICE), bob, Attachment.ALL_PROJECTS, POLICY);
    attachments.attach(house.caller(ALICE), group, Attachment.ALL_PROJECTS, POLICY);

    Refused.with(
        new Problem.TooMany("policies held in an account", 2),
        () -> attachments.attach(house.caller(ALICE), bob, Attachment.ACCOUNT, POLICY));
    attachments.attach(house.caller(ALICE), bob, Attachment.ALL_PROJECTS, POLICY); // held already
    attachments.detach(house.caller(ALICE), bob, Attachment.ALL_PROJECTS, POLICY);
    attachments.attach(house.caller(ALICE), bob, Attachment.ACCOUNT, POLICY);
  }

  private static String sha256(Tokens.New made) {
    return TokenText.sha256(made.text().value());
  }
}
