package dev.yaoku.crypto;

import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * Whether two public keys are one, whatever is written beside them: a key of RSA verifies the same
 * signatures whether or not it is said to be for PSS.
 *
 * @see "RFC 5280, section 4.1.2.7; RFC 4055, section 1.2"
 */
final class SameKey {
  private SameKey() {}

  static boolean as(PublicKey one, PublicKey other) {
    if (one instanceof RSAPublicKey rsa && other instanceof RSAPublicKey another) {
      return rsa.getModulus().equals(another.getModulus());
    }
    return bits(one).equals(bits(other));
  }

  private static ASN1BitString bits(PublicKey key) {
    return SubjectPublicKeyInfo.getInstance(key.getEncoded()).getPublicKeyData();
  }
}
