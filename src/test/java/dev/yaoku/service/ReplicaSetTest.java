package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.yaoku.access.Caller;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.audit.Rating;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.MultiRegion.Role;
import dev.yaoku.key.NoSync;
import dev.yaoku.key.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a primary and its replicas: rotation, deletion, and the change of roles. */
class ReplicaSetTest extends ReplicationWorld {
  // In step

  @Test
  void rotationGivesAllMembersTheSameNewMaterialAtOnce() {
    Key key = world.key();
    Key replica = replicate(key, far());
    byte[] old = encrypt(world.aliceFarAway(), replica, "old");

    world.services().rotation().rotateNow(world.alice(), ref(key));

    assertThat(stored(replica).currentVersion()).isEqualTo(2);
    assertThat(stored(replica).rotation().count()).isEqualTo(1);
    assertThat(versions(replica))
        .extracting(KeyVersion::materialId)
        .isEqualTo(versions(key).stream().map(KeyVersion::materialId).toList());
    byte[] fresh = encrypt(world.aliceFarAway(), replica, "new");
    assertThat(java.nio.ByteBuffer.wrap(fresh).getInt(20)).isEqualTo(2);
    assertThat(decrypt(world.alice(), fresh)).isEqualTo("new by " + key.id());
    assertThat(decrypt(world.alice(), old)).isEqualTo("old by " + key.id());
    assertThat(events("rotateOnDemand"))
        .singleElement()
        .satisfies(event ->
            assertThat(event.changes())
                .extracting(AuditEvent.Change::primaryKey)
                .contains(key.id() + "/2", replica.id() + "/2"));
  }

  @Test
  void theScheduleIsThePrimarysAndShownOnReplicas() {
    Key key = world.key();
    Key replica = replicate(key, far());
    KeyRotation rotation = world.services().rotation();
    rotation.enable(world.alice(), ref(key));
    assertThat(rotation.status(world.aliceFarAway(), ref(replica)).rotation().enabled()).isTrue();
    for (Runnable change :
        List.<Runnable>of(
            () -> rotation.enable(world.aliceFarAway(), ref(replica)),
            () -> rotation.disable(world.aliceFarAway(), ref(replica)),
            () -> rotation.every(world.aliceFarAway(), ref(replica), 30),
            () -> rotation.rotateOnDemand(world.aliceFarAway(), ref(replica)),
            () -> rotation.rotateNow(world.aliceFarAway(), ref(replica)))) {
      Refused.with(new Problem.ReadOnlyReplica(), change::run);
    }

    world.pass(Duration.ofDays(366));

    assertThat(world.services().dueRotations().rotateDue()).isEqualTo(1);
    assertThat(stored(key).currentVersion()).isEqualTo(2);
    assertThat(stored(replica).currentVersion()).isEqualTo(2);
    assertThat(decrypt(world.alice(), encrypt(world.aliceFarAway(), replica, "x")))
        .isEqualTo("x by " + key.id());
  }

  @Test
  void allVersionsAreCopiedEvenVeryMany() {
    Key key = world.key();
    byte[] first = encrypt(world.alice(), key, "first");
    for (int i = 0; i < 60; i++) {
      world.services().rotation().rotateNow(world.alice(), ref(key));
    }

    Key replica = replicate(key, far());

    assertThat(versions(replica)).hasSize(61);
    assertThat(decrypt(world.aliceFarAway(), first)).isEqualTo("first by " + replica.id());
    List<String> named =
        world.recorded.stream()
            .filter(event -> !event.trace().equals("rotateOnDemand"))
            .filter(event -> event.changes().size() <= 40)
            .flatMap(event -> event.changes().stream())
            .map(AuditEvent.Change::primaryKey)
            .toList();
    for (int i = 1; i <= 61; i++) {
      assertThat(named).contains(replica.id() + "/" + i, key.id() + "/" + i);
    }
  }

  // Out of step

  private void damageMaterial(Key key) {
    edit("UPDATE key_version SET created_at = 0 WHERE key_id = ?", key);
  }

  /** A change of the primary's material. */
  enum OfMaterial {
    DELETION,
    IMPORT,
    ROTATION
  }

  private void change(OfMaterial what, Key key) {
    switch (what) {
      case DELETION -> world.services().imports().delete(world.alice(), ref(key));
      case IMPORT -> new Customer(world, world::alice).bringOther(key);
      case ROTATION -> world.services().rotation().rotateNow(world.alice(), ref(key));
    }
  }

