package dev.yaoku.key;

/** Why a key is not rotated, or its rotation not arranged so. */
public enum NoRotation {
  /** Its material comes from outside and changes on demand only. */
  EXTERNAL,
  /** It is made here; waiting material is for keys of external origin. */
  NOT_EXTERNAL,
  /** It is in a dedicated keystore. */
  KEYSTORE,
  /** RSA keys stay what they are. */
  RSA,
  /** So do other asymmetric keys. */
  ASYMMETRIC,
  /** And keys for MACs. */
  MAC,
  /** Rotation is off. */
  NOT_ENABLED,
  /** Rotation is on already. */
  ALREADY_ENABLED,
  /** No imported material waits. */
  NOTHING_WAITING,
  /** It has as many versions as it may get on demand. */
  TOO_OFTEN
}
