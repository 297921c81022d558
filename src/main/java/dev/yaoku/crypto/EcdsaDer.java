package dev.yaoku.crypto;

import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** The DER form of ECDSA and SM2 signatures. */
final class EcdsaDer {
  private EcdsaDer() {}

  /** Whether these are two integers in 1 to n - 1 in the one DER form they have. */
  static boolean isStrict(byte[] signature, BigInteger n) {
    try {
      StandardDSAEncoding.INSTANCE.decode(n, signature); // refuses what it would not encode so
      return true;
    } catch (IOException | IllegalArgumentException | ClassCastException _) {
      return false;
    }
  }
}
