package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Problem;
import dev.yaoku.server.CapturedLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rows of a set that somebody edited behind the server's back: they take no member from its set,
 * make no second primary, and leave nobody material that was deleted (SECURITY_DESIGN C1).
 */
class DamagedSetsTest extends ReplicationWorld {
  private static final String MOVED =
      "UPDATE set_member SET replica_set = 'elsewhere' WHERE key_id = ?";
  private static final String DELETED = "DELETE FROM set_member WHERE key_id = ?";
  private static final String DAMAGED = "UPDATE set_member SET region = 'nowhere' WHERE key_id = ?";

  // Who is in the set

  @ParameterizedTest
  @ValueSource(strings = {MOVED, DELETED, DAMAGED})
  void whatIsDoneToTheMaterialReachesAReplicaWhoseRowOfTheSetWasEdited(String edit) {
    Key key = imported();
    Key replica = replicate(key, far());
    edit(edit, replica);

    world.services().imports().delete(world.alice(), ref(key));

    assertThat(versions(replica)).allSatisfy(version -> assertThat(version.wrapped()).isEmpty());
    assertThat(stored(replica).hasMaterial()).isFalse();
    assertThat(events("membersOutOfStep")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {MOVED, DELETED, DAMAGED})
  void aSetOfWhichARowWasEditedGetsNoOtherPrimary(String edit) {
    Key key = world.key();
    Key replica = replicate(key, far());
    edit(edit, key);

    Refused.with(
        new Problem.RowNotGenuine("set_member", key.id().text()),
        () -> promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION));

    assertThat(stored(replica).multiRegion().isReplica()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {MOVED, DELETED, DAMAGED})
  void aSetWhosePrimaryWasEditedInBothItsRowsGetsNoOtherEither(String edit) {
    Key key = world.key();
    Key replica = replicate(key, far());
    damage(key);
    edit(edit, key);

    Refused.with(
        new Problem.RowNotGenuine("key", key.id().text()),
        () -> promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION));
  }

  @ParameterizedTest
  @ValueSource(strings = {MOVED, DELETED, DAMAGED})
  void aReplicaIsNotBroughtBackIntoATakenPlaceWhateverBecameOfItsRowOfTheSet(String edit) {
    Key key = world.key();
    Key gone = replicate(key, far());
    world.services().lifecycle().scheduleDeletion(world.aliceFarAway(), ref(gone), WEEK);
    world.pass(WEEK);
    replicate(key, far());
    edit(edit, gone);

    Refused.with(
        new Problem.RegionTaken(),
        () -> world.services().deletions().undelete(world.aliceFarAway(), ref(gone)));
  }

  /** Else whoever edits the database destroys what its owner wants to keep. */
  @ParameterizedTest
  @ValueSource(strings = {MOVED, DELETED, DAMAGED})
  void aMemberIsKeptFromDeletionWhateverBecameOfTheRowsOfTheSet(String edit) {
    Key key = world.key();
    Key replica = replicate(key, far());
    world.services().lifecycle().scheduleDeletion(world.aliceFarAway(), ref(replica), WEEK);
    edit(edit, key);
    edit(edit, replica);
    assertThat(world.edit("UPDATE project SET name = 'x' WHERE id = ?", KeyWorld.PROJECT))
        .isEqualTo(1);
    world.restart();

    world.services().lifecycle().cancelDeletion(world.aliceFarAway(), ref(replica));

    assertThat(stored(replica).state()).isEqualTo(new KeyState.Disabled());
  }

  @ParameterizedTest
  @ValueSource(strings = {MOVED, DELETED, DAMAGED})
  void aReplicaThatWasEditedInBothItsRowsIsNamedWhenItIsNotReached(String edit) {
    Key key = imported();
    Key replica = replicate(key, far());
    damage(replica);
    edit(edit, replica);

    world.services().imports().delete(world.alice(), ref(key));

    assertThat(events("membersOutOfStep"))
        .singleElement()
        .satisfies(event -> assertThat(event.detail()).contains(replica.id().text()));
  }

  /** The key's own row says that it is of another set. */
  @Test
  void aKeyOfAnotherSetWhoseRowWasMovedIntoThisOneIsNotMissed() {
    Key key = world.key();
    replicate(key, far());
    Key stranger = world.key();
    replicate(stranger, toThird());
    assertThat(
            world.edit(
                "UPDATE set_member SET replica_set = ? WHERE key_id = ?",
                stored(key).set(),
                stranger.id().text()))
        .isEqualTo(1);
    world.restart();

    world.services().rotation().rotateNow(world.alice(), ref(key));

    assertThat(events("membersOutOfStep")).isEmpty();
  }

  // Material that the primary has not any more

  @Test
  void aReplicaThatIsRestoredAfterTheMaterialWasDeletedWaitsForItLikeItsPrimary() {
    Key key = imported();
    Key replica = replicate(key, far());
    byte[] blob = encrypt(world.aliceFarAway(), replica, "x");
    damage(replica);
    world.services().imports().delete(world.alice(), ref(key));
    restore(replica);

    try (CapturedLog log = new CapturedLog()) {
      Refused.with(WITHOUT_MATERIAL, () -> encrypt(world.aliceFarAway(), replica, "y"));
      assertThat(log.text()).contains("Replica " + replica.id() + " holds material");
    }
    Refused.with(WITHOUT_MATERIAL, () -> decrypt(world.aliceFarAway(), blob));
    assertThat(
            world.services().queries().describe(world.aliceFarAway(), ref(replica)).key().state())
        .isEqualTo(new KeyState.PendingImport());
    assertThat(stored(replica)).as("which is in memory only").isEqualTo(replica);

    new Customer(world, world::alice).bring(key, null);
    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
  }

  @Test
  void aReplicaThatIsRestoredOpensNothingOfAVersionThatItsPrimaryHasLost() {
    Customer alice = new Customer(world, world::alice);
    Key key = imported();
    byte[] first = encrypt(world.alice(), key, "first");
    alice.bringOther(key);
    world.services().rotation().rotateOnDemand(world.alice(), ref(key));
    byte[] second = encrypt(world.alice(), key, "second");
    Key replica = replicate(key, far());
    damage(replica);
    world.services().imports().delete(world.alice(), ref(key));
    alice.bringOther(key);
    restore(replica);

    assertThat(decrypt(world.aliceFarAway(), second)).isEqualTo("second by " + replica.id());
    Refused.with(WITHOUT_MATERIAL, () -> decrypt(world.aliceFarAway(), first));
  }

  @Test
  void aReplicaWhosePrimaryIsGoneOrDamagedKeepsWhatItHas() {
    Key key = imported();
    Key replica = replicate(key, far());
    damage(key);
    assertThat(decrypt(world.aliceFarAway(), encrypt(world.aliceFarAway(), replica, "x")))
        .startsWith("x");

    edit("UPDATE \"key\" SET description = '' WHERE id = ?", key);
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
    assertThat(decrypt(world.aliceFarAway(), encrypt(world.aliceFarAway(), replica, "y")))
        .startsWith("y");
    world.pass(WEEK.plus(WEEK).plus(Duration.ofMinutes(1)));
    assertThat(world.services().deletions().purgeDue()).isEqualTo(1);
    assertThat(versions(replica)).extracting(KeyVersion::number).containsExactly(1);
    assertThat(decrypt(world.aliceFarAway(), encrypt(world.aliceFarAway(), replica, "z")))
        .startsWith("z");
  }
}
