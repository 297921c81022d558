package dev.yaoku.service;

import dev.yaoku.audit.Rating;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.RotationRules;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotates the keys whose time has come. Each rotation is one transaction that looks again whether
 * it is due, so it happens once, however many nodes try and wherever one of them stops.
 */
public final class DueRotations {
  private static final Logger LOG = LoggerFactory.getLogger(DueRotations.class);

  private final Store store;
  private final EachDue eachDue;
  private final Keys keys;
  private final Materials materials;
  private final KeyRotation rotation;
  private final Events events;
  private final InstantSource clock;

  /** When this was last called. Before the first call anything may have happened to the clock. */
  private Instant last = Instant.MAX;

  DueRotations(
      Store store,
      Keys keys,
      Materials materials,
      KeyRotation rotation,
      Events events,
      InstantSource clock) {
    this.store = store;
    this.eachDue = new EachDue(store);
    this.keys = keys;
    this.materials = materials;
    this.rotation = rotation;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Rotates every enabled key that is due. To be called by housekeeping, on one thread.
   *
   * @return how many were rotated
   */
  public int rotateDue() {
    Instant now = Times.now(clock);
    if (now.isBefore(last)) {
      // A clock that was ahead put the next rotation too far off.
      int recalled = recallAll(now);
      if (recalled > 0) {
        LOG.warn("The clock went back; {} keys are due earlier than they were.", recalled);
      }
    }
    last = now;
    return eachDue.of(
        "Rotating key",
        (tx, passed, limit) -> tx.due().rotationDue(now, passed, limit),
        Key::id,
        key -> rotate(key, now));
  }

  private int recallAll(Instant now) {
    return eachDue.of(
        "Recalling the rotation of key",
        (tx, passed, limit) -> tx.due().rotationTooFarOff(now, passed, limit),
        Key::id,
        key -> recall(key.id(), now));
  }

  private boolean rotate(Key due, Instant now) {
    Set<KeyId> touched = ConcurrentHashMap.newKeySet();
    touched.add(due.id());
    try (Intake intake = materials.intake(due.project())) {
      return store.write(tx -> {
        boolean rotated = rotate(tx, due.id(), intake, now);
        touched.addAll(Keys.changedBy(tx));
        return rotated;
      });
    } finally {
      touched.forEach(keys::changed);
    }
  }

  private boolean rotate(Writing tx, KeyId id, Intake intake, Instant now) {
    Key key = tx.lockKey(id).orElse(null);
    if (key == null
        || !key.rotation().isDueAt(now)
        || !RotationRules.rotatesBySchedule(key)
        || !key.hasMaterial()) {
      return false;
    }
    Key renewed = rotation.renew(tx, key, intake, now);
    record(tx, renewed, "rotateKey", "to version " + renewed.currentVersion());
    return true;
  }

  private boolean recall(KeyId id, Instant now) {
    try {
      return store.write(tx -> {
        Key key = tx.lockKey(id).orElse(null);
        if (key == null || key.rotation().recalled(now).equals(key.rotation())) {
          return false;
        }
        Key recalled = tx.update(key.renewing(key.rotation().recalled(now)));
        record(tx, recalled, "recallKeyRotation", "it was due " + key.rotation().dueAt());
        return true;
      });
    } finally {
      keys.changed(id);
    }
  }

  private void record(Writing tx, Key key, String trace, String detail) {
    tx.append(events.ofKey(key, trace, Rating.NORMAL, detail, tx.changes()));
  }
}
