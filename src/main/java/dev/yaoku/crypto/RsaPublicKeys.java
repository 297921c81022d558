package dev.yaoku.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.RSAPublicKeySpec;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Public RSA keys of others, of 2048 to 8192 bits (RFC 8017, appendix A.1.1). */
final class RsaPublicKeys {
  private static final int BITS_MIN = 2048;
  private static final int BITS_MAX = 8192;

  /** A longer exponent only costs time. */
  private static final int EXPONENT_BITS_MAX = 64;

  private RsaPublicKeys() {}

  /**
   * Reads a key.
   *
   * @param spki SubjectPublicKeyInfo in DER, nothing after it
   * @throws BadKey if it is none of that size
   */
  static RSAPublicKey read(byte[] spki) {
    return Der.key("this is no RSA public key in DER", () -> parsed(spki));
  }

  private static RSAPublicKey parsed(byte[] spki) throws IOException, GeneralSecurityException {
    SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(Der.read(spki));
    if (!info.getAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption)) {
      throw new BadKey("a public key of another algorithm");
    }
    org.bouncycastle.asn1.pkcs.RSAPublicKey key =
        org.bouncycastle.asn1.pkcs.RSAPublicKey.getInstance(
            Der.read(info.getPublicKeyData().getOctets()));
    mustBeSound(key.getModulus(), key.getPublicExponent());
    return (RSAPublicKey)
        KeyFactory.getInstance("RSA", Providers.SUN_RSA)
            .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()));
  }

  /** Whether a key of somebody else is strong, and checks signatures in little time. */
  static boolean isSound(BigInteger modulus, BigInteger exponent) {
    try {
      mustBeSound(modulus, exponent);
      return true;
    } catch (BadKey _) {
      return false;
    }
  }

  /** Whether to check a signature with a key of somebody else takes little time. */
  static boolean isQuick(BigInteger modulus, BigInteger exponent) {
    return modulus.bitLength() <= BITS_MAX && exponent.bitLength() <= EXPONENT_BITS_MAX;
  }

  private static void mustBeSound(BigInteger modulus, BigInteger exponent) {
    int bits = modulus.bitLength();
    if (modulus.signum() <= 0 || bits < BITS_MIN || bits > BITS_MAX || !modulus.testBit(0)) {
      throw new BadKey("an RSA key of " + bits + " bits");
    }
    if (exponent.compareTo(BigInteger.TWO) <= 0
        || exponent.bitLength() > EXPONENT_BITS_MAX
        || !exponent.testBit(0)) {
      throw new BadKey("an RSA exponent that is even, too small or too large");
    }
  }
}
