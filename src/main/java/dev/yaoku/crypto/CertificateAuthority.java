package dev.yaoku.crypto;

import java.io.ByteArrayInputStream;
import java.io.IOException;
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
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;

/**
 * An authority that issues client certificates: says whether one is its own, in its time, not
 * revoked and meant for clients.
 *
 * @see "RFC 5280, section 6"
 */
public final class CertificateAuthority {
  private static final int EC_BITS_MIN = 256;
  private static final int KEY_CERT_SIGN = 5;
  private static final int DIGITAL_SIGNATURE = 0;
  private static final String NAME_CONSTRAINTS = "2.5.29.30";
  private static final String FOR_CLIENTS = "1.3.6.1.5.5.7.3.2";
  private static final String FOR_ANYTHING = "2.5.29.37.0";
  private static final int PEM_MAX = 16 * 1024;

  private final X509Certificate certificate;

  /** The names that it may certify. */
  private final X509CertSelector names = new X509CertSelector();

  private CertificateAuthority(X509Certificate certificate) throws IOException {
    this.certificate = certificate;
    byte[] constraints = certificate.getExtensionValue(NAME_CONSTRAINTS);
    if (constraints != null) {
      names.setNameConstraints(ASN1OctetString.getInstance(constraints).getOctets());
    }
  }

  /**
   * Reads an authority's certificate.
   *
   * @param pem exactly one certificate; what is around it is kept with it and must be text that a
   *     store takes, without U+0000
   * @return nothing if it is none, may not issue certificates or none for clients, or has a weak
   *     key
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
    } catch (GeneralSecurityException | IOException _) {
      return Optional.empty();
    }
  }

  private static boolean isAuthority(X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    return certificate.getBasicConstraints() >= 0
        && (usage == null || usage[KEY_CERT_SIGN])
        && isMeantForClients(certificate)
        && isStrong(certificate.getPublicKey());
  }

  private static boolean isStrong(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> RsaPublicKeys.isSound(rsa.getModulus(), rsa.getPublicExponent());
      case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= EC_BITS_MIN;
      default -> key.getAlgorithm().equals("EdDSA");
    };
  }

  /**
   * Whether little time is enough to check what the holder of a certificate signs: whoever makes a
   * key of his own can make one with which that takes long, of RSA or of DSA.
   */
  public static boolean isQuickToCheck(X509Certificate one) {
    PublicKey key = one.getPublicKey();
    return key instanceof RSAPublicKey rsa
        ? RsaPublicKeys.isQuick(rsa.getModulus(), rsa.getPublicExponent())
        : key instanceof ECPublicKey || key.getAlgorithm().equals("EdDSA");
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

  /** The certificate itself: it may be on the way to a higher authority. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** Whether a list of revoked certificates says that it is of this authority. */
  public boolean isNamedBy(X509CRL list) {
    return list.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
  }

  /** Whether a list of revoked certificates is of this authority. */
  public boolean signed(X509CRL list) {
    return RevocationCheck.isOf(list, certificate);
  }

  /**
   * Whether this authority vouches for a client's certificate at a time: there is a way from it to
   * the authority, and whoever is on it keeps to the limits of those above, the authority's own
   * among them.
   *
   * @param atHand the client's certificate first, then those that may lead to the authority, in any
   *     order and with others among them
   * @param lists lists of revoked certificates, whoever's; one that is its issuer's and out of date
   *     stops every certificate of that issuer
   */
  public boolean vouchesFor(List<X509Certificate> atHand, Instant at, List<X509CRL> lists) {
    if (atHand.isEmpty() || !isForClients(atHand.getFirst())) {
      return false;
    }
    List<X509Certificate> between =
        atHand.stream().skip(1).filter(c -> isAuthority(c) && isInTime(c, at)).toList();
    List<X509Certificate> path = CertificatePath.of(atHand.getFirst(), between, certificate);
    return !path.isEmpty()
        && isInTime(certificate, at)
        && isValid(path, at)
        && isWithinLimits(path)
        && noneIsRevoked(path, at, lists);
  }

  /**
   * The same where certificates are at hand that are not the client's. They only add ways: neither
   * they nor what the client sends can be so many that a way is not found which is among the other.
   *
   * @param sent the client's certificate first, then those that came with it
   * @param known further ones that may lead to the authority
   */
  public boolean vouchesFor(
      List<X509Certificate> sent, List<X509Certificate> known, Instant at, List<X509CRL> lists) {
    Stream<X509Certificate> leaf = sent.stream().limit(1);
    List<X509Certificate> leafAndKnown = Stream.concat(leaf, known.stream()).toList();
    List<X509Certificate> all = Stream.concat(sent.stream(), known.stream()).toList();
    return Stream.of(sent, leafAndKnown, all)
        .distinct() // most send nothing more, and signatures cost
        .anyMatch(atHand -> vouchesFor(atHand, at, lists));
  }

  private static boolean isInTime(X509Certificate one, Instant at) {
    return !at.isBefore(one.getNotBefore().toInstant())
        && !at.isAfter(one.getNotAfter().toInstant());
  }

  private boolean isValid(List<X509Certificate> path, Instant at) {
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate, null)));
      parameters.setRevocationEnabled(false); // done below, with the lists that are at hand
      parameters.setDate(Date.from(at));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
      return true;
    } catch (InvalidAlgorithmParameterException e) {
      throw new IllegalStateException("there is an anchor", e);
    } catch (GeneralSecurityException _) {
      return false;
    }
  }

  /** PKIX takes an authority's name and key alone, and leaves its limits to others. */
  private boolean isWithinLimits(List<X509Certificate> path) {
    X509Certificate leaf = path.getFirst();
    List<X509Certificate> counted =
        path.stream().filter(c -> c.equals(leaf) || !isSelfIssued(c)).toList();
    return counted.size() - 1 <= certificate.getBasicConstraints()
        && counted.stream().allMatch(names::match);
  }

  private static boolean isSelfIssued(X509Certificate one) {
    return one.getIssuerX500Principal().equals(one.getSubjectX500Principal());
  }

  private static boolean isForClients(X509Certificate leaf) {
    boolean[] usage = leaf.getKeyUsage();
    return leaf.getBasicConstraints() < 0
        && (usage == null || usage[DIGITAL_SIGNATURE])
        && isMeantForClients(leaf)
        && isStrong(leaf.getPublicKey());
  }

  /**
   * An authority that says what its certificates are for issues none for anything else, as others
   * have it too, though RFC 5280 does not ask for it.
   */
  private static boolean isMeantForClients(X509Certificate one) {
    try {
      List<String> uses = one.getExtendedKeyUsage();
      return uses == null || uses.contains(FOR_CLIENTS) || uses.contains(FOR_ANYTHING);
    } catch (CertificateParsingException _) {
      return false;
    }
  }

  private boolean noneIsRevoked(List<X509Certificate> path, Instant at, List<X509CRL> lists) {
    for (int i = 0; i < path.size(); i++) {
      X509Certificate issuer = i + 1 < path.size() ? path.get(i + 1) : certificate;
      if (RevocationCheck.stops(path.get(i), issuer, at, lists)) {
        return false;
      }
    }
    return true;
  }
}
