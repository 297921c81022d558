package dev.yaoku.key;

/** Why material is not imported, or imported material not deleted. */
public enum NoImport {
  /** The key's material is made here. */
  NOT_EXTERNAL,
  /** The key is a replica: material comes to its primary. */
  REPLICA,
  /** Nobody can bring material of this kind. */
  KIND,
  /** The key does not wait for material. */
  NOT_PENDING,
  /** The material is not under the wrapping key. */
  DOES_NOT_OPEN,
  /** The time of the import token is over. */
  TOKEN_EXPIRED,
  /** The import token is of another key. */
  TOKEN_OF_ANOTHER_KEY,
  /** The import token is none, was used, or was tried too often. */
  BAD_TOKEN,
  /** The material would expire in the past. */
  EXPIRY_IS_PAST,
  /** The material is not as long as the key's kind needs it. */
  LENGTH,
  /** The material is not what the key had before, or is what it has already. */
  DIFFERS,
  /** An asymmetric key needs a private key. */
  PRIVATE_KEY_MISSING,
  /** The private key is none of the key's kind, or does not hold together. */
  PRIVATE_KEY_BAD,
  /** The temporary key is of no length that there is. */
  TEMPORARY_KEY_LENGTH,
  /** Material is deleted of enabled and disabled keys only. */
  NOT_DELETABLE_NOW,
  /** Asymmetric material stays. */
  ASYMMETRIC_STAYS
}
