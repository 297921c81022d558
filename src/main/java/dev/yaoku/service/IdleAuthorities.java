package dev.yaoku.service;

import dev.yaoku.store.Rights;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator of authorities of client certificates that let in nobody, or not those whom
 * they name, since the program was upgraded: nobody else would say so.
 */
final class IdleAuthorities {
  private static final Logger LOG = LoggerFactory.getLogger(IdleAuthorities.class);

  private IdleAuthorities() {}

  /** Tells of those in which administrators have names for nothing (ADR 31). */
  static void inVain(List<Rights.ClientCa> all) {
    for (Rights.ClientCa ca : all) {
      LOG.warn(
          "the client authority {} of account {} has names of administrators and vouches for none"
              + " of them, as others than administrators made or changed it, or an earlier version"
              + " did. An administrator makes another one of the same certificate, and gives"
              + " administrators their names there.",
          ca.name(),
          ca.account());
    }
  }
}
