package dev.yaoku.server;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue of many writers and one reader without locks. When it is full, what comes is
 * dropped and counted.
 */
final class LogRing<T> {
  private final AtomicReferenceArray<@Nullable T> slots;
  private final int mask;
  private final AtomicLong tail = new AtomicLong();
  private final AtomicLong head = new AtomicLong();
  private final LongAdder dropped = new LongAdder();

  LogRing(int capacity) {
    int size = Integer.highestOneBit(Math.max(2, capacity - 1)) << 1;
    slots = new AtomicReferenceArray<>(size);
    mask = size - 1;
  }

  /** Adds an element, or counts it as dropped. */
  void offer(T element) {
    long at;
    do {
      at = tail.get();
      if (at - head.get() > mask) {
        dropped.increment();
        return;
      }
    } while (!tail.compareAndSet(at, at + 1));
    slots.setRelease((int) at & mask, element);
  }

  /** The oldest element, for the one reader; null if there is none yet. */
  @Nullable T poll() {
    long at = head.get();
    int slot = (int) at & mask;
    T element = slots.getAcquire(slot);
    if (element != null) {
      slots.setRelease(slot, null);
      head.setRelease(at + 1);
    }
    return element;
  }

  /** How many were dropped since the last time of asking. */
  long droppedSince() {
    return dropped.sumThenReset();
  }
}
