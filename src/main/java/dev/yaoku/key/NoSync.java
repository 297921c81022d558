package dev.yaoku.key;

/** Why members of a multi-region set are not made or do not change their roles. */
public enum NoSync {
  /** A key in a dedicated keystore stays there. */
  KEYSTORE,
  /** The member that would become primary is not enabled. */
  TARGET_NOT_ENABLED,
  /** The member that would become primary has not what its primary has. */
  TARGET_BEHIND,
  /** The primary, to which the call must be passed on, is not enabled. */
  PRIMARY_NOT_ENABLED,
  /** The key has no replicas. */
  SINGLE
}
