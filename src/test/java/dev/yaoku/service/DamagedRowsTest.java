package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Caller;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.store.Store;
import dev.yaoku.store.StoreException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was changed behind the server's back, or fails, keeps nothing else that is due from being
 * done (SECURITY_DESIGN C1).
 */
class DamagedRowsTest {
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration WEEK = Duration.ofDays(7);
  private static final Duration YEAR = Duration.ofDays(365);
  private static final Duration MOMENT = Duration.ofMinutes(1);
  private static final Instant TOMORROW = KeyWorld.START.plus(DAY);

  /** More than are looked at together. */
  private static final int MANY = 101;

  @TempDir Path directory;
  private KeyWorld world;
  private Customer alice;
  private Customer mallory;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    alice = new Customer(world, world::alice);
    mallory = new Customer(world, world::mallory);
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** Changes rows behind the server's back. */
  private void edit(int rows, String sql, String... values) {
    assertThat(world.edit(sql, values)).isEqualTo(rows);
    world.restart();
  }

  private void damage(Key key) {
    edit(1, "UPDATE \"key\" SET description = 'changed' WHERE id = ?", key.id().text());
  }

  private int endDue() {
    return world.services().expiries().endDue();
  }

  private int storedBytes(Key key) {
    return world.store.read(tx -> tx.versions(key.id()).getFirst().wrapped().length);
  }

  private Key stored(KeyId id) {
    return world.store.read(tx -> tx.key(id).orElseThrow());
  }

  private Key rotating(Caller caller, String name) {
    Key key = world.services().creation().create(caller, KeyWorld.order(name));
    world.services().rotation().enable(caller, ref(key));
    return key;
  }

  @Test
  void theEndedTokenOfADamagedKeyKeepsNobodysMaterialFromBeingDestroyed() {
    Key damaged = alice.key();
    alice.parameters(damaged);
    Key other = mallory.key();
    mallory.bring(other, TOMORROW);
    damage(damaged);
    world.pass(DAY.plus(WEEK).plus(MOMENT));

    assertThat(endDue()).as("out of reach, then destroyed").isEqualTo(2);

    assertThat(storedBytes(other)).isZero();
  }

  @Test
  void theExpiredVersionOfADamagedKeyKeepsNobodysMaterialFromBeingDestroyed() {
    Key damaged = alice.key();
    alice.bring(damaged, TOMORROW.minusSeconds(1));
    Key other = mallory.key();
    mallory.bring(other, TOMORROW);
    damage(damaged);
    world.pass(DAY.plus(WEEK).plus(MOMENT));

    assertThat(endDue()).isEqualTo(2);

    assertThat(storedBytes(damaged))
        .as("nothing is done to a key that is not genuine")
        .isPositive();
    assertThat(storedBytes(other)).isZero();
  }

  @Test
  void aProjectWhoseKeyIsGoneKeepsNobodysKeyFromBeingRotated() {
    Key broken = rotating(world.alice(), "broken");
    world.pass(MOMENT);
    Key other = rotating(world.mallory(), "other");
    edit(1, "DELETE FROM project_key WHERE project = ?", KeyWorld.PROJECT);
    world.pass(YEAR);

    assertThat(world.services().dueRotations().rotateDue()).isEqualTo(1);

    assertThat(stored(broken.id()).currentVersion()).isEqualTo(1);
    assertThat(stored(other.id()).currentVersion()).isEqualTo(2);
  }

  @Test
  void damagedKeysBeforeItKeepNoKeyFromBeingRotated() {
    IntStream.range(0, MANY).forEach(n -> rotating(world.alice(), "key-" + n));
    world.pass(MOMENT);
    Key other = rotating(world.mallory(), "other");
    edit(MANY, "UPDATE \"key\" SET description = 'changed' WHERE project = ?", KeyWorld.PROJECT);
    world.pass(YEAR);

    assertThat(world.services().dueRotations().rotateDue()).isEqualTo(1);

    assertThat(stored(other.id()).currentVersion()).isEqualTo(2);
  }

  @Test
  void keysThatFailBeforeItKeepNoKeyFromBeingRotated() {
    IntStream.range(0, MANY).forEach(n -> rotating(world.alice(), "key-" + n));
    world.pass(MOMENT);
    Key other = rotating(world.mallory(), "other");
    edit(1, "DELETE FROM project_key WHERE project = ?", KeyWorld.PROJECT);
    world.pass(YEAR);

    assertThat(world.services().dueRotations().rotateDue()).isEqualTo(1);

    assertThat(stored(other.id()).currentVersion()).isEqualTo(2);
  }

