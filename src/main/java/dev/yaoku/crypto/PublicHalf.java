package dev.yaoku.crypto;

/**
 * A public key, ready for use from any number of threads. What the kind of key cannot do throws
 * {@link IllegalArgumentException}.
 */
public interface PublicHalf {
  /** SubjectPublicKeyInfo in DER. */
  byte[] encoded();

  /** Whether this one key takes longer than keys of its kind do, as its maker chose it so. */
  default boolean isSlow() {
    return false;
  }

  /** Whether the signature is one of the message. Anything malformed is simply not one. */
  default boolean verify(SigningAlgorithm algorithm, Message message, byte[] signature) {
    throw new IllegalArgumentException("this key does not verify with " + algorithm);
  }

  /** Encrypts for the owner of the private half. */
  default byte[] encrypt(EncryptionAlgorithm algorithm, byte[] plaintext) {
    throw new IllegalArgumentException("this key does not encrypt with " + algorithm);
  }
}
