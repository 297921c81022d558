package dev.yaoku.crypto;

/** The two families of algorithms a symmetric key can belong to (SECURITY_DESIGN section 4). */
public enum Suite {
  /** XAES-256-GCM with SHA-256; keys of 32 bytes. */
  AES(1, 32, Hash.SHA_256),
  /** SM4-GCM with SM3; keys of 16 bytes. */
  SM4(2, 16, Hash.SM3);

  private final int number;
  private final int keyBytes;
  private final Hash hash;

  Suite(int number, int keyBytes, Hash hash) {
    this.number = number;
    this.keyBytes = keyBytes;
    this.hash = hash;
  }

  /** What a ciphertext blob calls it. */
  public int number() {
    return number;
  }

  /** How long its keys are. */
  public int keyBytes() {
    return keyBytes;
  }

  Hash hash() {
    return hash;
  }
}