  private void saysWhoIsOutOfStep(Key primary, Key replica) {
    assertThat(events("membersOutOfStep"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.rating()).isEqualTo(Rating.WARNING);
          assertThat(event.account()).isEqualTo(KeyWorld.ACCOUNT);
          assertThat(event.resource().id()).isEqualTo(primary.id().text());
          assertThat(event.detail()).contains(replica.id() + " in " + KeyWorld.FAR_REGION);
        });
  }

  @ParameterizedTest
  @EnumSource
  void aReplicaThatIsNotGenuineStopsNothingAndIsNamed(OfMaterial what) {
    Key key = what == OfMaterial.ROTATION ? world.key() : imported();
    Key replica = replicate(key, far());
    Key other = replicate(key, toThird());
    damage(replica);

    change(what, key);

    saysWhoIsOutOfStep(key, replica);
    assertThat(versions(other))
        .extracting(KeyVersion::materialId, version -> version.wrapped().length > 0)
        .isEqualTo(
            versions(key).stream()
                .map(version -> tuple(version.materialId(), version.wrapped().length > 0))
                .toList());
  }

  @ParameterizedTest
  @EnumSource
  void aReplicaWhoseMaterialIsNotGenuineStopsNothingAndIsNamed(OfMaterial what) {
    Key key = what == OfMaterial.ROTATION ? world.key() : imported();
    Key replica = replicate(key, far());
    damageMaterial(replica);

    change(what, key);

    saysWhoIsOutOfStep(key, replica);
    assertThat(stored(replica)).as("nothing is done to it").isEqualTo(replica);
  }

  @Test
  void aReplicaWhoseProjectsKeyIsNotGenuineStopsNothingAndIsNamed() {
    Key key = world.key();
    Key replica = replicate(key, far());
    assertThat(
            world.edit(
                "UPDATE project_key SET created_at = 0 WHERE project = ?", KeyWorld.FAR_PROJECT))
        .isEqualTo(1);
    world.restart();

    world.services().rotation().rotateNow(world.alice(), ref(key));

    saysWhoIsOutOfStep(key, replica);
    assertThat(stored(key).currentVersion()).isEqualTo(2);
  }

  /** As the primary, it would overwrite what the others have and it has not. */
  @Test
  void aReplicaThatIsBehindIsNotPromotedBeforeItIsInStep() {
    Key key = world.key();
    Key replica = replicate(key, far());
    damage(replica);
    world.services().rotation().rotateNow(world.alice(), ref(key));
    restore(replica);

    Refused.with(
        new Problem.NotInStep(NoSync.TARGET_BEHIND),
        () -> promote(world.alice(), key, KeyWorld.FAR_REGION));

    world.services().rotation().rotateNow(world.alice(), ref(key));
    promote(world.alice(), key, KeyWorld.FAR_REGION);
    assertThat(stored(replica).multiRegion().isReplica()).isFalse();
  }

  @Test
  void aReplicaThatHasTheMaterialAndDoesNotUseItYetIsBehindToo() {
    Customer alice = new Customer(world, world::alice);
    Key key = imported();
    alice.bringOther(key);
    Key replica = replicate(key, far());
    damage(replica);
    world.services().rotation().rotateOnDemand(world.alice(), ref(key));
    restore(replica);

    Refused.with(
        new Problem.NotInStep(NoSync.TARGET_BEHIND),
        () -> promote(world.alice(), key, KeyWorld.FAR_REGION));
  }

  @Test
  void whereThePrimaryOrAThirdMemberIsDamagedAReplicaIsPromoted() {
    Key key = world.key();
    Key replica = replicate(key, far());
    Key third = replicate(key, toThird());
    damageMaterial(third);
    damageMaterial(key);

    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);

    assertThat(stored(replica).multiRegion().isReplica()).isFalse();
  }

  @Test
  void aReplicaThatIsRestoredComesInStepWithTheNextChange() {
    Key key = world.key();
    Key replica = replicate(key, far());
    damage(replica);
    world.services().rotation().rotateNow(world.alice(), ref(key));
    restore(replica);

    world.services().rotation().rotateNow(world.alice(), ref(key));

    assertThat(events("membersOutOfStep")).hasSize(1);
    assertThat(versions(replica)).hasSize(3);
    assertThat(decrypt(world.aliceFarAway(), encrypt(world.alice(), key, "x")))
        .isEqualTo("x by " + replica.id());
  }

  @Test
  void aReplicaThatIsPurgedIsNotMissed() {
    Key key = world.key();
    Key replica = replicate(key, far());
    purge(world.aliceFarAway(), replica);

    world.services().rotation().rotateNow(world.alice(), ref(key));

    assertThat(events("membersOutOfStep")).isEmpty();
  }

  // Gone, and yet not

  @Test
  void disablingAndDeletingWarnOfTheMembersThatLiveOn() {
    Key key = world.key();
    world.services().lifecycle().disable(world.alice(), ref(key));
    assertThat(events("membersLiveOn")).isEmpty();
    world.services().lifecycle().enable(world.alice(), ref(key));
    Key replica = replicate(key, far());
    Key other = replicate(key, toThird());

    world.services().lifecycle().disable(world.alice(), ref(key));
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);

    assertThat(events("membersLiveOn"))
        .hasSize(2)
        .allSatisfy(event -> {
          assertThat(event.rating()).isEqualTo(Rating.WARNING);
          assertThat(event.resource().id()).isEqualTo(key.id().text());
          assertThat(event.account()).isEqualTo(KeyWorld.ACCOUNT);
          assertThat(event.detail())
              .contains("replica " + replica.id() + " in " + KeyWorld.FAR_REGION + ", enabled")
              .contains("replica " + other.id() + " in " + KeyWorld.THIRD_REGION);
        });
    assertThat(events("membersLiveOn").getFirst().detail()).startsWith("disabled by user user-1");
    world.pass(WEEK.plus(WEEK).plus(Duration.ofMinutes(1)));
    assertThat(world.services().deletions().purgeDue()).isEqualTo(1);
    assertThat(events("deleteKey"))
        .singleElement()
        .satisfies(event -> assertThat(event.detail()).contains(replica.id().text()));
  }

  @Test
  void whatAPurgedMemberEncryptedStillOpensUnderTheOthersUntilTheLastIsPurged() {
    Key key = world.key();
    Key replica = replicate(key, far());
    byte[] blob = encrypt(world.alice(), key, "x");
    purge(world.alice(), key);

    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(world.alice(), blob));
    world.restart();
    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
    purge(world.aliceFarAway(), replica);
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(world.aliceFarAway(), blob));
    assertThat(world.store.<Boolean>read(tx -> tx.setMember(key.id()).isPresent())).isFalse();
  }

  @Test
  void aGoneReplicaMakesRoomAndDoesNotComeBackIntoIt() {
    Key key = world.key();
    Key gone = replicate(key, far());
    byte[] blob = encrypt(world.aliceFarAway(), gone, "x");
    world.services().lifecycle().scheduleDeletion(world.aliceFarAway(), ref(gone), WEEK);
    refused(new Problem.RegionTaken(), world.alice(), key, far());
    world.pass(WEEK);
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(world.aliceFarAway(), blob));

    Key next = replicate(key, far());

    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + next.id());
    Refused.with(
        new Problem.RegionTaken(),
        () -> world.services().deletions().undelete(world.aliceFarAway(), ref(gone)));
    world.wall.updateAndGet(now -> now.minus(Duration.ofDays(1)));
    Refused.with(
        new Problem.RegionTaken(),
        () -> world.services().lifecycle().cancelDeletion(world.aliceFarAway(), ref(gone)));
  }

  // Roles

  @Test
  void theMembersSwapTheirRolesAndTheScheduleGoesWithIt() {
    Key key = world.key();
    Key replica = replicate(key, far());
    world.services().rotation().enable(world.alice(), ref(key));

    assertThat(promote(world.alice(), key, KeyWorld.FAR_REGION).id()).isEqualTo(key.id());

    assertThat(stored(key).multiRegion().role()).isEqualTo(Role.REPLICA);
    assertThat(stored(replica).multiRegion())
        .isEqualTo(new MultiRegion(Role.PRIMARY, stored(key).set()));
    Refused.with(
        new Problem.ReadOnlyReplica(),
        () -> world.services().rotation().rotateNow(world.alice(), ref(key)));
    world.pass(Duration.ofDays(366));
    assertThat(world.services().dueRotations().rotateDue()).isEqualTo(1);
    assertThat(stored(key).currentVersion()).isEqualTo(2);
    assertThat(decrypt(world.aliceFarAway(), encrypt(world.alice(), key, "x")))
        .isEqualTo("x by " + replica.id());
    assertThat(replicateFrom(world.aliceFarAway(), replica).multiRegion().set())
        .isEqualTo(stored(key).set());
  }

  private Key replicateFrom(Caller caller, Key key) {
    return world.services().replication().replicate(caller, ref(key), toThird());
  }

  @Test
  void theSwapMayBeAskedOfAReplicaTooAsLongAsThePrimaryIsEnabled() {
    Key key = world.key();
    Key replica = replicate(key, far());
    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);
    assertThat(stored(key).multiRegion().role()).isEqualTo(Role.REPLICA);
    promote(world.aliceFarAway(), replica, KeyWorld.REGION);
    assertThat(stored(key).multiRegion().role()).isEqualTo(Role.PRIMARY);

    world.services().lifecycle().disable(world.alice(), ref(key));
    Refused.with(
        new Problem.NotInStep(NoSync.PRIMARY_NOT_ENABLED),
        () -> promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION));
    Refused.with(
        new Problem.WrongState(Problem.Need.USABLE, new KeyState.Disabled()),
        () -> promote(world.alice(), key, KeyWorld.FAR_REGION));
  }

  @Test
  void whereThePrimaryIsGoneAReplicaIsPromotedAndStaysThePrimary() {
    Key key = world.key();
    Key replica = replicate(key, far());
    world.services().rotation().enable(world.alice(), ref(key));
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
    world.pass(WEEK);

    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);

    Key restored = world.services().deletions().undelete(world.alice(), ref(key));
    assertThat(restored.multiRegion().role()).isEqualTo(Role.REPLICA);
    world.services().rotation().rotateNow(world.aliceFarAway(), ref(replica));
    assertThat(stored(key).currentVersion()).isEqualTo(2);
  }

  @Test
  void whereThePrimaryIsPurgedAWholeIntervalBegins() {
    Key key = world.key();
    Key replica = replicate(key, far());
    world.services().rotation().enable(world.alice(), ref(key));
    purge(world.alice(), key);

    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);

    assertThat(stored(replica).rotation().dueAt())
        .isEqualTo(world.wall.get().plus(Duration.ofDays(365)));
  }

  @Test
  void aSwapNeedsAReplicaThatIsEnabledAndTheRightOnBoth() {
    Key alone = world.key();
    Refused.with(
        new Problem.NotInStep(NoSync.SINGLE),
        () -> promote(world.alice(), alone, KeyWorld.FAR_REGION));
    Refused.with(
        new Problem.DefaultKey(),
        () -> promote(world.alice(), world.defaultKey(), KeyWorld.FAR_REGION));
    Key key = world.key();
    Key replica = replicate(key, far());
    for (String region : List.of(KeyWorld.REGION, KeyWorld.THIRD_REGION, "nowhere")) {
      assertThat(Refused.problem(() -> promote(world.alice(), key, region)))
          .isInstanceOf(Problem.BadValue.class);
    }
    Problem notAllowed = new Problem.KeyNotAllowed("kms:cmk:updatePrimaryRegion");
    Refused.with(
        notAllowed,
        () ->
            promote(
                restricted(KeyWorld.PROJECT, Set.of(KeyWorld.FAR_PROJECT), Set.of()),
                key,
                KeyWorld.FAR_REGION));
    Refused.with(
        notAllowed,
        () ->
            promote(
                restricted(KeyWorld.FAR_PROJECT, Set.of(KeyWorld.PROJECT), Set.of()),
                replica,
                KeyWorld.FAR_REGION));
    Refused.with(
        notAllowed,
        () ->
            promote(
                restricted(KeyWorld.PROJECT, Set.of(), Set.of(), KeyWorld.PROJECT),
                key,
                KeyWorld.FAR_REGION));
    world.services().lifecycle().disable(world.aliceFarAway(), ref(replica));
    Refused.with(
        new Problem.NotInStep(NoSync.TARGET_NOT_ENABLED),
        () -> promote(world.alice(), key, KeyWorld.FAR_REGION));
    assertThat(stored(key).multiRegion().role()).isEqualTo(Role.PRIMARY);
  }
}
