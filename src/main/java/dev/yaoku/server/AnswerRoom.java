package dev.yaoku.server;

import org.jspecify.annotations.Nullable;

/** Memory for one long answer, until its client has read it or will not. */
final class AnswerRoom {
  private final HeapShare share;
  private final String reader;
  private final int bytes;

  private AnswerRoom(HeapShare share, String reader, int bytes) {
    this.share = share;
    this.reader = reader;
    this.bytes = bytes;
  }

  /**
   * Takes room for an answer; null if there is none for so long a one.
   *
   * @param reader whose share it is taken from
   */
  static @Nullable AnswerRoom take(HeapShare share, String reader, int bytes) {
    return share.take(reader, bytes) ? new AnswerRoom(share, reader, bytes) : null;
  }

  /** Gives it back; to be called once. */
  void giveBack() {
    share.give(reader, bytes);
  }
}
