package dev.yaoku.service;

import dev.yaoku.crypto.CertificateAuthority;
import java.security.cert.X509CRL;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of lists of revoked certificates that keep nobody out, once each: an authority
 * with a new key, for instance, whose list is still signed by the old one.
 */
final class IdleLists {
  private static final Logger LOG = LoggerFactory.getLogger(IdleLists.class);

  private Set<Judged> told = Set.of();

  /** A list, and the fingerprints of the authorities of its issuer's name. */
  private record Judged(X509CRL list, Set<String> authorities) {}

  /** Tells of those that were not there before, or of whose authorities others are there now. */
  synchronized void look(List<X509CRL> lists, List<CertificateAuthority> authorities) {
    Set<Judged> seen = new HashSet<>();
    for (X509CRL list : lists) {
      List<CertificateAuthority> named =
          authorities.stream().filter(ca -> ca.isNamedBy(list)).toList();
      Judged judged =
          new Judged(
              list, named.stream().map(CertificateAuthority::sha256).collect(Collectors.toSet()));
      if (seen.add(judged) && !told.contains(judged)) {
        tell(list, named);
      }
    }
    told = seen;
  }

  private static void tell(X509CRL list, List<CertificateAuthority> named) {
    String issuer = list.getIssuerX500Principal().getName();
    if (named.isEmpty()) {
      LOG.info(
          "no client authority is named {}, of whom there is a list of revoked certificates: it"
              + " counts only for an authority of that name below one that an account trusts",
          issuer);
    } else if (named.stream().noneMatch(ca -> ca.signed(list))) {
      LOG.warn(
          "the list of revoked certificates of {}, of {}, keeps nobody out: no client authority of"
              + " that name has the key that signed it. If the authority has a new key, put a list"
              + " signed by that into the folder.",
          issuer,
          list.getThisUpdate().toInstant());
    }
  }
}
