package dev.yaoku.crypto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.util.BigIntegers;

/** What all curves share when Bouncy Castle computes. */
final class BcEc {
  private BcEc() {}

  /** A fresh scalar, uniform in 1 to n - 2, which is in range for every curve. */
  static BigInteger scalar(Curve curve, SecureRandom random) {
    BigInteger last = curve.domain().getN().subtract(BigInteger.TWO);
    return BigIntegers.createRandomInRange(BigInteger.ONE, last, random);
  }

  static ECPrivateKeyParameters privateKey(Curve curve, BigInteger scalar) {
    return new ECPrivateKeyParameters(scalar, curve.domain());
  }

  static ECPublicKeyParameters publicKey(Curve curve, byte[] spki) {
    return new ECPublicKeyParameters(curve.publicPoint(spki), curve.domain());
  }

  /** The x-coordinate of d·Q, as long as the field. */
  static byte[] agree(Curve curve, BigInteger scalar, byte[] peer) {
    ECDHBasicAgreement agreement = new ECDHBasicAgreement();
    agreement.init(privateKey(curve, scalar));
    BigInteger x = agreement.calculateAgreement(publicKey(curve, peer));
    return BigIntegers.asUnsignedByteArray(curve.fieldBytes(), x);
  }

  /** The scalar as bytes, to key a MAC with. */
  static byte[] bytes(Curve curve, BigInteger scalar) {
    return BigIntegers.asUnsignedByteArray((curve.domain().getN().bitLength() + 7) / 8, scalar);
  }

  /** A nonce source for one signature, which closes it. */
  static HedgedNonces hedged(Curve curve, BigInteger scalar, byte[] digest, Randomness randomness) {
    byte[] key = bytes(curve, scalar);
    try {
      return HedgedNonces.of(key, digest, randomness);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }
}
