package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Cryptography;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.Key;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Tag;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.store.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of requests that were let in, none changes keys, gives others rights on them or makes what opens
 * capsules, once it was answered that what let it in has ended (SECURITY_DESIGN H11).
 */
class EndedBeforeTheGrantTest {
  private static final String SPACE = "space";

  @TempDir private Path directory;
  private Household house;
  private LetIn letIn;
  private PrivateKeyWork work;
  private CountingStore store;
  private KeyServices keys;
  private Key key;
  private int made;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    letIn = new LetIn(house);
    work = new PrivateKeyWork(1, () -> {}, () -> {});
    store = new CountingStore(house.store);
    Hierarchy.NewProjectKey opening = house.hierarchy.newProjectKey(PROJECT);
    house.store.write(tx -> {
      tx.insert(
          new Rows.ProjectKey(
              PROJECT, opening.version(), opening.wrapped(), opening.lasting(), house.now, 1));
      return true;
    });
    keys =
        KeyServices.over(
            store,
            house.hierarchy,
            new Cryptography(house.randomness, false),
            work,
            house.randomness,
            house.clock,
            () -> 1,
            house.events,
            KeyWorld.roomy());
    keys.clocks().start();
    key = keys.creation().create(alice(), KeyWorld.order("a-key"));
  }

  @AfterEach
  void close() {
    work.close();
    house.close();
  }

  @Test
  void anAccessKeyThatIsDisabledGrantsNothing() {
    Caller meanwhile = alice();
    String before = grant(alice());

    disableAccessKey();

    isRefused(() -> grant(meanwhile));
    List<Grant> grants = house.store.read(tx -> tx.grantsOf(key.id()));
    assertThat(grants).extracting(Grant::id).containsExactly(before);
  }

  @Test
  void whoGrantsIsNotReadAnewAsLongAsNothingHasEnded() {
    Caller alice = alice();
    store.asked();

    grant(alice);

    assertThat(store.asked()).contains("grantRows").doesNotContain("accessKey", "user", "account");
  }

  @Test
  void whoIsForgottenAndHasNotEndedGrantsAllTheSame() {
    Caller meanwhile = alice();
    house.identities.everythingChanged();
    assertThat(grant(meanwhile)).isNotEmpty();
  }

  @Test
  void anAccessKeyThatIsDisabledMakesAndChangesNoKeyPolicy() {
    Caller meanwhile = alice();
    String policy = keyPolicy(alice());

    disableAccessKey();

    isRefused(() -> keyPolicy(meanwhile));
    isRefused(() -> keys.keyPolicies().update(meanwhile, policy, nobody(), null));
    isRefused(() -> keys.keyPolicies().delete(meanwhile, policy));
  }

  @Test
  void anAccessKeyThatIsDisabledMakesNoAccessPointAndGetsNoPrivateKey() {
    Caller meanwhile = alice();
    String program = accessPoint(alice(), AccessPoint.Kind.CUSTOM);

    disableAccessKey();

    isRefused(() -> accessPoint(meanwhile, AccessPoint.Kind.ECS));
    isRefused(() -> keys.accessPoints().privateKey(meanwhile, program).close());
    isRefused(() -> keys.accessPoints().disable(meanwhile, program));
  }

  @Test
  void anAccessKeyThatIsDisabledMakesAndChangesNoKey() {
    Caller meanwhile = alice();

    disableAccessKey();

    isRefused(() -> tag(meanwhile));
    isRefused(() -> keys.creation().create(meanwhile, KeyWorld.order("another-key")));
    isRefused(() -> keys.grants().retire(meanwhile, KeyWorld.ref(key), "a-grant"));
    assertThat(house.store.<List<Tag>>read(tx -> tx.tags(key.id()))).isEmpty();
  }

  private void tag(Caller caller) {
    keys.tags()
        .put(caller, Action.CREATE_TAG, KeyWorld.ref(key), List.of(new Tag("stage", "live")));
  }

  private Caller alice() {
    return letIn.byAccessKeyIn(PROJECT, REGION);
  }

  /** As an administrator would, who is answered then. */
  private void disableAccessKey() {
    house.disableAccessKey();
    house.identities.accessKeyChanged(ACCESS_KEY);
  }

  // What they make

  private String grant(Caller caller) {
    made++;
    Grants.Order order =
        new Grants.Order(CAROL, false, Set.of(GrantOperation.DECRYPT_DATA), null, "grant-" + made);
    return keys.grants().create(caller, KeyWorld.ref(key), order);
  }

  private String keyPolicy(Caller caller) {
    made++;
    return keys.keyPolicies().create(caller, SPACE, "policy-" + made, nobody(), "").id();
  }

  private static OpeningPolicy nobody() {
    return new OpeningPolicy("1.0", null, List.of(), null);
  }

  private String accessPoint(Caller caller, AccessPoint.Kind kind) {
    made++;
    AccessPoints.Order order =
        new AccessPoints.Order(SPACE, "point-" + made, kind, ACCOUNT, "", "");
    return keys.accessPoints().create(caller, order).id();
  }

  private static void isRefused(ThrowingCallable change) {
    assertThat(Refused.problem(change)).isInstanceOf(Problem.BadSignature.class);
  }
}
