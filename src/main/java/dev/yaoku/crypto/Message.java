package dev.yaoku.crypto;

/** What is signed: a message, or the digest that its owner made of it. */
public sealed interface Message {

  /** The message itself. */
  @SuppressWarnings("ArrayRecordComponent") // on its way to one operation
  record Raw(byte[] bytes) implements Message {}

  /** A digest, as long as the algorithm's hash. For SM2 it covers the signer's identity already. */
  @SuppressWarnings("ArrayRecordComponent") // on its way to one operation
  record Digest(byte[] bytes) implements Message {}

  /** The digest that the algorithm signs, made here if it was not made before. */
  default byte[] digest(SigningAlgorithm algorithm) {
    return switch (this) {
      case Raw(byte[] bytes) -> algorithm.hash().digest(bytes);
      case Digest(byte[] bytes) -> {
        if (!algorithm.signsDigests() || bytes.length != algorithm.hash().length()) {
          throw new IllegalArgumentException(
              algorithm + " signs no digest of " + bytes.length + " bytes");
        }
        yield bytes;
      }
    };
  }
}
