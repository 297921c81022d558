package dev.yaoku.service;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** Time as the store and the wire know it. */
final class Times {
  private Times() {}

  /** Now, to the millisecond. */
  static Instant now(InstantSource clock) {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
