package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.REGION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Grant;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Tag;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * Of requests that were let in, none changes keys, gives others rights on them or makes what opens
 * capsules, once it was answered that what let it in has ended (SECURITY_DESIGN H11).
 */
class EndedBeforeTheGrantTest extends GrantWorld {
  @Test
  void anAccessKeyThatIsDisabledGrantsNothing() {
    Caller meanwhile = alice();
    String before = keys.grant(alice(), key);

    disableAccessKey();

    isRefused(() -> keys.grant(meanwhile, key));
    List<Grant> grants = house.store.read(tx -> tx.grantsOf(key.id()));
    assertThat(grants).extracting(Grant::id).containsExactly(before);
  }

  @Test
  void whoGrantsIsNotReadAnewAsLongAsNothingHasEnded() {
    Caller alice = alice();
    store.asked();

    keys.grant(alice, key);

    assertThat(store.asked()).contains("grantRows").doesNotContain("accessKey", "user", "account");
  }

  /** As where this server stood still for seconds: nothing was forgotten, and nothing counts. */
  @Test
  void anAccessKeyThatAnotherServerDisabledGrantsNothingUnderALaterView() {
    Caller meanwhile = alice();

    house.disableAccessKey();
    store.beginAnotherView();

    isRefused(() -> keys.grant(meanwhile, key));
    isRefused(() -> keys.create(meanwhile));
  }

  @Test
  void whoIsThereStillUnderALaterViewGrantsAllTheSame() {
    Caller meanwhile = alice();
    store.beginAnotherView();
    assertThat(keys.grant(meanwhile, key)).isNotEmpty();
  }

  @Test
  void anAccessKeyThatIsDisabledMakesAndChangesNoKeyPolicy() {
    Caller meanwhile = alice();
    String policy = keys.keyPolicy(alice());

    disableAccessKey();

    KeyPolicies policies = keys.services.keyPolicies();
    isRefused(() -> keys.keyPolicy(meanwhile));
    isRefused(() -> policies.update(meanwhile, policy, HouseholdKeys.nobody(), null));
    isRefused(() -> policies.delete(meanwhile, policy));
  }

  @Test
  void anAccessKeyThatIsDisabledMakesNoAccessPointAndGetsNoPrivateKey() {
    Caller meanwhile = alice();
    String program = keys.accessPoint(alice(), AccessPoint.Kind.CUSTOM);

    disableAccessKey();

    AccessPoints points = keys.services.accessPoints();
    isRefused(() -> keys.accessPoint(meanwhile, AccessPoint.Kind.ECS));
    isRefused(() -> points.privateKey(meanwhile, program).close());
    isRefused(() -> points.disable(meanwhile, program));
  }

  @Test
  void anAccessKeyThatIsDisabledMakesAndSwitchesNoKeystore() {
    Caller meanwhile = alice();
    String keystore = keys.keystore(alice());

    disableAccessKey();

    Keystores keystores = keys.services.keystores();
    isRefused(() -> keys.keystore(meanwhile));
    isRefused(() -> keystores.enable(meanwhile, keystore));
    isRefused(() -> keystores.disable(meanwhile, keystore));
    isRefused(() -> keystores.delete(meanwhile, keystore));
  }

  @Test
  void anAccessKeyThatIsDisabledMakesAndChangesNoKey() {
    Caller meanwhile = alice();

    disableAccessKey();

    isRefused(() -> keys.tag(meanwhile, key));
    isRefused(() -> keys.create(meanwhile));
    isRefused(() -> keys.services.creation().createDefault(meanwhile, "obs"));
    isRefused(() -> keys.services.grants().retire(meanwhile, KeyWorld.ref(key), "a-grant"));
    isRefused(() -> keys.services.deletions().undelete(meanwhile, KeyWorld.ref(key)));
    assertThat(house.store.<List<Tag>>read(tx -> tx.tags(key.id()))).isEmpty();
  }

  private Caller alice() {
    return letIn.byAccessKeyIn(PROJECT, REGION);
  }

  /** As an administrator would, who is answered then. */
  private void disableAccessKey() {
    house.disableAccessKey();
    house.identities.accessKeyChanged(ACCESS_KEY);
  }

  private static void isRefused(ThrowingCallable change) {
    assertThat(Refused.problem(change)).isInstanceOf(Problem.BadSignature.class);
  }
}
