package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.MultiRegion.Role;
import dev.yaoku.key.NoImport;
import dev.yaoku.key.NoSync;
import dev.yaoku.key.Problem;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Replicas that wait for material when their primary is gone, which alone could have brought it:
 * one of them takes the role, and the material comes back to the set.
 */
class OrphanedReplicasTest extends ReplicationWorld {
  private static final Duration DAY = Duration.ofDays(1);

  private Customer farAway() {
    return new Customer(world, world::aliceFarAway);
  }

  @Test
  void oneTakesTheRoleAndThenTheMaterialThatTheSetHad() {
    Key key = imported();
    Key replica = replicate(key, far());
    Key other = replicate(key, toThird());
    byte[] blob = encrypt(world.alice(), key, "x");
    world.services().imports().delete(world.alice(), ref(key));
    purge(world.alice(), key);

    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);

    assertThat(stored(replica).multiRegion().role()).isEqualTo(Role.PRIMARY);
    assertThat(stored(replica).state()).isEqualTo(new KeyState.PendingImport());
    Refused.with(new Problem.NotImported(NoImport.DIFFERS), () -> farAway().bringOther(replica));
    farAway().bring(replica, null);
    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
    assertThat(decrypt(third(), blob)).isEqualTo("x by " + other.id());
  }

  @Test
  void soItIsWhereTheMaterialHasExpired() {
    Key key = imported(KeyWorld.START.plus(DAY));
    Key replica = replicate(key, far());
    byte[] blob = encrypt(world.alice(), key, "x");
    purge(world.alice(), key);

    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);

    farAway().bring(replica, null);
    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
  }

  @Test
  void oneMayBeAskedToGiveTheRoleToAnother() {
    Key key = imported();
    Key replica = replicate(key, far());
    Key other = replicate(key, toThird());
    world.services().imports().delete(world.alice(), ref(key));
    purge(world.alice(), key);

    promote(world.aliceFarAway(), replica, KeyWorld.THIRD_REGION);

    assertThat(stored(other).multiRegion().role()).isEqualTo(Role.PRIMARY);
    assertThat(stored(replica).multiRegion().role()).isEqualTo(Role.REPLICA);
  }

  @Test
  void oneThatIsDisabledIsEnabledFirst() {
    Key key = imported();
    Key replica = replicate(key, far());
    Key other = replicate(key, toThird());
    world.services().lifecycle().disable(world.aliceFarAway(), ref(replica));
    world.services().imports().delete(world.alice(), ref(key));
    purge(world.alice(), key);

    Refused.with(
        new Problem.WrongState(Problem.Need.USABLE, new KeyState.Disabled()),
        () -> promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION));
    Refused.with(
        new Problem.NotInStep(NoSync.TARGET_NOT_ENABLED),
        () -> promote(third(), other, KeyWorld.FAR_REGION));

    world.services().lifecycle().enable(world.aliceFarAway(), ref(replica));
    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);
    assertThat(stored(replica).multiRegion().role()).isEqualTo(Role.PRIMARY);
  }

  @Test
  void whileThePrimaryIsThereToTakeMaterialItKeepsTheRole() {
    Key key = imported();
    Key replica = replicate(key, far());
    world.services().imports().delete(world.alice(), ref(key));
    Refused.with(
        WITHOUT_MATERIAL, () -> promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION));

    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);

    Refused.with(
        WITHOUT_MATERIAL, () -> promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION));
    assertThat(stored(replica).multiRegion().role()).isEqualTo(Role.REPLICA);
  }

  @Test
  void theRoleIsAMembersThatHasMaterial() {
    Key key = imported();
    Key with = replicate(key, far());
    Key without = replicate(key, toThird());
    damage(with);
    world.services().imports().delete(world.alice(), ref(key));
    restore(with);
    purge(world.alice(), key);

    Refused.with(WITHOUT_MATERIAL, () -> promote(third(), without, KeyWorld.THIRD_REGION));

    promote(world.aliceFarAway(), with, KeyWorld.FAR_REGION);
    assertThat(stored(with).multiRegion().role()).isEqualTo(Role.PRIMARY);
  }

  /** As the primary it would take the others' versions from them, whose material may come back. */
  @Test
  void oneThatHasMissedAVersionIsNotPromoted() {
    Customer alice = new Customer(world, world::alice);
    Key key = imported(KeyWorld.START.plus(DAY));
    Key behind = replicate(key, far());
    Key other = replicate(key, toThird());
    damage(behind);
    alice.bringOther(key, KeyWorld.START.plus(DAY));
    world.services().rotation().rotateOnDemand(world.alice(), ref(key));
    restore(behind);
    purge(world.alice(), key);

    Refused.with(
        new Problem.NotInStep(NoSync.TARGET_BEHIND),
        () -> promote(world.aliceFarAway(), behind, KeyWorld.FAR_REGION));

    promote(third(), other, KeyWorld.THIRD_REGION);
    assertThat(stored(other).multiRegion().role()).isEqualTo(Role.PRIMARY);
  }

  /** Its next change would take from that what it lacks itself (SECURITY_DESIGN C3). */
  @Test
  void oneThatLacksWhatAGonePrimaryMayBringBackIsNotPromoted() {
    Customer alice = new Customer(world, world::alice);
    Key key = imported();
    Key behind = replicate(key, far());
    world.services().imports().delete(world.alice(), ref(key));
    damage(behind);
    alice.bring(key, null);
    alice.bringOther(key);
    world.services().rotation().rotateOnDemand(world.alice(), ref(key));
    restore(behind);
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
    world.pass(WEEK);

    Refused.with(
        new Problem.NotInStep(NoSync.TARGET_BEHIND),
        () -> promote(world.aliceFarAway(), behind, KeyWorld.FAR_REGION));

    world.pass(WEEK.plus(Duration.ofMinutes(1)));
    assertThat(world.services().deletions().purgeDue()).isEqualTo(1);
    promote(world.aliceFarAway(), behind, KeyWorld.FAR_REGION);
    assertThat(stored(behind).multiRegion().role()).isEqualTo(Role.PRIMARY);
  }

  @Test
  void oneThatWaitsTakesTheRoleBesideOneThatHoldsWhatTheGonePrimaryHasLost() {
    Key key = imported();
    Key behind = replicate(key, far());
    Key other = replicate(key, toThird());
    damage(behind);
    world.services().imports().delete(world.alice(), ref(key));
    restore(behind);
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
    world.pass(WEEK);

    Refused.with(
        new Problem.NotInStep(NoSync.TARGET_BEHIND),
        () -> promote(world.aliceFarAway(), behind, KeyWorld.FAR_REGION));

    promote(third(), other, KeyWorld.THIRD_REGION);
    assertThat(stored(other).multiRegion().role()).isEqualTo(Role.PRIMARY);
  }

  /** SECURITY_DESIGN C3. */
  @Test
  void aClockThatIsAheadTakesNoMaterialAway() {
    Key key = imported(KeyWorld.START.plus(DAY));
    Key replica = replicate(key, far());
    byte[] blob = encrypt(world.alice(), key, "x");
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
    world.jump(WEEK);
    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);

    world.jump(WEEK.negated());

    assertThat(stored(replica).multiRegion().role()).isEqualTo(Role.PRIMARY);
    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
  }
}
