package dev.yaoku.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.jspecify.annotations.Nullable;

/**
 * Asks lists of revoked certificates about one certificate. Whatever list of its issuer names it
 * stops it. That the issuer revoked nothing since, only a complete list says that is in its time:
 * no delta, none for some certificates or reasons alone, none that says in a critical extension
 * what is not understood here.
 *
 * @see "RFC 5280, sections 5.2 and 6.3"
 */
final class RevocationCheck {
  private static final String DELTA = "2.5.29.27";
  private static final String DISTRIBUTION_POINT = "2.5.29.28";

  /** So far an issuer's clock may be ahead of this one. */
  private static final Duration AHEAD_MAX = Duration.ofMinutes(15);

  private static final ByteBuffer NO_PLACE = ByteBuffer.allocate(0);

  private RevocationCheck() {}

  /** Whether a list names the certificate, or a list of its issuer is out of date. */
  static boolean stops(
      X509Certificate subject, X509Certificate issuer, Instant at, List<X509CRL> lists) {
    boolean known = false;
    Map<ByteBuffer, Boolean> freshByPlace = new HashMap<>();
    for (X509CRL list : lists) {
      if (isOf(list, issuer)) {
        known = true;
        if (list.isRevoked(subject)) {
          return true;
        }
        if (isComplete(list)) {
          freshByPlace.merge(place(list), isFresh(list, at), Boolean::logicalOr);
        }
      }
    }
    return known && (freshByPlace.isEmpty() || freshByPlace.containsValue(false));
  }

  /** Whether the issuer signed the list. */
  static boolean isOf(X509CRL list, X509Certificate issuer) {
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

  private static boolean isFresh(X509CRL list, Instant at) {
    return !list.getThisUpdate().toInstant().isAfter(at.plus(AHEAD_MAX))
        && list.getNextUpdate() != null
        && at.isBefore(list.getNextUpdate().toInstant());
  }

  private static boolean isComplete(X509CRL list) {
    Set<String> critical = list.getCriticalExtensionOIDs();
    return (critical == null || Set.of(DISTRIBUTION_POINT).containsAll(critical))
        && list.getExtensionValue(DELTA) == null
        && isForAll(list.getExtensionValue(DISTRIBUTION_POINT));
  }

  /** Whether a distribution point leaves nothing out of what it is for. */
  private static boolean isForAll(byte @Nullable [] extension) {
    if (extension == null) {
      return true;
    }
    try {
      IssuingDistributionPoint point =
          IssuingDistributionPoint.getInstance(ASN1OctetString.getInstance(extension).getOctets());
      return !point.onlyContainsUserCerts()
          && !point.onlyContainsCACerts()
          && !point.onlyContainsAttributeCerts()
          && !point.isIndirectCRL()
          && point.getOnlySomeReasons() == null;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /** An issuer may divide its certificates among several places: each has lists of its own. */
  private static ByteBuffer place(X509CRL list) {
    byte[] extension = list.getExtensionValue(DISTRIBUTION_POINT);
    return extension == null ? NO_PLACE : ByteBuffer.wrap(extension);
  }
}
