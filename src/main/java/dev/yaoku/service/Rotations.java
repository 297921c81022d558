package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Rotation;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews material. New material encrypts from then on; what older versions encrypted opens for ever.
 */
public final class Rotations {
  private static final Logger LOG = LoggerFactory.getLogger(Rotations.class);
  private static final int OK = 200;
  private static final int BATCH = 100;

  private final Store store;
  private final Keys keys;
  private final KeyChanges changes;
  private final Materials materials;
  private final NewVersions versions;
  private final InstantSource clock;
  private final Events events;

  Rotations(
      Store store,
      Keys keys,
      KeyChanges changes,
      Materials materials,
      NewVersions versions,
      InstantSource clock,
      Events events) {
    this.store = store;
    this.keys = keys;
    this.changes = changes;
    this.materials = materials;
    this.versions = versions;
    this.clock = clock;
    this.events = events;
  }

  /**
   * How a key is renewed.
   *
   * @param materials its versions, newest first, the waiting one before all; empty for keys that
   *     are not renewed at all
   */
  public record Status(Rotation rotation, List<KeyVersion> materials) {}

  /** How a key is renewed, in any state. */
  public Status status(Caller caller, KeyReference reference) {
    try (OpenKey key = keys.open(caller, reference)) {
      Key permitted = caller.mustBeAllowed(Action.GET_ROTATION, key.key()).key();
      List<KeyVersion> shown =
          permitted.spec().rotates() ? newestFirst(key.versions()) : List.of();
      return new Status(permitted.rotation(), shown);
    }
  }

  /** All versions of a key that have material, newest first, the waiting one before all. */
  public List<KeyVersion> versions(Caller caller, KeyReference reference) {
    try (OpenKey key = keys.open(caller, reference)) {
      caller.mustBeAllowed(Action.GET_ROTATION, key.key());
      return newestFirst(key.versions());
    }
  }

  private List<KeyVersion> newestFirst(List<KeyVersion> all) {
    return all.stream()
        .filter(version -> version.isUsableAt(clock.instant()))
        .sorted(Comparator.comparingInt(KeyVersion::number).reversed())
        .toList();
  }

  /** Turns rotation on, a year from now and every year. */
  public void enable(Caller caller, KeyReference reference) {
    change(caller, Action.ENABLE_ROTATION, reference, key -> {
      if (key.rotation().enabled()) {
        throw new KmsException(new Problem.RotationOn());
      }
      return key.rotation().on(Times.now(clock));
    });
  }

  /** Turns rotation off. */
  public void disable(Caller caller, KeyReference reference) {
    change(caller, Action.DISABLE_ROTATION, reference, key -> {
      mustBeOn(key);
      return key.rotation().off();
    });
  }

  /**
   * Sets how often.
   *
   * @param days 30 to 365
   */
  public void setInterval(Caller caller, KeyReference reference, int days) {
    change(caller, Action.UPDATE_ROTATION, reference, key -> {
      mustBeOn(key);
      return key.rotation().every(days, Times.now(clock));
    });
  }

  private static void mustBeOn(Key key) {
    if (!key.rotation().enabled()) {
      throw new KmsException(new Problem.RotationOff());
    }
  }

  private interface Setting {
    Rotation of(Key key);
  }

  private void change(Caller caller, Action action, KeyReference reference, Setting setting) {
    changes.change(
        caller,
        action,
        reference,
        OK,
        (tx, key) -> {
          mustRotateByItself(key);
          mustBeHere(key);
          return tx.update(key.with(setting.of(key)));
        });
  }

  private static void mustRotateByItself(Key key) {
    key.mustBeCustom();
    if (key.origin() == Origin.EXTERNAL) {
      throw new KmsException(new Problem.ExternalDoesNotRotate());
    }
    mustBeOfAKindThatRotates(key);
  }

  private static void mustBeOfAKindThatRotates(Key key) {
    if (!Problem.Work.ROTATION.isFor(key.spec(), key.usage())) {
      throw new KmsException(
          new Problem.OperationNotForKey(Problem.Work.ROTATION, key.spec(), key.usage()));
    }
    if (!key.keystore().equals(Keys.BUILT_IN_KEYSTORE)) {
      throw new KmsException(new Problem.NoRotationInKeystore());
    }
  }

