package dev.yaoku.crypto;

import java.util.Optional;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** A public key for Ed25519 as 32 bytes, such as others publish it (RFC 8032, RFC 8037). */
public final class Ed25519Point {
  private final byte[] point;

  private Ed25519Point(byte[] point) {
    this.point = point;
  }

  /** The key in these bytes; nothing if they are no point of the group of prime order. */
  public static Optional<Ed25519Point> of(byte[] encoded) {
    return encoded.length == Ed25519.PUBLIC_KEY_SIZE && Ed25519.validatePublicKeyFull(encoded, 0)
        ? Optional.of(new Ed25519Point(encoded.clone()))
        : Optional.empty();
  }

  /** Whether this is the key's signature of the message. */
  public boolean verify(byte[] message, byte[] signature) {
    return signature.length == Ed25519.SIGNATURE_SIZE
        && Ed25519.verify(signature, 0, point, 0, message, 0, message.length);
  }
}
