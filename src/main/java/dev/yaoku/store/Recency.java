package dev.yaoku.store;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * How long it counts what was read from a database that other servers change: until a second after
 * the beginning of the last look for their changes that succeeded. After that, and without anybody
 * having to notice, the view of the database is another: what was read under an earlier view counts
 * no more, and what is read from then on counts for a second by itself.
 *
 * <p>It is asked at each use, not kept by a thread that watches, as that may be stopped with all
 * others, or hang at what they hang at.
 */
final class Recency {
  /**
   * How long what was read counts without a look; what documents promise of rights that another
   * server took away. Looks come four times a second, so that a few may be late.
   */
  static final Duration COUNTS_FOR = Duration.ofSeconds(1);

  private final LongSupplier nanos;

  /** Written before {@link #endNanos}: who sees the new end sees the new view. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // changed by whoever holds the monitor
  private volatile long view;

  private volatile long endNanos;

  /** What is read from now on counts for a while. */
  Recency(LongSupplier nanos) {
    this.nanos = nanos;
    this.endNanos = nanos.getAsLong() + COUNTS_FOR.toNanos();
  }

  /** The number of the view that counts now. */
  long view() {
    if (nanos.getAsLong() - endNanos > 0) {
      beginAnother();
    }
    return view;
  }

  private synchronized void beginAnother() {
    long now = nanos.getAsLong();
    if (now - endNanos > 0) {
      view++;
      endNanos = now + COUNTS_FOR.toNanos();
    }
  }

  /**
   * A look succeeded, and all is forgotten that it found to be changed.
   *
   * @param beganNanos when it began
   */
  synchronized void looked(long beganNanos) {
    long end = beganNanos + COUNTS_FOR.toNanos();
    if (end - endNanos > 0) {
      endNanos = end;
    }
  }

  /**
   * The same work, which is not done if it had to wait for its turn, or for other servers, so long
   * that what it was permitted by may have been taken away meanwhile.
   *
   * @param <C> what it works in
   * @param <T> what it returns
   * @return work that throws {@link NotTried} then
   */
  <C, T> Function<C, T> inTime(Function<? super C, T> work) {
    long askedUnder = view();
    long askedNanos = nanos.getAsLong();
    return context -> {
      if (view() != askedUnder || nanos.getAsLong() - askedNanos > COUNTS_FOR.toNanos()) {
        throw new NotTried(
            "The change waited for the database so long that rights may have changed meanwhile:"
                + " try again.");
      }
      return work.apply(context);
    };
  }
}
