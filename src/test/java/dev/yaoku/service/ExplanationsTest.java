package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Permissions;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.Decision;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.DryRuns.Verdict;
import dev.yaoku.service.Explanations.Explanation;
import dev.yaoku.store.Refusal;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rights.HolderKind;
import dev.yaoku.store.Rows;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Why not, and could he: to those who may ask, about their own account (SECURITY_DESIGN L12). */
class ExplanationsTest {
  private static final String ALICE = "a".repeat(32);
  private static final String BOB = "b".repeat(32);
  private static final String MALLORY = "e".repeat(32);
  private static final String NOBODY = "f".repeat(32);
  private static final String NO_KEY = "00000000-0000-4000-8000-000000000000";
  private static final String AUDIT = "1".repeat(32);
  private static final String DEPLOY = "2".repeat(32);
  private static final String NEVER =
      """
      {"Version":"5.0","Statement":[
        {"Effect":"Allow","Action":["kms:cmk:list"]},
        {"Sid":"never","Effect":"Deny","Action":["kms:cmk:crypto"]}]}
      """;

  @TempDir Path directory;
  private KeyWorld world;
  private HeldPolicies held;
  private Permissions permissions;
  private Explanations explanations;
  private DryRuns dryRuns;
  private Key key;
  private int requests;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory);
    world.store.write(tx -> {
      tx.insert(user(ALICE, KeyWorld.ACCOUNT, "alice", true));
      tx.insert(user(BOB, KeyWorld.ACCOUNT, "bob", false));
      tx.insert(user(MALLORY, KeyWorld.OTHER_ACCOUNT, "mallory", true));
      return true;
    });
    Identities identities =
        new Identities(
            world.store,
            world.hierarchy,
            () -> world.wall.get(),
            Identities.Limits.USUAL,
            RevocationLists.none());
    held = new HeldPolicies(world.store, () -> world.wall.get(), 100, Duration.ofMinutes(1));
    permissions =
        new PolicyPermissions(
            held, identities, new Operators(world.store), () -> world.wall.get(), KeyWorld.REGION);
    explanations = new Explanations(world.store, () -> world.wall.get());
    dryRuns = new DryRuns(world.store, world.services().keys(), identities);
    key = world.key();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private static Rows.User user(String id, String account, String name, boolean administrator) {
    return new Rows.User(id, account, name, new byte[0], 1, administrator, true, KeyWorld.START, 1);
  }

  private void agency(String id, String name) {
    world.store.write(tx -> {
      tx.rights()
          .insert(
              new Rights.Agency(
                  id,
                  KeyWorld.ACCOUNT,
                  name,
                  KeyWorld.OTHER_ACCOUNT,
                  "",
                  3_600,
                  KeyWorld.START,
                  1));
      return true;
    });
  }

  private Caller caller(String id, String name, boolean administrator) {
    boolean other = id.equals(MALLORY);
    Principal who =
        new Principal(
            other ? KeyWorld.OTHER_ACCOUNT : KeyWorld.ACCOUNT,
            "acme",
            id,
            name,
            administrator,
            "YK" + name,
            false,
            null);
    String project = other ? KeyWorld.OTHER_PROJECT : KeyWorld.PROJECT;
    return new Caller(who, project, "%032x".formatted(++requests), "192.0.2.7", permissions);
  }

  private Caller alice() {
    return caller(ALICE, "alice", true);
  }

  private Caller bob() {
    return caller(BOB, "bob", false);
  }

  private Caller mallory() {
    return caller(MALLORY, "mallory", true);
  }

  private void hold(String holder, String id, String document) {
    hold(holder, KeyWorld.PROJECT, id, document);
  }

  private void hold(String holder, String scope, String id, String document) {
    world.store.write(tx -> {
      tx.rights()
          .insert(
              new Rights.Policy(
                  id,
                  KeyWorld.ACCOUNT,
                  "policy " + id,
                  "",
                  "XA",
                  document,
                  KeyWorld.START,
                  KeyWorld.START,
                  1));
      tx.rights()
          .insert(
              new Rights.Attachment(
                  HolderKind.USER, holder, scope, id, KeyWorld.ACCOUNT, KeyWorld.START, 1));
      return true;
    });
    held.everythingChanged();
  }

  /** Encrypts, is refused, and the refusal is noted as the edge does. */
  private String refused(Caller caller, KeyReference reference) {
    try (SecretBytes plaintext = world.randomness.secret(1)) {
      world
          .services()
          .encryption()
          .encrypt(
              caller,
              reference,
              EncryptionAlgorithm.SYMMETRIC_DEFAULT,
              plaintext,
              new Bound(null, null));
    } catch (KmsException e) {
      boolean hidden = e.problem() instanceof Problem.KeyNotFound;
      explanations.note(caller, hidden ? 404 : 403, hidden ? "KMS.0207" : "KMS.0306");
      return caller.requestId();
    }
    throw new AssertionError("was not refused");
  }

  private static KeyReference noKey() {
    return KeyReference.parse(NO_KEY);
  }

  @Test
  void theStatementThatDeniedIsNamed() {
    hold(BOB, "p1", NEVER);
    String request = refused(bob(), ref(key));

    Explanation found = explanations.explain(alice(), request);

    assertThat(found.by()).isEqualTo(new Decision.By("p1", "policy p1", 2, "never"));
    assertThat(found.sentence()).isEqualTo("Denied by statement 2 (never) of policy policy p1.");
    assertThat(
            List.of(
                found.user(),
                found.userName(),
                found.credential(),
                found.source(),
                found.project(),
                found.action(),
                found.resource()))
        .containsExactly(
            BOB,
            "bob",
            "YKbob",
            "192.0.2.7",
            KeyWorld.PROJECT,
            "kms:cmk:crypto",
            "KeyId:" + key.id());
  }

  @Test
  void aRefusalIsKeptInABoundWhateverWasNamed() {
    Caller bob = bob();
    String name = "a\u0000b\ud800" + "x".repeat(100_000);
    Refused.problem(() ->
        bob.mustBeAllowed(Action.CREATE_GROUP, Subject.inAccount("group", KeyWorld.ACCOUNT, name)));
    explanations.note(bob, 403, "IAM.0003");
    explanations.flush();

    assertThat(explanations.explain(alice(), bob.requestId()).resource())
        .isEqualTo("group:a\ufffdb\ufffd" + "x".repeat(252));
  }

  @Test
  void thatNoStatementAllowsIsSaidAlsoOfAKeyThatTheUserMayNotKnow() {
    String request = refused(bob(), ref(key));

    Explanation found = explanations.explain(alice(), request);

    assertThat(found.sentence()).isEqualTo("No statement allows it.");
    assertThat(found.by()).isNull();
    assertThat(found.resource()).isEqualTo("KeyId:" + key.id());
  }

  @Test
  void anotherAccountsKeyIsExplainedLikeOneThatIsNotThere() {
    String foreign = refused(mallory(), ref(key));
    String unknown = refused(mallory(), noKey());

    assertThat(explanations.explain(mallory(), foreign))
        .usingRecursiveComparison()
        .ignoringFields("requestId")
        .isEqualTo(explanations.explain(mallory(), unknown));
    assertThat(explanations.explain(mallory(), foreign).toString())
        .doesNotContain(key.id().text(), "No statement", "Denied");
  }

  @Test
  void anotherAccountsRequestIsLikeOneThatNeverWasInMemoryAndInTheStore() {
    String request = refused(bob(), ref(key));
    for (String id : List.of(request, NOBODY, "", "x", "é".repeat(32))) {
      Refused.with(new Problem.RefusalNotFound(), () -> explanations.explain(mallory(), id));
    }
    explanations.flush();
    Refused.with(new Problem.RefusalNotFound(), () -> explanations.explain(mallory(), request));
    assertThat(explanations.explain(alice(), request).user()).isEqualTo(BOB);
  }

  @Test
  void onlyWhoMayAskIsAnswered() {
    String request = refused(bob(), ref(key));

    Refused.with(
        new Problem.NotAllowed("yaoku:access:explain"), () -> explanations.explain(bob(), request));
    Refused.with(
        new Problem.NotAllowed("yaoku:access:check"),
        () -> dryRuns.check(bob(), ALICE, List.of(Action.SIGN), null));
  }

  @Test
  void theStatementOfAPolicyThatIsNotTheAccountsIsNotShown() {
    Refusal byOther =
        new Refusal(
            NOBODY,
            KeyWorld.START,
            KeyWorld.ACCOUNT,
            "",
            BOB,
            "bob",
            "",
            "",
            "kms:cmk:crypto",
            "",
            403,
            "KMS.0306",
            "DENIED",
            "p-of-another",
            "SECRET NAME",
            3,
            "SECRET SID");
    world.store.write(tx -> {
      tx.insert(byOther);
      return true;
    });

    Explanation found = explanations.explain(alice(), NOBODY);

    assertThat(found.by()).isNull();
    assertThat(found.toString()).doesNotContain("SECRET", "p-of-another");
  }

  @Test
  void refusalsAreForgottenAfterAWeekAndTheOldestOfTooMany() {
    String old = refused(bob(), ref(key));
    explanations.flush();
    world.pass(Duration.ofDays(4));
    String later = refused(bob(), ref(key));
    world.pass(Duration.ofHours(1));
    String latest = refused(bob(), ref(key));
    explanations.flush();
    world.pass(Duration.ofDays(3));
    explanations.forgetOld();

    Refused.with(new Problem.RefusalNotFound(), () -> explanations.explain(alice(), old));
    assertThat(explanations.explain(alice(), later).user()).isEqualTo(BOB);

    explanations = new Explanations(world.store, () -> world.wall.get(), 2);
    String further = refused(bob(), ref(key));
    explanations.flush();
    assertThat(explanations.explain(alice(), further).user()).isEqualTo(BOB);
    Refused.with(new Problem.RefusalNotFound(), () -> explanations.explain(alice(), later));
    assertThat(explanations.explain(alice(), latest).user()).isEqualTo(BOB);
  }

  @Test
  void thoseThatAreTooManyAreForgottenSomeHundredsInATransaction() {
    CountingStore store = new CountingStore(world.store);
    explanations = new Explanations(store, () -> world.wall.get(), 10);
    refusedBefore(2_009, KeyWorld.ACCOUNT);
    refusedBefore(20, KeyWorld.OTHER_ACCOUNT);
    world.pass(Duration.ofHours(1));
    String latest = refused(bob(), ref(key));
    explanations.flush();

    assertThat(Collections.frequency(store.asked(), "forgetOldestRefusals")).isEqualTo(11);
    assertThat(kept(KeyWorld.ACCOUNT)).isEqualTo(10);
    assertThat(explanations.explain(alice(), latest).user()).isEqualTo(BOB);
    assertThat(kept(KeyWorld.OTHER_ACCOUNT)).as("who was refused nothing").isEqualTo(20);
    store.asked();
    explanations.flush();
    assertThat(store.asked()).as("when nothing was refused").isEmpty();
  }

  @Test
  void thoseThatAreOldAreForgottenSomeHundredsInATransaction() {
    CountingStore store = new CountingStore(world.store);
    explanations = new Explanations(store, () -> world.wall.get());
    refusedBefore(1_200, KeyWorld.ACCOUNT);
    world.pass(Duration.ofDays(8));

    explanations.forgetOld();

    assertThat(Collections.frequency(store.asked(), "forgetRefusalsBefore")).isEqualTo(7);
    assertThat(kept(KeyWorld.ACCOUNT)).isZero();
  }

  private void refusedBefore(int count, String account) {
    world.store.write(tx -> {
      for (int i = 0; i < count; i++) {
        tx.insert(refusal("%s%031x".formatted(account.substring(0, 1), i), account));
      }
      return true;
    });
  }

  private static Refusal refusal(String requestId, String account) {
    return new Refusal(
        requestId,
        KeyWorld.START,
        account,
        "",
        BOB,
        "bob",
        "",
        "",
        "",
        "",
        403,
        "",
        "",
        "",
        "",
        0,
        "");
  }

  private long kept(String account) {
    return world.store.read(tx -> tx.refusalCount(account));
  }

  // Could he?

  private Verdict can(String user, @Nullable KeyReference reference) {
    return dryRuns.check(alice(), user, List.of(Action.ENCRYPT_DATA), reference).getFirst();
  }

  @Test
  void whatPoliciesSayIsSaidWithoutDoingIt() {
    assertThat(can("alice", ref(key)).allowed()).isTrue();
    assertThat(can(BOB, ref(key)).sentence()).isEqualTo("No statement allows it.");
    assertThat(can("bob", null).allowed()).isFalse();

    hold(BOB, "p1", NEVER);

    assertThat(can("bob", ref(key)).by()).isEqualTo(new Decision.By("p1", "policy p1", 2, "never"));
    assertThat(world.recorded).noneMatch(event -> event.who().user().equals(BOB));
  }

  @Test
  void aGrantCounts() {
    world.store.write(tx -> {
      tx.insert(
          new Grant(
              "1".repeat(64),
              key.id(),
              key.project(),
              BOB,
              false,
              Set.of(GrantOperation.ENCRYPT_DATA),
              ALICE,
              null,
              null,
              KeyWorld.START,
              null));
      return true;
    });
    world.services().keys().changedAll();

    assertThat(can("bob", ref(key)).sentence()).isEqualTo("Allowed by a grant.");
  }

  private Verdict mayPlay(String user, String agency) {
    return dryRuns.check(alice(), user, new Role(KeyWorld.ACCOUNT, null, agency, null));
  }

  @Test
  void anAgencyThatAPolicyNamesIsTheOnlyOneThatMayBeAssumed() {
    agency(AUDIT, "audit");
    agency(DEPLOY, "deploy");
    hold(
        BOB,
        Rights.Attachment.ACCOUNT,
        "p2",
        """
        {"Version":"1.1","Statement":[{"Effect":"Allow","Action":["iam:agencies:assume"],
          "Resource":{"uri":["/iam/agencies/%s"]}}]}
        """
            .formatted(AUDIT));

    assertThat(mayPlay("bob", "audit").by()).isEqualTo(new Decision.By("p2", "policy p2", 1, ""));
    assertThat(mayPlay("bob", "deploy")).isEqualTo(mayPlay("bob", "nowhere"));
    assertThat(mayPlay("bob", "deploy").sentence()).isEqualTo("No statement allows it.");
    assertThat(mayPlay("alice", "deploy").allowed()).isTrue();
  }

  @Test
  void usersOfOthersAreLikeThoseThatAreNotThere() {
    for (String user : List.of(MALLORY, "mallory", NOBODY, "", "bob\0")) {
      Refused.with(new Problem.UserNotFound(), () -> can(user, ref(key)));
    }
  }

  @Test
  void aKeyWhoseRowWasEditedIsDamagedAndNotAbsentWhoeverIsAskedAbout() {
    String id = key.id().text();
    assertThat(world.edit("UPDATE \"key\" SET description = 'changed' WHERE id = ?", id)).isOne();
    world.services().keys().changedAll();

    for (String user : List.of("alice", "bob")) {
      Refused.with(new Problem.RowNotGenuine("key", id), () -> can(user, ref(key)));
    }
    assertThat(can("bob", noKey()).sentence()).isEqualTo("There is no such key for this user.");
  }

  @Test
  void aPolicyThatWasEditedIsNoAnswerToWhatSomebodyMayPlay() {
    hold(BOB, Rights.Attachment.ACCOUNT, "p3", NEVER);
    assertThat(world.edit("UPDATE policy SET description = 'changed'")).isOne();

    Refused.with(new Problem.RowNotGenuine("policy", "p3"), () -> mayPlay("bob", "audit"));
  }

  @Test
  void keysOfOthersAreLikeThoseThatAreNotThere() {
    Verdict foreign =
        dryRuns.check(mallory(), MALLORY, List.of(Action.ENCRYPT_DATA), ref(key)).getFirst();
    Verdict unknown =
        dryRuns.check(mallory(), MALLORY, List.of(Action.ENCRYPT_DATA), noKey()).getFirst();

    assertThat(foreign).isEqualTo(unknown);
    assertThat(foreign.sentence()).isEqualTo("There is no such key for this user.");
  }
}
