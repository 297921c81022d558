package dev.yaoku.server;

import dev.yaoku.crypto.Randomness;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * What a server takes from the machine it runs on.
 *
 * @param clock the wall clock
 * @param nanos monotonic time, nanoseconds
 * @param randomness the one source of random bytes
 */
public record Surroundings(InstantSource clock, LongSupplier nanos, Randomness randomness) {
  /** The machine's own clocks and the kernel's generator. */
  public static Surroundings ofThisMachine() {
    return new Surroundings(InstantSource.system(), System::nanoTime, Randomness.kernel());
  }
}
