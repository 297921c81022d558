package dev.yaoku.store;

import java.util.NavigableSet;
import java.util.concurrent.ConcurrentSkipListSet;

/** Numbers of this server's own changes, so that another server's are told from them. */
final class OwnChanges {
  /** Those that were not asked about yet. */
  private final NavigableSet<Long> ours = new ConcurrentSkipListSet<>();

  private long looked;

  /** Remembers a change that this server committed. */
  void add(long change) {
    ours.add(change);
  }

  /**
   * Whether any of the changes up to this one, and after the last that was asked about, is another
   * server's. One of our own that is not remembered yet is taken for another's, never the reverse.
   */
  synchronized boolean hasForeign(long change) {
    boolean foreign = false;
    for (long one = looked + 1; one <= change && !foreign; one++) {
      foreign = !ours.contains(one);
    }
    ours.headSet(change, true).clear();
    looked = Math.max(looked, change);
    return foreign;
  }
}
