package dev.yaoku.crypto;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.PublicKey;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An authority that issues client certificates: says whether one is its own, in its time, not
 * revoked and meant for clients.
 *
 * @see "RFC 5280, section 6"
 */
public final class CertificateAuthority {
  private static final int RSA_BITS_MIN = 2048;
  private static final int EC_BITS_MIN = 256;
  private static final int KEY_CERT_SIGN = 5;
  private static final int DIGITAL_SIGNATURE = 0;
  private static final String FOR_CLIENTS = "1.3.6.1.5.5.7.3.2";
  private static final String FOR_ANYTHING = "2.5.29.37.0";
  private static final int PEM_MAX = 16 * 1024;

  private final X509Certificate certificate;

  private CertificateAuthority(X509Certificate certificate) {
    this.certificate = certificate;
  }

  /**
   * Reads an authority's certificate.
   *
   * @param pem exactly one certificate; what is around it is kept with it and must be text that a
   *     store takes, without U+0000
   * @return nothing if it is none, may not issue certificates, or has a weak key
   */
  public static Optional<CertificateAuthority> read(String pem) {
    if (pem.length() > PEM_MAX || pem.indexOf(0) >= 0) {
      return Optional.empty();
    }
    try {
      Collection<? extends java.security.cert.Certificate> read =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(pem.getBytes(StandardCharsets.ISO_8859_1)));
      return read.size() == 1
              && read.iterator().next() instanceof X509Certificate one
              && isAuthority(one)
          ? Optional.of(new CertificateAuthority(one))
          : Optional.empty();
    } catch (GeneralSecurityException _) {
      return Optional.empty();
    }
  }

  private static boolean isAuthority(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    return certificate.getBasicConstraints() >= 0
        && (usage == null || usage[KEY_CERT_SIGN])
        && isStrong(certificate.getPublicKey());
  }

  private static boolean isStrong(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= RSA_BITS_MIN;
      case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= EC_BITS_MIN;
      default -> key.getAlgorithm().equals("EdDSA");
    };
  }

  /** SHA-256 of the certificate, 64 hexadecimal characters. */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(Hashes.sha256(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was read cannot be encoded", e);
    }
  }

  /** The authority's name, for people. */
  public String subject() {
    return certificate.getSubjectX500Principal().getName();
  }

  /** When the certificate's time is over. */
  public Instant notAfter() {
    return certificate.getNotAfter().toInstant();
  }

  /** Whether the chain could be of this authority, as its names say; costs nothing. */
  public boolean isNamedIn(List<X509Certificate> chain) {
    return chain.stream()
        .anyMatch(c -> c.getIssuerX500Principal().equals(certificate.getSubjectX500Principal()));
  }

  /**
   * Whether this authority vouches for a client's certificate at a time.
   *
   * @param chain the client's certificate first, then those between it and the authority
   * @param lists lists of revoked certificates, whoever's; one that is its issuer's and out of date
   *     stops every certificate of that issuer
   */
  public boolean vouchesFor(List<X509Certificate> chain, Instant at, List<X509CRL> lists) {
    List<X509Certificate> path = new ArrayList<>(chain);
    path.remove(certificate);
    if (path.isEmpty()
        || !isForClients(path.getFirst())
        || !path.stream().allMatch(c -> isStrong(c.getPublicKey()))) {
      return false;
    }
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate, null)));
      parameters.setRevocationEnabled(false); // done below, with the lists that are at hand
      parameters.setDate(Date.from(at));
      certificate.checkValidity(Date.from(at));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return noneIsRevoked(path, at, lists);
    } catch (InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("there is an anchor", e);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  private static boolean isForClients(X509Certificate leaf) {
    try {
      List<String> uses = leaf.getExtendedKeyUsage();
      boolean[] usage = leaf.getKeyUsage();
      return leaf.getBasicConstraints() < 0
          && (usage == null || usage[DIGITAL_SIGNATURE])
          && (uses == null || uses.contains(FOR_CLIENTS) || uses.contains(FOR_ANYTHING));
    } catch (CertificateParsingException _) {
      return false;
    }
  }

  private boolean noneIsRevoked(List<X509Certificate> path, Instant at, List<X509CRL> lists) {
    for (int i = 0; i < path.size(); i++) {
      X509Certificate issuer = i + 1 < path.size() ? path.get(i + 1) : certificate;
      if (isRevoked(path.get(i), issuer, at, lists)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isRevoked(
      X509Certificate subject, X509Certificate issuer, Instant at, List<X509CRL> lists) {
    boolean known = false;
    boolean fresh = false;
    for (X509CRL list : lists) {
      if (isOf(list, issuer)) {
        known = true;
        fresh |= list.getNextUpdate() != null && at.isBefore(list.getNextUpdate().toInstant());
        if (list.isRevoked(subject)) {
          return true;
        }
      }
    }
    return known && !fresh;
  }

  private static boolean isOf(X509CRL list, X509Certificate issuer) {
    if (!list.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())) {
      return false;
    }
    try {
      list.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException _) {
      return false;
    }
  }
}
