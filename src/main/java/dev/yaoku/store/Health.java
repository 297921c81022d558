package dev.yaoku.store;

import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store may be used. A store that was set back to an older state is refused until the
 * server is started anew (SECURITY_DESIGN C1).
 */
final class Health {
  private final AtomicReference<@Nullable String> refused = new AtomicReference<>();
  private final AtomicLong highestChange = new AtomicLong();

  /** Numbers of this server's own changes that were not asked about yet. */
  private final NavigableSet<Long> ours = new ConcurrentSkipListSet<>();

  private long looked;

  /** The highest change that is known to be committed; read it before a transaction begins. */
  long highestChange() {
    return highestChange.get();
  }

  /** Remembers a change that this server committed. */
  void committedHere(long change) {
    ours.add(change);
    committed(change);
  }

  /**
   * Whether any of the changes up to this one, and after the last that was asked about, is another
   * server's. One of our own that is not remembered yet is taken for another's, never the reverse.
   */
  synchronized boolean hasForeign(long change) {
    boolean foreign = false;
    for (long one = looked + 1; one <= change && !foreign; one++) {
      foreign = !ours.contains(one);
    }
    ours.headSet(change, true).clear();
    looked = Math.max(looked, change);
    return foreign;
  }

  /** Remembers a change that is committed. */
  void committed(long change) {
    highestChange.accumulateAndGet(change, Math::max);
  }

  /**
   * Compares what a transaction found with what was committed before it began.
   *
   * @throws StoreException if the store went back, now and ever after
   */
  void mustNotGoBack(long found, long committedBefore) {
    if (found < committedBefore) {
      refuse(
          ("The store was set back: it is at change %d, and this server has seen change %d. Put the"
                  + " newer store back, or start the server anew to go on from the older one.")
              .formatted(found, committedBefore));
      mustBeUsable();
    }
    committed(found);
  }

  /** From now on nothing is usable, until the server is started anew. */
  void refuse(String sentence) {
    refused.compareAndSet(null, sentence);
  }

  /** Throws if the store is refused. */
  void mustBeUsable() {
    String sentence = refused.get();
    if (sentence != null) {
      throw new StoreException(sentence);
    }
  }

  boolean usable() {
    return refused.get() == null;
  }
}
