package dev.yaoku.crypto;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Randomness that is not random. */
final class Fixed {
  private Fixed() {}

  /** Always the same byte, but for the reads of the start-up test. */
  static Randomness bytes(int value) {
    return bytes(value, () -> {});
  }

  /** The same, with something done before each read. */
  static Randomness bytes(int value, Runnable before) {
    AtomicInteger reads = new AtomicInteger();
    return Randomness.of(
        length -> {
          before.run();
          byte[] bytes = new byte[length];
          int read = reads.incrementAndGet();
          Arrays.fill(bytes, (byte) (read <= 8 ? read : value));
          return bytes;
        },
        () -> {});
  }
}
