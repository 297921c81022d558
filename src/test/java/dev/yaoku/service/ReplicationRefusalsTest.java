package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.MultiRegion.Role;
import dev.yaoku.key.NoSync;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Problem;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Where replicas cannot go, and what counts for nothing when it was changed in the database. */
class ReplicationRefusalsTest extends ReplicationWorld {
  /** Changes a row behind the server's back. */
  private void edit(String sql, String... values) {
    assertThat(world.edit(sql, values)).isEqualTo(1);
    world.restart();
  }

  // Where replicas cannot go

  @Test
  void noReplicaLeavesTheAccountOrGoesWhereTheRegionIsNot() {
    Key key = world.key();
    Problem.BadValue badProject =
        new Problem.BadValue(
            dev.yaoku.key.Field.OTHER,
            "replica_project_id",
            "replica_project_id must be an enabled project of your account in replica_region.");
    for (String project :
        List.of(
            KeyWorld.OTHER_FAR_PROJECT, // another account's
            KeyWorld.SECOND_PROJECT, // in another region
            "f".repeat(32))) { // nowhere
      refused(
          badProject,
          world.alice(),
          key,
          new Replication.Order(KeyWorld.FAR_REGION, project, "r", "", "0", List.of()));
    }
  }

  @Test
  void aReplicaNeedsTheRightToCreateKeysThere() {
    Key key = world.key();
    refused(
        new Problem.NotAllowed("kms:cmk:create"),
        restricted(KeyWorld.PROJECT, Set.of(KeyWorld.FAR_PROJECT), Set.of()),
        key,
        far());
    refused(
        new Problem.KeyNotAllowed("kms:cmk:replicate"),
        restricted(KeyWorld.PROJECT, Set.of(), Set.of(Action.REPLICATE_KEY)),
        key,
        far());
    assertThat(
            world
                .services()
                .replication()
                .replicate(restricted(KeyWorld.PROJECT, Set.of(), Set.of()), ref(key), far())
                .project())
        .isEqualTo(KeyWorld.FAR_PROJECT);
  }

  @Test
  void aTokenOfOneProjectMakesNoKeysInAnother() {
    refused(
        new Problem.NotAllowed("kms:cmk:create"),
        restricted(KeyWorld.PROJECT, Set.of(), Set.of(), KeyWorld.PROJECT),
        world.key(),
        far());
  }

  @Test
  void oneMemberARegion() {
    Key key = world.key();
    refused(
        new Problem.RegionTaken(),
        world.alice(),
        key,
        new Replication.Order(KeyWorld.REGION, KeyWorld.SECOND_PROJECT, "r", "", "0", List.of()));
    replicate(key, far());
    refused(new Problem.RegionTaken(), world.alice(), key, far());
  }

  @Test
  void onlyEnabledCustomKeysOfTheBuiltInKeystoreAreReplicatedAndNoReplicas() {
    refused(new Problem.DefaultKey(), world.alice(), world.defaultKey(), far());
    Key key = world.key();
    Key replica = replicate(key, far());
    Refused.with(
        new Problem.ReadOnlyReplica(),
        () ->
            world
                .services()
                .replication()
                .replicate(world.aliceFarAway(), ref(replica), toThird()));
    world.services().lifecycle().disable(world.alice(), ref(key));
    refused(
        new Problem.WrongState(Problem.Need.USABLE, new KeyState.Disabled()),
        world.alice(),
        key,
        toThird());
    dev.yaoku.key.Keystore keystore =
        world.services().keystores().create(world.alice(), "vault", "DHSM", "cluster-1");
    world.services().keystores().enable(world.alice(), keystore.id());
    Key filed =
        world
            .services()
            .creation()
            .create(world.alice(), KeyWorld.order("filed", Origin.KMS, keystore.id()));
    refused(new Problem.NotInStep(NoSync.KEYSTORE), world.alice(), filed, far());
  }

  @Test
  void nameQuotaAndTagsAreTheTargetProjects() {
    world.services().creation().create(world.aliceFarAway(), KeyWorld.order("taken"));
    Key key = world.key();
    refused(new Problem.NameTaken(), world.alice(), key, far("taken"));
    world.key("free-there");
    assertThat(replicate(key, far("free-there")).name()).isEqualTo("free-there");
    for (int i = 2; i < 100; i++) {
      world.services().creation().create(world.aliceFarAway(), KeyWorld.order("far-" + i));
    }
    refused(new Problem.KeyQuotaReached(100), world.alice(), world.key(), far());
  }

  // The set is authenticated

  @Test
  void aSetIdSwappedInTheDatabaseIsRefused() {
    Key key = world.key();
    Key replica = replicate(key, far());
    Key other = world.key();
    replicate(other, far());
    byte[] blob = encrypt(world.alice(), other, "x");

    edit(
        "UPDATE \"key\" SET replica_set = ? WHERE id = ?",
        "replica:" + stored(other).set(),
        replica.id().text());
    assertThat(Refused.problem(() -> encrypt(world.aliceFarAway(), replica, "y")))
        .isEqualTo(new Problem.RowNotGenuine("key", replica.id().text()));
    assertThat(decrypt(world.alice(), blob)).startsWith("x");
  }

  @Test
  void aMembersRowSwappedInTheDatabaseIsRefused() {
    Key key = world.key();
    replicate(key, far());
    Key stranger = world.key();
    replicate(stranger, toThird());
    byte[] blob = encrypt(world.alice(), key, "x");
    edit(
        "UPDATE set_member SET replica_set = ? WHERE key_id = ?",
        stored(stranger).set(),
        key.id().text());

    // The key's own row says what it belongs to; the edited one counts for nothing.
    Refused.with(new Problem.KeyNotFound(), () -> decrypt(third(), blob));
    assertThat(decrypt(world.alice(), blob)).startsWith("x");
  }

  @Test
  void theWrapsAreBoundToTheSet() {
    Key key = world.key();
    Key replica = replicate(key, far());
    world.services().keys().changedAll();
    // Whoever could write rows with good MACs still could not move material to another set.
    world.store.write(tx ->
        tx.update(
            tx.lockKey(replica.id())
                .orElseThrow()
                .withMultiRegion(new MultiRegion(Role.REPLICA, "another-set"))));

    assertThat(Refused.problem(() -> encrypt(world.aliceFarAway(), replica, "y")))
        .isEqualTo(new Problem.RowNotGenuine("key_versions", replica.id() + "/1"));
  }
}
