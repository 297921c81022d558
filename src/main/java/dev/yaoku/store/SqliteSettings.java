package dev.yaoku.store;

import java.time.Duration;

/**
 * How the embedded store runs.
 *
 * @param readers how many connections read at once, each on a thread of its own
 * @param readsWaitingMax how many reads may wait for a connection
 * @param changesWaitingMax how many changes may wait for the writer
 * @param eventsWaitingMax how many events may wait for the writer
 * @param eventBytesWaitingMax how many bytes those may hold
 * @param gather how far apart commits are kept under load; a lone change never waits
 * @param reserveBytes so much of the disk is left to changes that take rights away
 */
public record SqliteSettings(
    int readers,
    int readsWaitingMax,
    int changesWaitingMax,
    int eventsWaitingMax,
    long eventBytesWaitingMax,
    Duration gather,
    long reserveBytes) {
  /** For a small server. */
  public static final SqliteSettings DEFAULT =
      new SqliteSettings(2, 1_024, 1_024, 65_536, 64L << 20, Duration.ofMillis(1), 32L << 20);

  /**
   * With less left on its disk than this, the store may refuse all that takes no rights away: the
   * reserve, and what the log of changes can still grow.
   */
  public long leftFreeBytes() {
    return SqliteFile.sum(reserveBytes, Checkpoints.LOG_BYTES);
  }

  TaskQueue.Limits limits() {
    return new TaskQueue.Limits(changesWaitingMax, eventsWaitingMax, eventBytesWaitingMax, gather);
  }
}
