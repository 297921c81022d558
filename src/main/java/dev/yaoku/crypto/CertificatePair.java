package dev.yaoku.crypto;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;

/** Looks whether a certificate and a private key in PEM belong together and serve (RFC 7468). */
public final class CertificatePair {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
  private static final int RSA_BITS_MIN = 2048;
  private static final Set<Curve> CURVES = Set.of(Curve.P_256, Curve.P_384, Curve.P_521);
  private static final String KINDS =
      "TLS takes RSA of 2048 bits or more, P-256, P-384 or P-521 here";
  private static final byte[] TRIAL = {'t', 'r', 'i', 'a', 'l'};

  private CertificatePair() {}

  /**
   * What is wrong with the pair, for the operator; empty if nothing is.
   *
   * @param certificates PEM, the leaf first
   * @param key PEM of PKCS#8; neither kept nor changed
   */
  public static Optional<String> problemOf(byte[] certificates, byte[] key) {
    PublicKey leaf;
    try {
      leaf =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(certificates))
              .getPublicKey();
    } catch (GeneralSecurityException e) {
      return Optional.of("the certificate file holds no certificate in PEM");
    }
    if (!isTaken(leaf)) {
      return Optional.of("the certificate's key is %s; %s".formatted(kindOf(leaf), KINDS));
    }
    if (isEncrypted(key)) {
      return Optional.of(
          "the private key is encrypted, and nobody is asked for its password: write it without one"
              + " (openssl pkey -in KEY -out FILE), readable for this user alone");
    }
    byte[] pkcs8 = pkcs8(key);
    if (pkcs8.length == 0) {
      return Optional.of("the key file holds no private key in PEM of PKCS#8");
    }
    try {
      PrivateKey privateKey =
          KeyFactory.getInstance(leaf.getAlgorithm())
              .generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      return fit(leaf, privateKey)
          ? Optional.empty()
          : Optional.of("the private key is not that of the certificate");
    } catch (GeneralSecurityException e) {
      return Optional.of("the private key is not of the certificate's kind");
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
  }

  /** Whether there are clients that take it, and libraries of TLS that sign with it. */
  private static boolean isTaken(PublicKey leaf) {
    return switch (leaf) {
      case RSAPublicKey rsa ->
          rsa.getAlgorithm().equals("RSA") && rsa.getModulus().bitLength() >= RSA_BITS_MIN;
      case ECPublicKey ec ->
          CURVES.stream().anyMatch(c -> c.domain().getN().equals(ec.getParams().getOrder()));
      default -> false;
    };
  }

  private static String kindOf(PublicKey leaf) {
    return switch (leaf) {
      case RSAPublicKey rsa -> rsa.getAlgorithm() + " of " + rsa.getModulus().bitLength() + " bits";
      case EdECPublicKey edwards -> edwards.getParams().getName();
      default -> leaf.getAlgorithm() + " of another kind";
    };
  }

  private static boolean isEncrypted(byte[] key) {
    String text = new String(key, StandardCharsets.ISO_8859_1);
    return text.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || text.contains("4,ENCRYPTED");
  }

  private static boolean fit(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException {
    return publicKey instanceof RSAPublicKey rsa
        ? privateKey instanceof RSAPrivateCrtKey factors && hasFactors(rsa, factors)
        : signs(publicKey, privateKey);
  }

  /** A trial signature would leave the private exponent in a cache of the JDK (see {@link Rsa}). */
  private static boolean hasFactors(RSAPublicKey publicKey, RSAPrivateCrtKey privateKey) {
    return privateKey.getPrimeP().multiply(privateKey.getPrimeQ()).equals(publicKey.getModulus())
        && privateKey.getModulus().equals(publicKey.getModulus())
        && privateKey.getPublicExponent().equals(publicKey.getPublicExponent());
  }

  private static boolean signs(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(privateKey);
    signature.update(TRIAL);
    byte[] signed = signature.sign();
    signature.initVerify(publicKey);
    signature.update(TRIAL);
    return signature.verify(signed);
  }

  /** The DER between the lines, or nothing. */
  private static byte[] pkcs8(byte[] pem) {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin) {
      return new byte[0];
    }
    try {
      return Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }
}
