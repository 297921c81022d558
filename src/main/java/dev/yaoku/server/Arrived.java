package dev.yaoku.server;

/**
 * How much of a request has arrived and is kept, until it is answered. The first bytes are every
 * connection's; for more it needs room in a share of the heap that all have in common.
 */
final class Arrived {
  /** So many bytes of a request need no room: nearly all requests are shorter. */
  private static final int FREE_BYTES = 2048;

  private final HeapShare share;
  private long bytes;
  private long taken;

  Arrived(HeapShare share) {
    this.share = share;
  }

  /** Counts what arrived; whether there is room for it. */
  boolean more(int count) {
    bytes += count;
    long wanted = bytes - taken;
    if (bytes <= FREE_BYTES || share.take(wanted)) {
      taken = bytes <= FREE_BYTES ? 0 : bytes;
      return true;
    }
    return false;
  }

  /** Nothing of it is kept any more. */
  void forget() {
    share.give(taken);
    bytes = 0;
    taken = 0;
  }
}
