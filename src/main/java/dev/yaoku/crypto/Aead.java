package dev.yaoku.crypto;

/** Authenticated encryption under one key with nonces of 24 bytes and tags of 16. */
sealed interface Aead permits Xaes256Gcm, Sm4Gcm {
  int NONCE_BYTES = 24;
  int TAG_BYTES = 16;

  /** Writes ciphertext and tag to {@code out} from the offset on. */
  void encrypt(byte[] nonce, byte[] associated, byte[] payload, byte[] out, int offset);

  /**
   * What the ciphertext and tag in {@code sealed}, from the offset to the end, were made of.
   *
   * @throws DoesNotOpen if the tag is not right
   */
  byte[] decrypt(byte[] nonce, byte[] associated, byte[] sealed, int offset);

  /** Destroys the key. Only when nobody uses it any more. */
  void wipe();
}
