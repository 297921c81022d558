package dev.yaoku.server;

import dev.yaoku.crypto.Randomness;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The machine's clock, except that it never says the same millisecond twice: what was made one
 * after the other lies in that order in lists that go by time.
 */
public final class RisingClock implements InstantSource {
  private final AtomicLong last = new AtomicLong();

  /** A machine with such a clock. */
  public static Surroundings machine() {
    return new Surroundings(new RisingClock(), System::nanoTime, Randomness.kernel());
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(
        last.updateAndGet(before -> Math.max(before + 1, System.currentTimeMillis())));
  }
}
