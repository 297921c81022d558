package dev.yaoku.store;

import dev.yaoku.store.WriteSession.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends events that belong to no change of the embedded store to files of their own: a row of a
 * table costs three times as much, and each is written a second time when the write-ahead log is
 * folded (ADR 29). Each server that starts begins a file, as does each failure, so nothing is ever
 * written behind what a crash cut off.
 */
final class EventLog implements Session {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  /** After so many bytes more the next file is to be longer, too. */
  private static final long PREPARE_EVERY_BYTES = 64L << 10;

  private static final int BUFFER_BYTES = 16 * EventFormat.RECORD_BYTES_MAX;
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private final EventFiles files;
  private final EventSpace space;
  private final List<AuditRow> group = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final CRC32C checksum = new CRC32C();
  private @Nullable EventFile file;
  private long lastNumber;
  private long prepareAt;
  private long lookedNanos;

  /**
   * A log that begins its first file when there is something to write.
   *
   * @param space makes space ahead
   */
  EventLog(EventFiles files, EventSpace space) {
    this.files = files;
    this.space = space;
  }

  @Override
  public void begin(boolean changes) {
    group.clear();
  }

  @Override
  public void append(List<AuditRow> events) {
    group.addAll(events);
  }

  @Override
  public <T> Outcome<T> attempt(Function<? super Writing, T> work) {
    throw new IllegalStateException("a change of rows came to the files of events");
  }

  @Override
  public void commit() {
    try {
      EventFile open = open();
      for (AuditRow event : group) {
        if (buffer.remaining() < EventFormat.RECORD_BYTES_MAX) {
          writeTo(open);
        }
        EventFormat.put(event, buffer, checksum);
      }
      writeTo(open);
      open.force();
      keepSpace(open);
    } catch (IOException e) {
      throw new StoreException(
          "Events cannot be written to "
              + (file == null ? "the directory events beside the store" : file.path())
              + " ("
              + e.getMessage()
              + "): free some space, or mend its owner and mode.",
          e);
    }
  }

  private void keepSpace(EventFile open) {
    if (open.length() >= prepareAt) {
      prepareAt = open.length() + PREPARE_EVERY_BYTES;
      space.keepUpWith(open);
    }
  }

  private void writeTo(EventFile open) throws IOException {
    open.write(buffer.flip());
    buffer.clear();
  }

  /** The file to write to; another one when the last is full, or is not where it was. */
  private EventFile open() throws IOException {
    EventFile open = file;
    if (open != null && open.length() < open.fullAt() && !wasMoved(open)) {
      return open;
    }
    close();
    EventFile next = files.begin(lastNumber, space.take());
    file = next;
    lastNumber = EventFiles.number(next.path());
    prepareAt = 0;
    return next;
  }

  private boolean wasMoved(EventFile open) {
    long now = System.nanoTime();
    if (now - lookedNanos < LOOK_EVERY.toNanos()) {
      return false;
    }
    lookedNanos = now;
    boolean moved = !open.isInPlace();
    if (moved) {
      LOG.error("{} was moved or removed while events were written to it", open.path());
    }
    return moved;
  }

  @Override
  public void rollback() {
    group.clear();
    buffer.clear();
  }

  /** A file that was opened after a failure shows by its first bytes that the disk takes more. */
  @Override
  public void probe() {}

  @Override
  public void lookAfter() {}

  @Override
  public void close() {
    EventFile open = file;
    file = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LOG.warn("{} did not close: {}", open.path(), e.getMessage());
      }
    }
  }
}
