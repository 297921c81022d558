package dev.yaoku.crypto;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A small bounded pool of things that cost more to make than to use. An empty pool makes a new one;
 * a full pool drops what comes back. Nobody ever waits.
 *
 * <p>Not a thread-local: a thousand virtual threads would make a thousand of them, and each would
 * keep what it last held (SECURITY_DESIGN H5).
 */
final class Pool<T> {
  private static final int SLOTS =
      Integer.highestOneBit(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));

  private final AtomicReferenceArray<@Nullable T> slots = new AtomicReferenceArray<>(SLOTS);
  private final Supplier<T> make;

  Pool(Supplier<T> make) {
    this.make = make;
  }

  /** One of the pool's, or a new one. The borrower owns it until it is given back or dropped. */
  T borrow() {
    T found = poll();
    return found == null ? make.get() : found;
  }

  /** One of the pool's, if there is one. */
  @Nullable T poll() {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) & (SLOTS - 1);
      if (slots.getPlain(slot) != null) {
        T found = slots.getAndSet(slot, null);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /**
   * Gives back one that holds nothing that the pool's next user may not have.
   *
   * @return false if the pool is full; then it is the caller's to dispose of
   */
  boolean giveBack(T used) {
    int start = start();
    for (int i = 0; i < SLOTS; i++) {
      if (slots.compareAndSet((start + i) & (SLOTS - 1), null, used)) {
        return true;
      }
    }
    return false;
  }

  /** Threads begin at different slots, so that they seldom meet. */
  private static int start() {
    return (int) Thread.currentThread().threadId() & (SLOTS - 1);
  }

  /** How many the pool keeps at most. */
  static int slots() {
    return SLOTS;
  }
}
