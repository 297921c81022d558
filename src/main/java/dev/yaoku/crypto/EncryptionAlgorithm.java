package dev.yaoku.crypto;

import java.util.Optional;

/** How keys encrypt. Names are those of the wire. */
public enum EncryptionAlgorithm {
  /** The symmetric construction of the key's suite, in a {@link Blob}. */
  SYMMETRIC_DEFAULT,
  /** OAEP with SHA-256 for hash and MGF1, empty label (RFC 8017). */
  RSAES_OAEP_SHA_256,
  /** OAEP with SHA-1 for hash and MGF1, empty label: only to open what others made. */
  RSAES_OAEP_SHA_1,
  /** C1‖C3‖C2 with SM3, in the DER form of GM/T 0009. */
  SM2_ENCRYPT;

  /** The algorithm of this name. */
  public static Optional<EncryptionAlgorithm> named(String name) {
    return Names.find(values(), name);
  }
}