  @Test
  void damagedKeysBeforeItKeepNoKeyFromBeingPurged() {
    for (int n = 0; n < MANY; n++) {
      Key key = world.key();
      world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
    }
    world.pass(MOMENT);
    Key other = world.services().creation().create(world.mallory(), KeyWorld.order("other"));
    world.services().lifecycle().scheduleDeletion(world.mallory(), ref(other), WEEK);
    edit(MANY, "UPDATE \"key\" SET description = 'changed' WHERE project = ?", KeyWorld.PROJECT);
    world.pass(WEEK.plus(WEEK).plus(MOMENT));

    assertThat(world.services().deletions().purgeDue()).isEqualTo(1);

    assertThat(world.store.<Boolean>read(tx -> tx.key(other.id()).isEmpty())).isTrue();
  }

  @Test
  void damagedKeysBeforeItKeepNoMaterialInReach() {
    for (int n = 0; n < MANY; n++) {
      Key key = world.key();
      world.store.write(tx -> tx.update(key.withMaterial(1, TOMORROW.minusSeconds(1))));
    }
    Key other = mallory.key();
    mallory.bring(other, TOMORROW);
    edit(MANY, "UPDATE \"key\" SET description = 'changed' WHERE project = ?", KeyWorld.PROJECT);
    world.pass(DAY);

    assertThat(endDue()).isEqualTo(1);

    assertThat(stored(other.id()).state()).isInstanceOf(KeyState.PendingImport.class);
  }

  /** Its next version is there already, which is found when the row of it is inserted. */
  @Test
  void aKeyThatWasSetBackKeepsNobodysKeyFromBeingRotated() {
    Key broken = rotating(world.alice(), "broken");
    world.pass(MOMENT);
    Key other = rotating(world.mallory(), "other");
    world.edit("CREATE TABLE earlier AS SELECT * FROM \"key\" WHERE id = ?", broken.id().text());
    world.services().rotation().rotateNow(world.alice(), ref(broken));
    edit(1, "INSERT OR REPLACE INTO \"key\" SELECT * FROM earlier");
    world.pass(YEAR);

    assertThat(world.services().dueRotations().rotateDue()).isEqualTo(1);

    assertThat(stored(broken.id()).currentVersion()).isEqualTo(1);
    assertThat(stored(other.id()).currentVersion()).isEqualTo(2);
  }

  @Test
  void aDamagedIndexKeepsNoKeyOfOthersFromBeingPurged() {
    Key damaged = world.key();
    world.services().lifecycle().scheduleDeletion(world.alice(), ref(damaged), WEEK);
    world.pass(MOMENT);
    Key other = world.services().creation().create(world.mallory(), KeyWorld.order("other"));
    world.services().lifecycle().scheduleDeletion(world.mallory(), ref(other), WEEK);
    edit(
        1,
        "UPDATE trait_set SET numbers = X'01' WHERE facet = 'all' AND project = ?",
        KeyWorld.PROJECT);
    world.pass(WEEK.plus(WEEK).plus(MOMENT));

    assertThat(world.services().deletions().purgeDue()).isEqualTo(1);

    assertThat(world.store.<Boolean>read(tx -> tx.key(damaged.id()).isPresent())).isTrue();
    assertThat(world.store.<Boolean>read(tx -> tx.key(other.id()).isEmpty())).isTrue();
  }

  @Test
  void whereTheStoreItselfFailsTheRestIsNotTried() {
    for (int n = 0; n < 3; n++) {
      Key key = world.key();
      world.services().lifecycle().scheduleDeletion(world.alice(), ref(key), WEEK);
    }
    world.pass(WEEK.plus(WEEK).plus(MOMENT));
    AtomicInteger tried = new AtomicInteger();
    Store failing =
        new PassingStore(world.store) {
          @Override
          public boolean writable() {
            return false;
          }
        };

    assertThatThrownBy(() ->
            new EachDue(failing)
                .of(
                    "Purging key",
                    (tx, passed, limit) -> tx.due().deletionDue(world.wall.get(), passed, limit),
                    Key::id,
                    _ -> {
                      tried.incrementAndGet();
                      throw new StoreException("The store was set back.");
                    }))
        .isInstanceOf(StoreException.class);

    assertThat(tried).hasValue(1);
  }
}
