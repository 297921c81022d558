package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.NoRotation;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Rotation;
import dev.yaoku.key.RotationRules;
import dev.yaoku.service.KeyChanges.Asked;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * Renews key material, on schedule or on demand. What older versions encrypted decrypts for ever.
 *
 * @see "contract/semantics.md, section 9; contract/operations-new.md, RotateOnDemand"
 */
public final class KeyRotation {
  private final Keys keys;
  private final KeyChanges changes;
  private final Materials materials;
  private final Followers followers;
  private final Randomness randomness;
  private final InstantSource clock;

  KeyRotation(
      Keys keys,
      KeyChanges changes,
      Materials materials,
      Followers followers,
      Randomness randomness,
      InstantSource clock) {
    this.keys = keys;
    this.changes = changes;
    this.materials = materials;
    this.followers = followers;
    this.randomness = randomness;
    this.clock = clock;
  }

  /** Rotates the key every 365 days from now on. */
  public Key enable(Caller caller, KeyReference reference) {
    return changes.change(
        new Asked(caller, Action.ENABLE_ROTATION, reference, Statuses.OK),
        (tx, key) -> {
          RotationRules.mustHaveSchedule(key);
          if (key.rotation().enabled()) {
            throw refuse(NoRotation.ALREADY_ENABLED);
          }
          return followers.lead(
              tx, tx.update(key.renewing(key.rotation().start(Times.now(clock)))));
        });
  }

  /** Rotates the key no more. */
  public Key disable(Caller caller, KeyReference reference) {
    return changes.change(
        new Asked(caller, Action.DISABLE_ROTATION, reference, Statuses.OK),
        (tx, key) -> {
          mustBeScheduled(key);
          return followers.lead(tx, tx.update(key.renewing(key.rotation().stop())));
        });
  }

  /**
   * Rotates the key at another interval, counted from when the running one began.
   *
   * @param days 30 to 365
   */
  public Key every(Caller caller, KeyReference reference, int days) {
    return changes.change(
        new Asked(caller, Action.UPDATE_ROTATION, reference, Statuses.OK),
        (tx, key) -> {
          mustBeScheduled(key);
          return followers.lead(
              tx, tx.update(key.renewing(key.rotation().every(days, Times.now(clock)))));
        });
  }

  private static void mustBeScheduled(Key key) {
    RotationRules.mustHaveSchedule(key);
    if (!key.rotation().enabled()) {
      throw refuse(NoRotation.NOT_ENABLED);
    }
  }

  /**
   * How a key is renewed.
   *
   * @param versions whose material is here, the newest first; empty for kinds of keys that have no
   *     versions
   */
  public record Status(KeyId key, Rotation rotation, List<KeyVersion> versions) {}

  /** How a key is renewed; in any state and of any kind. */
  public Status status(Caller caller, KeyReference reference) {
    try (OpenKey open = keys.open(caller, reference)) {
      Key key = caller.mustBeAllowed(Action.GET_ROTATION, open.key()).key();
      boolean renewable = key.spec().rotates();
      List<KeyVersion> versions = renewable ? open.versions().reversed() : List.of();
      return new Status(key.id(), key.rotation(), versions);
    }
  }

  /**
   * Makes waiting imported material current.
   *
   * @throws KmsException with {@link Problem.NotRotated} if none waits
   */
  public Key rotateOnDemand(Caller caller, KeyReference reference) {
    return changes.change(
        new Asked(caller, Action.ROTATE_ON_DEMAND, reference, Statuses.OK),
        (tx, key) -> {
          Instant now = Times.now(clock);
          RotationRules.mustRotateOnDemand(key.asOf(now));
          KeyVersion waiting =
              tx.versions(key.id()).stream()
                  .filter(version -> version.waiting() && version.isHereAt(now))
                  .findFirst()
                  .orElseThrow(() -> refuse(NoRotation.NOTHING_WAITING));
          tx.update(waiting.current());
          return followers.lead(
              tx,
              tx.update(
                  key.withMaterial(waiting.number(), waiting.expiresAt())
                      .renewing(key.rotation().happened(now))));
        });
  }

  /**
   * Makes new material for a key of origin kms at once. Yaoku's own: the cloud waits for the
   * schedule.
   */
  public Key rotateNow(Caller caller, KeyReference reference) {
    Key resolved = rotatable(caller, reference);
    try (Intake intake = materials.intake(resolved.project())) {
      return changes.change(
          new Asked(
              caller, Action.ROTATE_ON_DEMAND, new KeyReference.Id(resolved.id()), Statuses.OK),
          (tx, key) -> {
            RotationRules.mustRotateNow(key);
            return renew(tx, key, intake, Times.now(clock));
          });
    }
  }

  /** Looks before the project's key is opened; the transaction looks again. */
  private Key rotatable(Caller caller, KeyReference reference) {
    try (OpenKey open = keys.open(caller, reference)) {
      Key key = caller.mustBeAllowed(Action.ROTATE_ON_DEMAND, open.key()).key();
      RotationRules.mustRotateNow(key);
      return key;
    }
  }

  /** Gives a locked key one more version, and its replicas too. */
  Key renew(Writing tx, Key key, Intake intake, Instant now) {
    int next = key.currentVersion() + 1;
    Materials.Made made = intake.make(key, next);
    tx.insert(
        new KeyVersion(
            key.id(),
            next,
            randomness.uuid().toString(),
            made.wrapped(),
            made.projectKeyVersion(),
            new byte[0],
            false,
            now,
            null,
            1));
    return followers.lead(
        tx, tx.update(key.withMaterial(next, null).renewing(key.rotation().happened(now))));
  }

  private static KmsException refuse(NoRotation why) {
    return new KmsException(new Problem.NotRotated(why));
  }
}
