package dev.yaoku.server;

/**
 * How much of a request has arrived and is kept, until it is answered. The first bytes are every
 * connection's; for more it needs room in a share of the heap that all have in common.
 */
final class Arrived {
  /** So many bytes of a request need no room: nearly all requests are shorter. */
  private static final int FREE_BYTES = 2048;

  private final HeapShare share;
  private final String source;
  private long bytes;
  private long taken;

  /**
   * Nothing yet.
   *
   * @param source where it comes from; {@link HeapShare#MANY} for a proxy
   */
  Arrived(HeapShare share, String source) {
    this.share = share;
    this.source = source;
  }

  /** Counts what arrived; whether there is room for it. */
  boolean more(int count) {
    bytes += count;
    if (bytes <= FREE_BYTES) {
      return true;
    }
    if (!share.take(source, bytes - taken)) {
      return false;
    }
    taken = bytes;
    return true;
  }

  /** Nothing of it is kept any more. */
  void forget() {
    bytes = 0;
    if (taken > 0) {
      share.give(source, taken);
      taken = 0;
    }
  }
}
