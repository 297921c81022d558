package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Action;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Holdings;
import dev.yaoku.access.Principal;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.SystemPolicies;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rights.HolderKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What it costs to know the rights of a principal. */
class HeldPoliciesTest {
  private static final String GROUP = "77".repeat(16);

  @TempDir private Path directory;
  private Household house;
  private CountingStore store;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    store = new CountingStore(house.store);
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void theFirstRequestOfAPrincipalReadsItsRightsInOneTransactionAndTheNextReadsNothing() {
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Principal alice = alice();

    held.of(alice);
    assertThat(Collections.frequency(store.asked(), "transaction")).isEqualTo(1);
    held.of(alice);
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void whatIsRememberedBesideACredentialCountsUntilAnybodysChange() {
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Acquaintance known = Acquaintance.of(ACCESS_KEY, new Validity(house.store));
    Principal alice = alice();
    Holdings before = held.of(alice, known);
    store.asked();

    assertThat(held.of(alice, known)).isSameAs(before);
    held.holderChanged(BOB);
    assertThat(held.of(alice, known)).isSameAs(before);
    assertThat(store.asked()).isEmpty();

    for (Runnable change :
        List.<Runnable>of(() -> held.holderChanged(ALICE), held::everythingChanged)) {
      readsAnewAfter(change, held, alice, known);
    }
  }

  @Test
  void aChangeOfAPolicyOrGroupEndsWhatIsRememberedOfThoseWhoHaveIt() {
    Rights.Attachment own = fullAccess(ALICE);
    Rights.Group group = new Rights.Group(GROUP, ACCOUNT, "sealers", "", house.now, 1);
    house.store.write(tx -> {
      tx.rights().insert(own);
      tx.rights().insert(group);
      tx.rights().insert(new Rights.Membership(GROUP, ALICE, ACCOUNT, house.now, 1));
      return true;
    });
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Acquaintance known = Acquaintance.of(ACCESS_KEY, new Validity(house.store));
    Principal alice = alice();
    held.of(alice, known);

    readsAnewAfter(() -> held.policyChanged(own.policy()), held, alice, known);
    readsAnewAfter(() -> held.groupChanged(GROUP), held, alice, known);
  }

  private void readsAnewAfter(
      Runnable change, HeldPolicies held, Principal who, Acquaintance known) {
    store.asked();
    change.run();
    held.of(who, known);
    assertThat(store.asked()).contains("transaction");
    held.of(who, known);
    assertThat(store.asked()).isEmpty();
  }

  @Test
  void aPolicyThatIsTakenAwayIsGoneForWhoIsRememberedToo() {
    Acquaintance known = Acquaintance.of(ACCESS_KEY, new Validity(house.store));
    Principal alice = alice();
    Rights.Attachment attachment = fullAccess(ALICE);
    house.store.write(tx -> {
      tx.rights().insert(attachment);
      return true;
    });
    assertThat(house.held.of(alice, known).in(PROJECT).couldAllow(Action.ENCRYPT_DATA)).isTrue();

    house.store.write(tx -> {
      tx.rights().remove(attachment);
      return true;
    });
    house.held.holderChanged(ALICE);

    assertThat(house.held.of(alice, known).in(PROJECT).couldAllow(Action.ENCRYPT_DATA)).isFalse();
  }

  /** A standby that lacked the last change goes on from the one before. */
  @Test
  void aPolicyWithTheSameVersionAndAnotherTextIsCompiledAnew() {
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Principal alice = alice();
    give(policy("iam:tokens:assume", 1));
    Holdings before = held.of(alice);

    house.store.write(tx -> {
      tx.rights().remove(policy("iam:tokens:assume", 1));
      return true;
    });
    give(policy("kms:cmk:list", 1));
    held.everythingChanged();

    assertThat(mayAssume(held.of(alice))).isFalse();
    assertThat(mayAssume(before)).as("whose compiled form is still in memory").isTrue();
  }

  private void give(Rights.Policy policy) {
    house.store.write(tx -> {
      tx.rights().insert(policy);
      tx.rights()
          .insert(
              new Rights.Attachment(
                  HolderKind.USER,
                  ALICE,
                  Rights.Attachment.ACCOUNT,
                  policy.id(),
                  ACCOUNT,
                  house.now,
                  1));
      return true;
    });
  }

  @Test
  void whatIsRememberedBesideACredentialIsNoOlderThanWhatIsRememberedByName() {
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Acquaintance known = Acquaintance.of(ACCESS_KEY, new Validity(house.store));
    Principal alice = alice();
    held.of(alice);
    house.now = house.now.plusSeconds(200);
    held.of(alice); // counts for a minute now
    house.now = house.now.plusSeconds(59);
    store.asked();
    held.of(alice, known);
    assertThat(store.asked()).isEmpty();

    house.now = house.now.plusSeconds(1);
    held.of(alice, known);
    assertThat(store.asked()).contains("transaction");

    house.now = house.now.minusSeconds(1);
    held.of(alice, known);
    assertThat(store.asked()).contains("transaction");
  }

  /** The next change of the policy, which is committed, has the same version. */
  @Test
  void whatATransactionThatIsRolledBackWroteIsHeldByNobody() {
    give(policy("kms:cmk:get", 1));
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Principal alice = alice();
    AtomicReference<Holdings> seen = new AtomicReference<>();
    assertThatThrownBy(() ->
            held.compiledOutside(() ->
                house.store.write(tx -> {
                  tx.rights().update(policy("iam:tokens:assume", 1));
                  seen.set(held.ofAccountIn(tx, alice));
                  throw new IllegalStateException("no disk");
                })))
        .hasMessageContaining("no disk");
    assertThat(mayAssume(seen.get())).isTrue();

    house.store.write(tx -> {
      tx.rights().update(policy("kms:cmk:list", 1));
      return true;
    });
    assertThat(mayAssume(held.of(alice))).isFalse();
    assertThat(house.store.<Boolean>read(tx -> mayAssume(held.ofAccountIn(tx, alice)))).isFalse();
  }

  /** Each question keeps everybody else waiting who changes something. */
  @Test
  void howManyPoliciesSomebodyHoldsMakesNoFurtherQuestionsInATransaction() {
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Principal alice = alice();
    give(policy("first", "iam:tokens:assume"));
    List<String> ofOne = askedInATransactionOf(held, alice);

    give(policy("second", "kms:cmk:get"));
    give(policy("third", "kms:cmk:list"));

    assertThat(askedInATransactionOf(held, alice)).isEqualTo(ofOne).contains("policies");
  }

  private List<String> askedInATransactionOf(HeldPolicies held, Principal who) {
    held.compiledOutside(() -> house.store.read(tx -> held.ofAccountIn(tx, who)));
    store.asked();
    boolean may = store.<Boolean>write(tx -> mayAssume(held.ofAccountIn(tx, who)));
    assertThat(may).isTrue();
    return store.asked();
  }

  @Test
  void policiesAreCompiledBeforeATransactionAndNotInIt() {
    give(policy("iam:tokens:assume", 1));
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Principal alice = alice();
    assertThatThrownBy(() -> house.store.write(tx -> held.ofAccountIn(tx, alice)))
        .isInstanceOf(HeldPolicies.Uncompiled.class);

    boolean may =
        held.compiledOutside(
            () -> house.store.<Boolean>write(tx -> mayAssume(held.ofAccountIn(tx, alice))));
    assertThat(may).isTrue();
  }

  @Test
  void whosePoliciesAreChangedAgainAndAgainTriesAgain() {
    give(policy("kms:cmk:get", 1));
    HeldPolicies held = new HeldPolicies(store, house.clock, 100, Duration.ofMinutes(1));
    Principal alice = alice();
    AtomicInteger changes = new AtomicInteger();
    assertThatThrownBy(() ->
            held.compiledOutside(() ->
                house.store.write(tx -> {
                  tx.rights().update(policy("kms:cmk:get" + changes.incrementAndGet(), 1));
                  return held.ofAccountIn(tx, alice);
                })))
        .isInstanceOfSatisfying(
            KmsException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.Conflict.class));
  }

