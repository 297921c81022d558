package dev.yaoku.server;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Whether the server can answer. It is looked at from time to time, not at each question, so that
 * asking costs nothing; and it says only ready or not (SECURITY_DESIGN M22).
 */
final class Health {
  /** So many looks are left out while an earlier one has not ended, before that counts as a no. */
  static final int LEFT_OUT_MAX = 5;

  private final BooleanSupplier store;
  private final BooleanSupplier working;
  private final BooleanSupplier warm;
  private volatile boolean lastSeen;
  private volatile boolean draining;
  private final AtomicBoolean looking = new AtomicBoolean();
  private final AtomicInteger leftOut = new AtomicInteger();

  /**
   * A state that nobody has looked at yet.
   *
   * @param store asked at each look, may block: whether the store answers and takes writes
   * @param working asked with each question, so it must cost nothing: whether the store does what
   *     it is given
   * @param warm whether the rest of the server could answer; it must cost nothing
   */
  Health(BooleanSupplier store, BooleanSupplier working, BooleanSupplier warm) {
    this.store = store;
    this.working = working;
    this.warm = warm;
  }

  /**
   * Looks, unless an earlier look is under way. May block, as long as the store does not answer.
   */
  void look() {
    if (!looking.compareAndSet(false, true)) {
      if (leftOut.incrementAndGet() >= LEFT_OUT_MAX) {
        lastSeen = false;
      }
      return;
    }
    try {
      lastSeen = seen();
    } finally {
      leftOut.set(0);
      looking.set(false);
    }
  }

  private boolean seen() {
    try {
      return store.getAsBoolean();
    } catch (RuntimeException failed) {
      return false;
    }
  }

  /** Says that the server is about to stop. */
  void drain() {
    draining = true;
  }

  /** Whether the store answered at the last look and does what it is given. */
  boolean storeWorks() {
    return lastSeen && working.getAsBoolean();
  }

  /** Whether requests are welcome. */
  boolean isReady() {
    return storeWorks() && !draining && warm.getAsBoolean();
  }

  /** The body of an answer. */
  static String body(boolean fine) {
    return fine ? "{\"status\":\"ready\"}" : "{\"status\":\"not ready\"}";
  }
}
