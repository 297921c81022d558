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

  /**
   * Of the two forms of an ECDSA signature, (r, s) and (r, n - s), the one with the smaller s.
   *
   * @param signature what is no signature stays as it is
   */
  static byte[] lowS(byte[] signature, BigInteger n) {
    try {
      BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(n, signature);
      return StandardDSAEncoding.INSTANCE.encode(n, rs[0], rs[1].min(n.subtract(rs[1])));
    } catch (IOException | IllegalArgumentException | ClassCastException _) {
      return signature;
    }
  }
}
