package dev.yaoku.crypto;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/** Randomness that is not random. */
final class Fixed {
  private Fixed() {}

  /** Always the same byte, but for the reads of the start-up test. */
  static Randomness bytes(int value) {
    AtomicInteger reads = new AtomicInteger();
    return Randomness.of(
        length -> {
          byte[] bytes = new byte[length];
          int read = reads.incrementAndGet();
          Arrays.fill(bytes, (byte) (read <= 8 ? read : value));
          return bytes;
        },
        () -> {});
  }
}
