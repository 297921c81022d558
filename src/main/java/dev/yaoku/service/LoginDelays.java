package dev.yaoku.service;

import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.Remembered;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * Growing delays after wrong passwords, for a user from one source and for a source. No user is
 * ever locked: a source that logged in as the user before waits a second at most, whatever others
 * do (SECURITY_DESIGN H8).
 */
final class LoginDelays {
  private static final int ENTRIES_MAX = 20_000;
  private static final long FORGOTTEN_MILLIS = Duration.ofMinutes(15).toMillis();
  private static final long PROVEN_MILLIS = Duration.ofDays(30).toMillis();
  private static final int SECONDS_MAX_PROVEN = 1;
  private static final Delay OF_PAIR = new Delay(3, 300);
  private static final Delay OF_SOURCE = new Delay(30, 60);

  private final InstantSource clock;
  private final Remembered<Pair, Failures> pairs;
  private final Remembered<String, Failures> sources;
  private final Remembered<Pair, Long> proven;

  /** A user, as the caller names it, from a source. */
  private record Pair(String user, String source) {}

  /** How the delay grows: some failures are free, then it doubles from one second. */
  private record Delay(int free, int secondsMax) {
    long millisAfter(int failures, int cap) {
      if (failures <= free) {
        return 0;
      }
      int doublings = Math.min(failures - free - 1, 30);
      return 1000L * Math.min(1L << doublings, Math.min(secondsMax, cap));
    }
  }

  private record Failures(int count, long lastMillis) {
    static final Failures NONE = new Failures(0, 0);

    Failures oneMore(long now) {
      return new Failures(now - lastMillis > FORGOTTEN_MILLIS ? 1 : count + 1, now);
    }
  }

  LoginDelays(InstantSource clock) {
    this.clock = clock;
    this.pairs = new Remembered<>(ENTRIES_MAX, this::isForgotten, _ -> {});
    this.sources = new Remembered<>(ENTRIES_MAX, this::isForgotten, _ -> {});
    this.proven = new Remembered<>(ENTRIES_MAX, at -> clock.millis() - at > PROVEN_MILLIS, _ -> {});
  }

  private boolean isForgotten(Failures failures) {
    return clock.millis() - failures.lastMillis() > FORGOTTEN_MILLIS;
  }

  /**
   * Call before a password is checked.
   *
   * @throws KmsException with {@link Problem.Throttled} while the delay lasts
   */
  void mustBeOver(String user, String source) {
    Pair pair = new Pair(user, source);
    boolean known = proven.get(pair) != null;
    int cap = known ? SECONDS_MAX_PROVEN : Integer.MAX_VALUE;
    long wait = left(pairs.get(pair), OF_PAIR, cap);
    if (!known) {
      wait = Math.max(wait, left(sources.get(network(source)), OF_SOURCE, cap));
    }
    if (wait > 0) {
      throw new KmsException(new Problem.Throttled((int) ((wait + 999) / 1000)));
    }
  }

  private long left(@Nullable Failures failures, Delay delay, int cap) {
    if (failures == null || isForgotten(failures)) {
      return 0;
    }
    long passed = clock.millis() - failures.lastMillis();
    if (passed < 0) { // a clock that went back must not stop anybody until it has caught up
      return 0;
    }
    return delay.millisAfter(failures.count(), cap) - passed;
  }

  void failed(String user, String source) {
    long now = clock.millis();
    pairs.change(new Pair(user, source), Failures.NONE, f -> f.oneMore(now));
    sources.change(network(source), Failures.NONE, f -> f.oneMore(now));
  }

  void succeeded(String user, String source) {
    Pair pair = new Pair(user, source);
    pairs.remove(pair);
    proven.put(pair, clock.millis());
  }

  private static String network(String source) {
    return FailureThrottle.network(source);
  }
}
