package dev.yaoku.service;

import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Rights;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Which authorities may vouch for the same certificates, as far as one request asks for that.
 * Signatures say so, and the keys are a tenant's choice: a transaction that changes something would
 * keep everybody waiting for them. So it asks only for what was judged before it began
 * (SECURITY_DESIGN H9).
 */
final class VouchingTogether {
  /** So often authorities are judged for one request that are changed meanwhile. */
  private static final int ATTEMPTS = 4;

  private final Map<Pair, Boolean> judged = new ConcurrentHashMap<>();

  /** Two certificates, PEM. */
  private record Pair(String one, String other) {
    boolean vouchTogether() {
      return CertificateAuthority.read(one)
          .flatMap(ca -> CertificateAuthority.read(other).map(ca::mayVouchBeside))
          .orElse(false); // one that cannot be read vouches for nothing
    }
  }

  /** Authorities that a transaction asks about and nobody has judged. */
  static final class Unjudged extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient List<Pair> pairs;

    private Unjudged(List<Pair> pairs) {
      super("authorities that must be judged first", null, false, false);
      this.pairs = pairs;
    }
  }

  /**
   * Whether an authority may vouch for a certificate of one of the others.
   *
   * @throws Unjudged if that must be found out first, as {@link #judgedOutside} does
   */
  boolean isBesideOneOf(Rights.ClientCa ca, List<Rights.ClientCa> others) {
    List<Pair> pairs = others.stream().map(other -> new Pair(ca.pem(), other.pem())).toList();
    List<Pair> unjudged = pairs.stream().filter(pair -> !judged.containsKey(pair)).toList();
    if (!unjudged.isEmpty()) {
      throw new Unjudged(unjudged);
    }
    return pairs.stream().anyMatch(pair -> Boolean.TRUE.equals(judged.get(pair)));
  }

  /**
   * Does something in transactions that ask for this, and does it again where authorities had to be
   * judged first.
   *
   * @throws KmsException with {@link Problem.Conflict} if they are changed again and again
   *     meanwhile
   */
  <T> T judgedOutside(Supplier<T> work) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return work.get();
      } catch (Unjudged missing) {
        missing.pairs.forEach(pair -> judged.computeIfAbsent(pair, Pair::vouchTogether));
      }
    }
    throw new KmsException(
        new Problem.Conflict("The account's authorities are being changed. Try again."));
  }
}
