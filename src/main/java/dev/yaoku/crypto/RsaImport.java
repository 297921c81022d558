package dev.yaoku.crypto;

import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.pkcs.RSAPublicKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;

/**
 * RSA private keys that others made. Everything that could be wrong is looked at, and what follows
 * from the factors is computed, not taken: one wrong number for the Chinese remainder computation
 * gives the key away with its first signature.
 *
 * @see "SECURITY_DESIGN M6; RFC 8017, sections 3.2 and A.1.2; FIPS 186-5, section A.1"
 */
final class RsaImport {
  private static final BigInteger EXPONENT_ABOVE = BigInteger.TWO.pow(16);
  private static final int EXPONENT_BITS_MAX = 256;

  /** The JDK computes with longer ones up to this size only, and native code with none at all. */
  private static final int BITS_MAX_OF_LONG_EXPONENTS = 3072;

  private static final int EXPONENT_BITS_MAX_OF_LARGE_KEYS = 64;
  private static final int CERTAINTY = 100;

  /** The factors must differ in their first so many bits (FIPS 186-5, A.1.3). */
  private static final int CLOSE_BITS = 100;

  private RsaImport() {}

  /**
   * The same key, with every derived number computed anew.
   *
   * @param bits how long the modulus must be
   * @param pkcs8 PKCS#8 in DER, nothing after it
   * @throws BadKey if it is no such key
   */
  static byte[] checked(int bits, byte[] pkcs8) {
    RSAPrivateKey key = Der.key("this is no RSA private key in PKCS#8", () -> read(pkcs8));
    BigInteger n = key.getModulus();
    BigInteger e = key.getPublicExponent();
    BigInteger p = key.getPrime1();
    BigInteger q = key.getPrime2();
    must(key.getVersion().signum() == 0, "an RSA key of more than two factors");
    must(n.signum() > 0 && n.bitLength() == bits && n.testBit(0), "an RSA modulus of another size");
    must(
        e.testBit(0) && e.compareTo(EXPONENT_ABOVE) > 0 && e.bitLength() <= exponentBitsMax(bits),
        "an RSA exponent that is even, too small or too large");
    must(
        p.signum() > 0 && q.signum() > 0 && !p.equals(q) && p.multiply(q).equals(n),
        "RSA factors of another modulus");
    must(
        p.bitLength() == bits / 2 && q.bitLength() == bits / 2, "RSA factors of different lengths");
    must(
        p.subtract(q).abs().bitLength() > bits / 2 - CLOSE_BITS,
        "RSA factors that are so close that the modulus tells them");
    must(p.isProbablePrime(CERTAINTY) && q.isProbablePrime(CERTAINTY), "RSA factors that are none");
    return encoded(n, e, p, q, key.getPrivateExponent());
  }

  /** A key that is taken must work on every machine. */
  private static int exponentBitsMax(int bits) {
    return bits > BITS_MAX_OF_LONG_EXPONENTS ? EXPONENT_BITS_MAX_OF_LARGE_KEYS : EXPONENT_BITS_MAX;
  }

  private static byte[] encoded(
      BigInteger n, BigInteger e, BigInteger p, BigInteger q, BigInteger claimed) {
    BigInteger pLess = p.subtract(BigInteger.ONE);
    BigInteger qLess = q.subtract(BigInteger.ONE);
    BigInteger period = pLess.multiply(qLess).divide(pLess.gcd(qLess));
    must(e.gcd(period).equals(BigInteger.ONE), "an RSA exponent that has no inverse");
    BigInteger d = e.modInverse(period);
    must(
        claimed.signum() > 0 && claimed.mod(period).equals(d) && claimed.compareTo(n) < 0,
        "an RSA private exponent of another key");
    must(d.bitLength() > n.bitLength() / 2, "an RSA private exponent that is too small");
    RSAPrivateKey whole =
        new RSAPrivateKey(n, e, d, p, q, d.mod(pLess), d.mod(qLess), q.modInverse(p));
    try {
      AlgorithmIdentifier rsa =
          new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
      return new PrivateKeyInfo(rsa, whole).getEncoded("DER");
    } catch (IOException failed) {
      throw new IllegalStateException("a key cannot be encoded", failed);
    }
  }

  private static RSAPrivateKey read(byte[] pkcs8) throws IOException {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(Der.read(pkcs8));
    must(
        info.getPrivateKeyAlgorithm().getAlgorithm().equals(PKCSObjectIdentifiers.rsaEncryption),
        "a private key of another algorithm");
    RSAPrivateKey key = RSAPrivateKey.getInstance(Der.read(info.getPrivateKey().getOctets()));
    ASN1BitString claimed = info.getPublicKeyData();
    if (claimed != null) {
      RSAPublicKey own = new RSAPublicKey(key.getModulus(), key.getPublicExponent());
      must(
          Arrays.equals(claimed.getOctets(), own.getEncoded("DER")),
          "a private key with another's public key");
    }
    return key;
  }

  private static void must(boolean fact, String otherwise) {
    if (!fact) {
      throw new BadKey(otherwise);
    }
  }
}
