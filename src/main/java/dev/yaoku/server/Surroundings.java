package dev.yaoku.server;

import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.Randomness;
import java.time.InstantSource;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a server takes from the machine it runs on.
 *
 * @param clock the wall clock
 * @param nanos monotonic time, nanoseconds
 * @param randomness the one source of random bytes
 * @param algorithms the algorithms, by native code where it shall be and is there
 */
public record Surroundings(
    InstantSource clock,
    LongSupplier nanos,
    Randomness randomness,
    Function<Boolean, Cryptography> algorithms) {
  /** A machine whose algorithms are the usual ones. */
  public Surroundings(InstantSource clock, LongSupplier nanos, Randomness randomness) {
    this(clock, nanos, randomness, wantNative -> new Cryptography(randomness, wantNative));
  }

  /** The machine's own clocks and the kernel's generator. */
  public static Surroundings ofThisMachine() {
    return new Surroundings(InstantSource.system(), System::nanoTime, Randomness.kernel());
  }
}
