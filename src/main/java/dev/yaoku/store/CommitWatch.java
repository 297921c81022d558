package dev.yaoku.store;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a writer gets done what it is given, for whoever asks whether the store takes writes. One
 * thread tells it, any thread asks.
 */
final class CommitWatch {
  /** A commit that takes longer counts as one that failed, as a look at the store does. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Duration quiet;
  private final LongSupplier nanos;
  private volatile @Nullable Long beganNanos;
  private volatile @Nullable Long failedNanos;
  private volatile boolean lastFailed;

  /**
   * A writer that was given nothing yet.
   *
   * @param quiet how long no commit must have failed after one that did: where nobody knows how
   *     much room a disk has, small commits may find some between large ones that do not
   * @param nanos monotonic time, nanoseconds
   */
  CommitWatch(Duration quiet, LongSupplier nanos) {
    this.quiet = quiet;
    this.nanos = nanos;
  }

  /** A commit begins. */
  void begin() {
    beganNanos = nanos.getAsLong();
  }

  /** It is durable. */
  void committed() {
    lastFailed = false;
    beganNanos = null;
  }

  /** Nothing of it remains, or nobody knows. */
  void failed() {
    failedNanos = nanos.getAsLong();
    lastFailed = true;
    beganNanos = null;
  }

  /**
   * Others held what it needed, so that nothing remains of it; once they do not, nothing is wrong.
   */
  void waitedInVain() {
    lastFailed = true;
    beganNanos = null;
  }

  /** Whether the last commit failed, so that somebody should try whether the next would. */
  boolean lastFailed() {
    return lastFailed;
  }

  /** Whether a commit failed and none succeeded since, or a moment ago, or one does not end. */
  boolean isFailing() {
    return lastFailed || isWithin(failedNanos, quiet) || isOlderThan(beganNanos, PATIENCE);
  }

  private boolean isWithin(@Nullable Long then, Duration time) {
    return then != null && nanos.getAsLong() - then < time.toNanos();
  }

  private boolean isOlderThan(@Nullable Long then, Duration time) {
    return then != null && nanos.getAsLong() - then >= time.toNanos();
  }
}
