package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.HexFormat;

/**
 * Slows those who fail to prove who they are: a source, and a source with one credential. Never a
 * credential alone, because access keys are public names, and never a pair of credential and source
 * that has succeeded, because then others' failures would stop its owner (SECURITY_DESIGN H8).
 */
public final class FailureThrottle {
  private static final long PROVEN_MILLIS = 3_600_000;
  private static final long RENEW_MILLIS = 60_000;

  private final Limits limits;
  private final InstantSource clock;
  private final Remembered<String, Debt> sources;
  private final Remembered<Pair, Debt> pairs;
  private final Remembered<Pair, Long> proven;

  /**
   * How much failing is taken. A budget of 0 takes all of it.
   *
   * @param perSource failures that a source may pile up
   * @param perSourceSecond how many of them are forgiven each second
   * @param perPair failures that a source may pile up with one credential
   * @param perPairSecond how many of them are forgiven each second
   * @param entriesMax how many sources and pairs are kept in mind
   */
  public record Limits(
      int perSource, int perSourceSecond, int perPair, int perPairSecond, int entriesMax) {
    /** Enough for a misconfigured fleet behind one address, too little for a flood. */
    public static final Limits USUAL = new Limits(2_000, 200, 500, 50, 20_000);

    /** No limit. */
    public static final Limits NONE = new Limits(0, 0, 0, 0, 1);
  }

  /** A source with one credential. */
  private record Pair(String source, String credential) {}

  /** Failures not yet forgiven at a moment. */
  private record Debt(double failures, long atMillis) {
    static final Debt NONE = new Debt(0, 0);

    /** A clock that went back says nothing of how much was forgiven, so all of it is. */
    double at(long millis, int forgivenPerSecond) {
      return millis < atMillis
          ? 0
          : Math.max(0, failures - (millis - atMillis) * (forgivenPerSecond / 1000.0));
    }

    Debt plusOne(long millis, int forgivenPerSecond) {
      return new Debt(at(millis, forgivenPerSecond) + 1, millis);
    }
  }

  /** A throttle that has seen nothing yet. */
  public FailureThrottle(Limits limits, InstantSource clock) {
    this.limits = limits;
    this.clock = clock;
    int max = limits.entriesMax();
    this.sources =
        new Remembered<>(max, d -> d.at(clock.millis(), limits.perSourceSecond()) <= 0, _ -> {});
    this.pairs =
        new Remembered<>(max, d -> d.at(clock.millis(), limits.perPairSecond()) <= 0, _ -> {});
    this.proven = new Remembered<>(max, at -> clock.millis() - at > PROVEN_MILLIS, _ -> {});
  }

  /**
   * Call before a look-up.
   *
   * @throws KmsException with {@link Problem.Throttled} if this source failed too often
   */
  public void mustBeLetIn(String source, String credential) {
    if ((sources.isEmpty() && pairs.isEmpty()) || isProven(source, credential)) {
      return;
    }
    long now = clock.millis();
    Debt ofSource = sources.get(network(source));
    Debt ofPair = pairs.get(new Pair(source, credential));
    boolean tooOften =
        (ofSource != null && ofSource.at(now, limits.perSourceSecond()) >= limits.perSource())
            || (ofPair != null && ofPair.at(now, limits.perPairSecond()) >= limits.perPair());
    if (tooOften) {
      throw new KmsException(new Problem.Throttled(1));
    }
  }

  /** Counts a failure. */
  public void failed(String source, String credential) {
    long now = clock.millis();
    if (limits.perSource() > 0) {
      sources.change(network(source), Debt.NONE, d -> d.plusOne(now, limits.perSourceSecond()));
    }
    if (limits.perPair() > 0) {
      Pair pair = new Pair(source, credential);
      pairs.change(pair, Debt.NONE, d -> d.plusOne(now, limits.perPairSecond()));
    }
  }

  /** Remembers that this source can prove this credential. */
  public void succeeded(String source, String credential) {
    long now = clock.millis();
    Pair pair = new Pair(source, credential);
    Long before = proven.get(pair);
    if (before == null || now - before > RENEW_MILLIS) {
      proven.put(pair, now);
    }
  }

  /** Whether this source proved this credential in the last hour. */
  boolean isProven(String source, String credential) {
    Long at = proven.get(new Pair(source, credential));
    return at != null && clock.millis() - at <= PROVEN_MILLIS;
  }

  /** A source as it is counted: whoever has one IPv6 address has 2^64, so half of it counts. */
  public static String network(String source) {
    if (source.indexOf(':') < 0) {
      return source;
    }
    try {
      byte[] address = InetAddress.ofLiteral(source).getAddress();
      return address.length == 16 ? HexFormat.of().formatHex(address, 0, 8) : source;
    } catch (IllegalArgumentException e) {
      return source;
    }
  }
}
