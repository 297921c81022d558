package dev.yaoku.server;

import java.util.function.BooleanSupplier;

/**
 * Whether the server can answer. It is looked at from time to time, not at each question, so that
 * asking costs nothing; and it says only ready or not (SECURITY_DESIGN M22).
 */
final class Health {
  private final BooleanSupplier ready;
  private volatile boolean lastSeen;
  private volatile boolean draining;

  Health(BooleanSupplier ready) {
    this.ready = ready;
  }

  /** Looks. May block. */
  void look() {
    boolean seen;
    try {
      seen = ready.getAsBoolean();
    } catch (RuntimeException failed) {
      seen = false;
    }
    lastSeen = seen;
  }

  /** Says that the server is about to stop. */
  void drain() {
    draining = true;
  }

  boolean isReady() {
    return lastSeen && !draining;
  }

  /** The body of an answer. */
  static String body(boolean fine) {
    return fine ? "{\"status\":\"ready\"}" : "{\"status\":\"not ready\"}";
  }
}