  private static boolean mayAssume(Holdings held) {
    return held.in(Rights.Attachment.ACCOUNT).couldAllow(Action.ASSUME_AGENCY);
  }

  private Rights.Policy policy(String action, int version) {
    return policy(GROUP, action, version);
  }

  private Rights.Policy policy(String id, String action) {
    return policy(id, action, 1);
  }

  private Rights.Policy policy(String id, String action, int version) {
    String document =
        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"%s\"]}]}"
            .formatted(action);
    return new Rights.Policy(
        id, ACCOUNT, "changing " + id, "", "AX", document, house.now, house.now, version);
  }

  @Test
  void whatChangesWhileItIsReadIsReadAgain() {
    AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    CountingStore watched =
        new CountingStore(house.store) {
          @Override
          public <T> T read(Function<? super Reading, T> work) {
            T read = super.read(work);
            meanwhile.getAndSet(() -> {}).run();
            return read;
          }
        };
    HeldPolicies held = new HeldPolicies(watched, house.clock, 100, Duration.ofMinutes(1));
    Acquaintance known = Acquaintance.of(ACCESS_KEY, new Validity(house.store));
    Principal alice = alice();
    meanwhile.set(() -> held.holderChanged(ALICE));

    Holdings read = held.of(alice, known);
    assertThat(Collections.frequency(watched.asked(), "transaction")).isEqualTo(2);
    assertThat(held.of(alice, known)).isSameAs(read);
    assertThat(watched.asked()).isEmpty();
  }

  private Rights.Attachment fullAccess(String user) {
    String policy = SystemPolicies.named("KMS CMKFullAccess").map(Policy::id).orElseThrow();
    return new Rights.Attachment(
        HolderKind.USER, user, Rights.Attachment.ALL_PROJECTS, policy, ACCOUNT, house.now, 1);
  }

  @Test
  void whoIsKnownByAnAccessKeyIsReadInOneTransactionToo() {
    Identities identities =
        new Identities(
            store, house.hierarchy, house.clock, Identities.Limits.USUAL, RevocationLists.none());

    assertThat(identities.accessKey(ACCESS_KEY)).isPresent();
    assertThat(Collections.frequency(store.asked(), "transaction")).isEqualTo(1);
    assertThat(identities.accessKey(ACCESS_KEY)).isPresent();
    assertThat(store.asked()).isEmpty();
  }

  private Principal alice() {
    return house
        .identities
        .accessKey(ACCESS_KEY)
        .map(Directory.KnownKey::principal)
        .filter(who -> who.user().equals(ALICE))
        .orElseThrow();
  }
}
