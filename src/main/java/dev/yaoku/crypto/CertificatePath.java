package dev.yaoku.crypto;

import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the shortest way from a certificate up to an authority, through certificates that are at
 * hand in any order. Strangers send them: each is stepped on once, and signatures are checked only
 * where the names fit, and so often at most.
 *
 * @see "RFC 4158"
 */
final class CertificatePath {
  private static final int SIGNATURES_MAX = 20;

  private final X509Certificate authority;
  private final Set<X509Certificate> left;
  private final Map<X509Certificate, X509Certificate> below = new HashMap<>();
  private int signatures;

  private CertificatePath(X509Certificate authority, Collection<X509Certificate> between) {
    this.authority = authority;
    this.left = new LinkedHashSet<>(between);
    left.remove(authority);
  }

  /**
   * The certificates of the way, from the leaf to what the authority issued; none if there is no
   * way.
   *
   * @param between those that it may lead through
   */
  static List<X509Certificate> of(
      X509Certificate leaf, Collection<X509Certificate> between, X509Certificate authority) {
    return new CertificatePath(authority, between).from(leaf);
  }

  private List<X509Certificate> from(X509Certificate leaf) {
    Deque<X509Certificate> ends = new ArrayDeque<>(List.of(leaf));
    while (!ends.isEmpty()) {
      X509Certificate end = ends.remove();
      if (issued(authority, end)) {
        return downFrom(end);
      }
      for (Iterator<X509Certificate> rest = left.iterator(); rest.hasNext(); ) {
        X509Certificate next = rest.next();
        if (issued(next, end)) {
          rest.remove();
          below.put(next, end);
          ends.add(next);
        }
      }
    }
    return List.of();
  }

  private List<X509Certificate> downFrom(X509Certificate top) {
    List<X509Certificate> path = new ArrayList<>();
    for (X509Certificate one = top; one != null; one = below.get(one)) {
      path.addFirst(one);
    }
    return path;
  }

  /** Of one name there may be several keys. */
  private boolean issued(X509Certificate issuer, X509Certificate subject) {
    return subject.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
        && ++signatures <= SIGNATURES_MAX
        && CertificateSignature.proves(subject, issuer.getPublicKey());
  }
}
