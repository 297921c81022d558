package dev.yaoku.key;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;

/**
 * Which keys can be rotated: by kind first, by state then.
 *
 * @see "contract/semantics.md, sections 1 and 9"
 */
public final class RotationRules {
  /** So many versions a key can get by being rotated on demand; the schedule goes on. */
  public static final int VERSIONS_ON_DEMAND_MAX = 1_000;

  private RotationRules() {}

  /**
   * Refuses a schedule for a key that has none. A disabled key may have one: clients set it up
   * after they disabled the key.
   *
   * @throws KmsException with the first thing that is in the way
   */
  public static void mustHaveSchedule(Key key) {
    key.mustBeCustom();
    key.mustNotBeReplica();
    mustBeOfRotatingKind(key);
    if (key.origin() == Origin.EXTERNAL) {
      throw refuse(NoRotation.EXTERNAL);
    }
    key.mustBeChangeable();
  }

  /**
   * Refuses to make waiting material current. That a key's material was made here is told before
   * its kind, unlike by the rotations of a schedule ({@code operations-new.md}, RotateOnDemand).
   *
   * @throws KmsException with the first thing that is in the way
   */
  public static void mustRotateOnDemand(Key key) {
    key.mustBeCustom();
    key.mustNotBeReplica();
    if (key.origin() != Origin.EXTERNAL) {
      throw refuse(NoRotation.NOT_EXTERNAL);
    }
    mustBeOfRotatingKind(key);
    key.mustBeEnabled();
    mustNotHaveTooManyVersions(key);
  }

  /**
   * Refuses to make new material at once.
   *
   * @throws KmsException with the first thing that is in the way
   */
  public static void mustRotateNow(Key key) {
    mustHaveSchedule(key);
    key.mustBeEnabled();
    mustNotHaveTooManyVersions(key);
  }

  /** All versions of a key are in memory while it is used. */
  private static void mustNotHaveTooManyVersions(Key key) {
    if (key.currentVersion() >= VERSIONS_ON_DEMAND_MAX) {
      throw refuse(NoRotation.TOO_OFTEN);
    }
  }

  /** Whether an enabled key of the kind can be rotated by the server itself. */
  public static boolean rotatesBySchedule(Key key) {
    return !key.isDefault()
        && !key.multiRegion().isReplica()
        && key.spec().rotates()
        && key.usage() == KeyUsage.ENCRYPT_DECRYPT
        && key.origin() == Origin.KMS
        && key.isInBuiltInKeystore()
        && key.state() instanceof KeyState.Enabled;
  }

  private static void mustBeOfRotatingKind(Key key) {
    KeySpec spec = key.spec();
    if (!spec.macAlgorithms().isEmpty()) {
      throw refuse(NoRotation.MAC);
    }
    if (spec.isRsa()) {
      throw refuse(NoRotation.RSA);
    }
    if (!spec.rotates()) {
      throw refuse(NoRotation.ASYMMETRIC);
    }
    if (!key.isInBuiltInKeystore()) {
      throw refuse(NoRotation.KEYSTORE);
    }
  }

  private static KmsException refuse(NoRotation why) {
    return new KmsException(new Problem.NotRotated(why));
  }
}
