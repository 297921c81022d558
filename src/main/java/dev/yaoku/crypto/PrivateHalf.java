package dev.yaoku.crypto;

/**
 * A private key, ready for use from any number of threads. What the kind of key cannot do throws
 * {@link IllegalArgumentException}: callers read {@link KeySpec} first.
 */
public interface PrivateHalf extends AutoCloseable {
  /**
   * Signs.
   *
   * @return DER for ECDSA and SM2, else the bytes of the standard
   * @throws CryptoFault if the signature does not verify and so must not leave
   */
  default byte[] sign(SigningAlgorithm algorithm, Message message) {
    throw new IllegalArgumentException("this key does not sign with " + algorithm);
  }

  /**
   * Decrypts.
   *
   * @throws DoesNotOpen whatever is wrong with the ciphertext
   */
  default byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
    throw new IllegalArgumentException("this key does not decrypt with " + algorithm);
  }

  /**
   * The secret shared with the owner of another key: the x-coordinate, as long as the field.
   *
   * @param peer the other's SubjectPublicKeyInfo in DER
   * @throws BadKey if it is none, or of another curve
   */
  default byte[] agree(byte[] peer) {
    throw new IllegalArgumentException("this key does not agree on secrets");
  }

  /** The public half. */
  PublicHalf publicHalf();

  /** Destroys what can be destroyed and drops the rest. */
  @Override
  void close();
}
