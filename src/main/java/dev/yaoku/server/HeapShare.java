package dev.yaoku.server;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A part of the heap for what clients make the server hold, such as requests that are not complete.
 * What does not fit is refused: without memory a server ends, and with it the service for all.
 */
final class HeapShare {
  private final long bytesMax;
  private final AtomicLong held = new AtomicLong();

  HeapShare(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** A share as it is configured: 0 for an eighth of what the heap may become. */
  static HeapShare of(long configured) {
    return new HeapShare(configured > 0 ? configured : Runtime.getRuntime().maxMemory() / 8);
  }

  /** Takes room for so many bytes, or says that there is none. */
  boolean take(long bytes) {
    if (held.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /** Gives room back that was taken. */
  void give(long bytes) {
    held.addAndGet(-bytes);
  }

  /** How many bytes are taken. */
  long held() {
    return held.get();
  }
}