  /** Settings may be made while the key is disabled: clients disable first and set then. */
  private static void mustBeHere(Key key) {
    if (!(key.state() instanceof KeyState.Disabled)) {
      key.mustBeEnabled();
    }
  }

  /**
   * Renews a key's material now. Yaoku's own: the cloud renews on schedule only.
   *
   * @return the key with its new current version
   */
  public Key now(Caller caller, KeyReference reference) {
    Key seen = permitted(caller, reference);
    mustRotateByItself(seen);
    seen.mustBeEnabled();
    try (Lease<ProjectKeys.Open> wrapping = materials.wrapping(seen.project())) {
      return changes.change(
          caller,
          Action.UPDATE_ROTATION,
          reference,
          OK,
          (tx, key) -> {
            mustRotateByItself(key);
            key.mustBeEnabled();
            return renewed(tx, key, wrapping.value());
          });
    }
  }

  private Key permitted(Caller caller, KeyReference reference) {
    try (OpenKey key = keys.open(caller, reference)) {
      return caller.mustBeAllowed(Action.UPDATE_ROTATION, key.key()).key();
    }
  }

  /**
   * Makes the imported material that waits the current one.
   *
   * @return the key's id
   * @throws KmsException with {@link Problem.NotPendingImport} if none waits
   */
  public KeyId onDemand(Caller caller, KeyReference reference) {
    return changes
        .change(
            caller,
            Action.ROTATE_ON_DEMAND,
            reference,
            OK,
            (tx, key) -> {
              key.mustBeCustom();
              if (key.origin() != Origin.EXTERNAL) {
                throw new KmsException(new Problem.NotExternal());
              }
              mustBeOfAKindThatRotates(key);
              key.mustBeEnabled();
              return withWaiting(tx, key);
            })
        .id();
  }

  private Key withWaiting(Writing tx, Key key) {
    Instant now = Times.now(clock);
    KeyVersion waiting =
        tx.versions(key.id()).stream()
            .filter(version -> version.waiting() && version.isUsableAt(now))
            .findFirst()
            .orElseThrow(() -> new KmsException(new Problem.NotPendingImport()));
    tx.update(waiting.current());
    return tx.update(key.rotated(waiting.number(), waiting.expiresAt(), now));
  }

  /**
   * Renews every key that is due. To be called every minute; a key that was due many times while no
   * server ran is renewed once.
   *
   * @return how many were renewed
   */
  public int rotateDue() {
    int renewed = 0;
    int inBatch;
    do {
      Instant now = Times.now(clock);
      List<Key> due = store.read(tx -> tx.rotationDue(now, BATCH));
      inBatch = (int) due.stream().filter(key -> rotate(key, now)).count();
      renewed += inBatch;
    } while (inBatch == BATCH);
    return renewed;
  }

  private boolean rotate(Key due, Instant now) {
    try (Lease<ProjectKeys.Open> wrapping = materials.wrapping(due.project())) {
      return store.write(tx -> rotate(tx, due.id(), now, wrapping.value()));
    } catch (KmsException e) {
      // One key that cannot be renewed stops no other.
      LOG.error("Key {} is due for rotation but cannot be renewed: {}", due.id(), e.problem());
      return false;
    } finally {
      keys.changed(due.id());
    }
  }

  private boolean rotate(Writing tx, KeyId id, Instant now, ProjectKeys.Open wrapping) {
    Optional<Key> found = tx.lockKey(id).filter(key -> isDue(key, now));
    if (found.isEmpty()) {
      return false;
    }
    Key key = renewed(tx, found.get(), wrapping);
    tx.append(
        events.ofServer(
            key.account(),
            "rotateKey",
            "cmk",
            id.text(),
            "normal",
            "version " + key.currentVersion(),
            tx.changes()));
    return true;
  }

  private static boolean isDue(Key key, Instant now) {
    return key.state() instanceof KeyState.Enabled && key.rotation().isDueAt(now);
  }

  private Key renewed(Writing tx, Key key, ProjectKeys.Open wrapping) {
    Instant now = Times.now(clock);
    int next = NewVersions.after(tx.versions(key.id()));
    tx.insert(versions.made(key, next, wrapping, now));
    return tx.update(key.rotated(next, null, now));
  }
}
