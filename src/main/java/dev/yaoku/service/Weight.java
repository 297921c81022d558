package dev.yaoku.service;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** How much of the heap takes what is kept of one kind, and how much it may take (ADR 37). */
final class Weight<V> {
  private final ToLongFunction<? super V> each;
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();

  /**
   * Nothing is kept yet.
   *
   * @param each how many bytes something takes, about; always the same
   * @param bytesMax how many all may take
   */
  Weight(ToLongFunction<? super V> each, long bytesMax) {
    this.each = each;
    this.bytesMax = bytesMax;
  }

  /** Of what takes next to nothing. */
  static <V> Weight<V> none() {
    return new Weight<>(_ -> 0, Long.MAX_VALUE);
  }

  long of(V value) {
    return each.applyAsLong(value);
  }

  void came(V value) {
    bytes.addAndGet(of(value));
  }

  void left(V value) {
    bytes.addAndGet(-of(value));
  }

  /** How many bytes everything takes that is kept. */
  long bytes() {
    return bytes.get();
  }

  /** Whether that is more than it may take. */
  boolean isOver() {
    return bytes() > bytesMax;
  }

  /** Whether it is so much that the next soon would be too much. */
  boolean isNearlyOver() {
    return bytes() > bytesMax - bytesMax / 10;
  }
}
