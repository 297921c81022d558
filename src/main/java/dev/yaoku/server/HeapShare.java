package dev.yaoku.server;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A part of the heap for what clients make the server hold, such as requests that are not complete.
 * What does not fit is refused: without memory a server ends, and with it the service for all. Half
 * of it is always left to others.
 */
final class HeapShare {
  /** An owner who may have all: many clients come by it. */
  static final String MANY = "";

  private final long bytesMax;
  private final AtomicLong held = new AtomicLong();
  private final ConcurrentMap<String, Long> byOwner = new ConcurrentHashMap<>();

  HeapShare(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** A share as it is configured: 0 for an eighth of what the heap may become. */
  static HeapShare of(long configured) {
    return new HeapShare(configured > 0 ? configured : Runtime.getRuntime().maxMemory() / 8);
  }

  /** Takes room for so many bytes, or says that there is none. */
  boolean take(String owner, long bytes) {
    long mine = byOwner.merge(owner, bytes, Long::sum);
    long all = held.addAndGet(bytes);
    if (all <= bytesMax && (mine <= bytesMax / 2 || owner.equals(MANY))) {
      return true;
    }
    give(owner, bytes);
    return false;
  }

  /** Gives room back that was taken. */
  void give(String owner, long bytes) {
    held.addAndGet(-bytes);
    byOwner.computeIfPresent(owner, (_, mine) -> mine == bytes ? null : mine - bytes);
  }

  /** How many bytes are taken. */
  long held() {
    return held.get();
  }

  /** How many have taken any. */
  int owners() {
    return byOwner.size();
  }
}
