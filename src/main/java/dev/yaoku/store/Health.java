package dev.yaoku.store;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Whether the store may be used. A store that was set back to an older state, or changed by a newer
 * program, is refused until the server is started anew (SECURITY_DESIGN C1).
 */
final class Health {
  private final AtomicReference<@Nullable String> refused = new AtomicReference<>();
  private final AtomicLong highestChange = new AtomicLong();

  /** The highest change that is known to be committed; read it before a transaction begins. */
  long highestChange() {
    return highestChange.get();
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
