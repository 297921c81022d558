package dev.yaoku.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.bouncycastle.crypto.digests.NullDigest;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.signers.DSAKCalculator;
import org.bouncycastle.crypto.signers.RandomDSAKCalculator;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECFieldElement;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.util.Arrays;
import org.bouncycastle.util.BigIntegers;

/**
 * SM2 signatures of one key, with what depends on the key alone computed once: the identity Z, and
 * for signing (1 + d)⁻¹. The library's signer computes both anew for each signature, and for Z the
 * public point too, which doubles the cost. Points and scalars are multiplied by the library, in
 * time that does not depend on the scalar.
 *
 * @see "GB/T 32918.2, 6.1 and 7.1"
 */
final class Sm2Signatures {
  private static final byte[] USER_ID = "1234567812345678".getBytes(StandardCharsets.US_ASCII);
  private static final Curve CURVE = Curve.SM2;
  private static final BigInteger N = CURVE.domain().getN();

  private final ECPublicKeyParameters key;
  private final byte[] identity;

  Sm2Signatures(ECPublicKeyParameters key) {
    this.key = key;
    this.identity = identity(key.getQ());
  }

  /** Z: SM3 of the user id's length in bits, the user id, the curve and the public point. */
  private static byte[] identity(ECPoint point) {
    int bits = USER_ID.length * Byte.SIZE;
    return Hash.SM3.digest(
        new byte[] {(byte) (bits >>> 8), (byte) bits},
        USER_ID,
        CURVE.domain().getCurve().getA().getEncoded(),
        CURVE.domain().getCurve().getB().getEncoded(),
        coordinates(CURVE.domain().getG()),
        coordinates(point));
  }

  private static byte[] coordinates(ECPoint point) {
    ECPoint affine = point.normalize();
    ECFieldElement x = affine.getAffineXCoord();
    ECFieldElement y = affine.getAffineYCoord();
    return Arrays.concatenate(x.getEncoded(), y.getEncoded());
  }

  ECPublicKeyParameters key() {
    return key;
  }

  /** What is signed: SM3(Z‖M), which whoever brings a digest has computed himself. */
  byte[] digest(Message message) {
    return switch (message) {
      case Message.Raw(byte[] raw) -> Hash.SM3.digest(identity, raw);
      case Message.Digest _ -> message.digest(SigningAlgorithm.SM2DSA_SM3);
    };
  }

  /** (1 + d)⁻¹ mod n, as secret as d itself. */
  static BigInteger inverse(BigInteger scalar) {
    return BigIntegers.modOddInverse(N, scalar.add(BigInteger.ONE));
  }

  /**
   * Signs: r = e + x(kG), s = (1 + d)⁻¹(k + r) - r, which is the standard's (1 + d)⁻¹(k - rd).
   *
   * @param inverse what {@link #inverse} made of the private scalar
   * @param nonces where k comes from; it must be hedged
   * @return DER
   */
  static byte[] sign(BigInteger inverse, byte[] digest, SecureRandom nonces) {
    BigInteger e = new BigInteger(1, digest);
    DSAKCalculator draw = new RandomDSAKCalculator();
    draw.init(N, nonces);
    while (true) {
      BigInteger k = draw.nextK();
      BigInteger r = e.add(CURVE.point(k).getAffineXCoord().toBigInteger()).mod(N);
      BigInteger sum = r.add(k);
      if (r.signum() == 0 || sum.equals(N)) {
        continue;
      }
      BigInteger s = inverse.multiply(sum).subtract(r).mod(N);
      if (s.signum() != 0) {
        return encoded(r, s);
      }
    }
  }

  private static byte[] encoded(BigInteger r, BigInteger s) {
    try {
      return StandardDSAEncoding.INSTANCE.encode(N, r, s);
    } catch (IOException e) {
      throw new CryptoFault("an SM2 signature cannot be encoded", e);
    }
  }

  boolean verifies(Message message, byte[] signature) {
    byte[] digest = digest(message);
    if (!EcdsaDer.isStrict(signature, N)) {
      return false;
    }
    OverDigest signer = new OverDigest();
    signer.init(false, new ParametersWithID(key, USER_ID));
    signer.update(digest, 0, digest.length);
    return signer.verifySignature(signature);
  }

  /** Takes SM3(Z‖M) as it is: the identity Z is in it already. */
  private static final class OverDigest extends SM2Signer {
    OverDigest() {
      super(new NullDigest());
    }

    @Override
    protected byte[] getZ(byte[] userId) {
      return new byte[0];
    }
  }
}
