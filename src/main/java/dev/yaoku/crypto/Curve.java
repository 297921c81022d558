package dev.yaoku.crypto;

import java.io.IOException;
import java.math.BigInteger;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.jspecify.annotations.Nullable;

/**
 * The elliptic curves, and keys on them as PKCS#8 and SubjectPublicKeyInfo. Reading is strict: the
 * named curve and no other, exact DER, a scalar in range, a point on the curve.
 */
enum Curve {
  P_256("secp256r1", SECObjectIdentifiers.secp256r1),
  P_384("secp384r1", SECObjectIdentifiers.secp384r1),
  P_521("secp521r1", SECObjectIdentifiers.secp521r1),
  SECP256K1("secp256k1", SECObjectIdentifiers.secp256k1),
  SM2("sm2p256v1", GMObjectIdentifiers.sm2p256v1);

  private final String standardName;
  private final AlgorithmIdentifier algorithm;
  private final ECNamedDomainParameters domain;

  Curve(String standardName, ASN1ObjectIdentifier oid) {
    this.standardName = standardName;
    this.algorithm = new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, oid);
    // One domain for all keys: it keeps the tables that make multiplying the base point fast.
    this.domain = new ECNamedDomainParameters(oid, CustomNamedCurves.getByOID(oid));
  }

  static Curve of(KeySpec spec) {
    return switch (spec) {
      case EC_P256 -> P_256;
      case EC_P384 -> P_384;
      case EC_P521 -> P_521;
      case SECP256K1 -> SECP256K1;
      case SM2 -> SM2;
      default -> throw new IllegalArgumentException(spec + " keys are on no curve");
    };
  }

  String standardName() {
    return standardName;
  }

  ECNamedDomainParameters domain() {
    return domain;
  }

  /** How long a coordinate is, in bytes. */
  int fieldBytes() {
    return (domain.getCurve().getFieldSize() + 7) / 8;
  }

  /** The public point of a scalar. */
  ECPoint point(BigInteger scalar) {
    return new FixedPointCombMultiplier().multiply(domain.getG(), scalar).normalize();
  }

  /** PKCS#8 with the curve by name and the public point. */
  byte[] pkcs8(BigInteger scalar) {
    DERBitString point = new DERBitString(point(scalar).getEncoded(false));
    ECPrivateKey key = new ECPrivateKey(domain.getN().bitLength(), scalar, point, null);
    try {
      return new PrivateKeyInfo(algorithm, key).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a key cannot be encoded", e);
    }
  }

  /** SubjectPublicKeyInfo with the curve by name and the uncompressed point. */
  byte[] spki(ECPoint point) {
    try {
      return new SubjectPublicKeyInfo(algorithm, point.getEncoded(false)).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a key cannot be encoded", e);
    }
  }

  /**
   * The scalar of a private key.
   *
   * @throws BadKey if it is no private key of this curve, or a public point that comes with it,
   *     inside (RFC 5915) or beside it (RFC 5958), is not its own
   */
  BigInteger scalar(byte[] pkcs8) {
    return Der.key("this is no EC private key in PKCS#8", () -> readScalar(pkcs8));
  }

  private BigInteger readScalar(byte[] pkcs8) throws IOException {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(Der.read(pkcs8));
    if (!info.getPrivateKeyAlgorithm().equals(algorithm)) {
      throw new BadKey("a private key of another curve");
    }
    ECPrivateKey key = ECPrivateKey.getInstance(Der.read(info.getPrivateKey().getOctets()));
    ASN1Encodable named = key.getParametersObject();
    if (named != null && !named.equals(algorithm.getParameters())) {
      throw new BadKey("a private key that names two curves");
    }
    BigInteger scalar = inRange(key.getKey());
    mustBeOwn(scalar, key.getPublicKey());
    mustBeOwn(scalar, info.getPublicKeyData());
    return scalar;
  }

  private void mustBeOwn(BigInteger scalar, @Nullable ASN1BitString claimed) {
    if (claimed != null
        && !point(scalar).equals(domain.getCurve().decodePoint(claimed.getOctets()))) {
      throw new BadKey("a private key with another's public key");
    }
  }

  /** 1 to n - 1; for SM2 to n - 2, as its signatures divide by 1 + d (GB/T 32918.1). */
  private BigInteger inRange(BigInteger scalar) {
    BigInteger end = this == SM2 ? domain.getN().subtract(BigInteger.ONE) : domain.getN();
    if (scalar.signum() <= 0 || scalar.compareTo(end) >= 0) {
      throw new BadKey("a private key out of range");
    }
    return scalar;
  }

  /**
   * The point of a public key: on the curve, not the point at infinity.
   *
   * @throws BadKey if it is no public key of this curve
   */
  ECPoint publicPoint(byte[] spki) {
    return Der.key("this is no EC public key", () -> readPoint(spki));
  }

  private ECPoint readPoint(byte[] spki) throws IOException {
    SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(Der.read(spki));
    if (!info.getAlgorithm().equals(algorithm)) {
      throw new BadKey("a public key of another curve");
    }
    return domain.validatePublicPoint(
        domain.getCurve().decodePoint(info.getPublicKeyData().getOctets()));
  }
}
