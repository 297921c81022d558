package dev.yaoku.crypto;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Looks whether a certificate and a private key in PEM belong together (RFC 7468). */
public final class CertificatePair {
  private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
  private static final String END = "-----END PRIVATE KEY-----";
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

  private static boolean fit(PublicKey publicKey, PrivateKey privateKey)
      throws GeneralSecurityException {
    String algorithm =
        switch (publicKey.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> publicKey.getAlgorithm();
        };
    Signature signature = Signature.getInstance(algorithm);
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
