package dev.yaoku.service;

import dev.yaoku.store.Rights;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of authorities of client certificates that let in nobody, or not those whom
 * they name, since the program was upgraded: nobody else would say so.
 */
final class IdleAuthorities {
  private static final Logger LOG = LoggerFactory.getLogger(IdleAuthorities.class);

  private Set<Unreadable> told = Set.of();

  /** One that counts, and whose certificate is not what is taken now. */
  private record Unreadable(String account, String name, String sha256) {}

  /** Tells of those that cannot be read and were not among them before. */
  synchronized void unreadable(List<Rights.ClientCa> all) {
    Set<Unreadable> seen = new HashSet<>();
    for (Rights.ClientCa ca : all) {
      Unreadable one = new Unreadable(ca.account(), ca.name(), ca.sha256());
      if (seen.add(one) && !told.contains(one)) {
        LOG.warn(
            "the client authority {} of account {} vouches for nobody: its certificate (SHA-256 {})"
                + " is none that is taken, as its key has an exponent of more than 64 bits, say, or"
                + " more than 8192 bits. Replace the certificate.",
            ca.name(),
            ca.account(),
            ca.sha256());
      }
    }
    told = seen;
  }

  /** Tells of those in which administrators have names for nothing (ADR 31). */
  static void inVain(List<Rights.ClientCa> all) {
    for (Rights.ClientCa ca : all) {
      LOG.warn(
          "the client authority {} of account {} has names of administrators and vouches for none"
              + " of them: others than administrators made or changed it, an earlier version kept"
              + " it, or an administrator was recovered since. An administrator makes another one"
              + " of the same certificate, and gives administrators their names there, not here.",
          ca.name(),
          ca.account());
    }
  }
}
