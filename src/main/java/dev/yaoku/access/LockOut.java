package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.time.Duration;
import java.time.InstantSource;

/**
 * The vendor's lock-out: after more than five failures in a row nothing that an access key signs is
 * looked at for five minutes. Whoever knows an access key's public name can so stop its owner,
 * which is why it is off unless somebody needs it (SECURITY_DESIGN H8).
 *
 * @see "contract/authentication.md, section 2.5"
 */
public final class LockOut {
  private static final int FAILURES_MAX = 5;
  private static final long LOCKED_MILLIS = Duration.ofMinutes(5).toMillis();
  private static final int ENTRIES_MAX = 20_000;

  private final boolean on;
  private final InstantSource clock;
  private final Remembered<String, Failures> failures;

  private record Failures(int count, long lastMillis) {
    static final Failures NONE = new Failures(0, 0);
  }

  /** Locks if it is on. */
  public LockOut(boolean on, InstantSource clock) {
    this.on = on;
    this.clock = clock;
    this.failures = new Remembered<>(ENTRIES_MAX, this::isOver, _ -> {});
  }

  private boolean isOver(Failures counted) {
    long passed = clock.millis() - counted.lastMillis();
    return passed < 0 || passed >= LOCKED_MILLIS;
  }

  /**
   * Call before a look-up, whether or not the access key is known.
   *
   * @throws KmsException with {@link Problem.AccessKeyLocked}
   */
  void mustNotBeLocked(String accessKey) {
    Failures counted = on ? failures.get(accessKey) : null;
    if (counted != null && counted.count() > FAILURES_MAX && !isOver(counted)) {
      throw new KmsException(new Problem.AccessKeyLocked());
    }
  }

  void failed(String accessKey) {
    if (on) {
      long now = clock.millis();
      failures.change(
          accessKey,
          Failures.NONE,
          before -> new Failures(isOver(before) ? 1 : before.count() + 1, now));
    }
  }

  void succeeded(String accessKey) {
    if (on) {
      failures.remove(accessKey);
    }
  }
}
