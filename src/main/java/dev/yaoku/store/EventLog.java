package dev.yaoku.store;

import dev.yaoku.store.WriteSession.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
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
 * written behind what a crash cut off. One that is closed after a failure may be used again.
 */
final class EventLog implements GroupSession {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  /** After so many bytes more the next file is to be longer, too. */
  private static final long PREPARE_EVERY_BYTES = 64L << 10;

  /** So often a file may be lost under one group. */
  private static final int FILES_OF_A_GROUP_MAX = 3;

  private static final int BUFFER_BYTES = 16 * EventFormat.RECORD_BYTES_MAX;
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration FAILURES_APART = Duration.ofMillis(500);

  private final EventFiles files;
  private final EventSpace space;
  private final List<AuditRow> group = new ArrayList<>();
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final CRC32C checksum = new CRC32C();
  private @Nullable EventFile file;
  private long lastNumber;
  private long prepareAt;
  private @Nullable StoreException lastFailure;
  private long failedNanos;
  private long lookedNanos = System.nanoTime();

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
    mustNotHaveFailedJustNow();
    try {
      write();
      lastFailure = null;
    } catch (IOException e) {
      StoreException failure =
          new StoreException(
              "Events cannot be written to "
                  + files.directory()
                  + " ("
                  + e
                  + "): free some space, or mend its owner and mode.",
              e);
      lastFailure = failure;
      failedNanos = System.nanoTime();
      throw failure;
    }
  }

  /** A disk that fails is left alone for a moment, whoever asks. */
  private void mustNotHaveFailedJustNow() {
    StoreException failure = lastFailure;
    if (failure != null && System.nanoTime() - failedNanos < FAILURES_APART.toNanos()) {
      throw new StoreException(String.valueOf(failure.getMessage()), failure);
    }
  }

  /**
   * Writes the group, and again where the file was moved or removed meanwhile: what is acknowledged
   * is where it is looked for, rather twice than never.
   */
  private void write() throws IOException {
    EventFile open = open();
    write(open);
    for (int lost = 1; !open.hasItsName(); lost++) {
      LOG.error("{} was moved or removed while events were written to it", open.path());
      if (lost == FILES_OF_A_GROUP_MAX) {
        throw new IOException(open.path() + " was moved or removed");
      }
      close();
      open = open();
      write(open);
    }
    if (open.length() >= prepareAt) {
      prepareAt = open.length() + PREPARE_EVERY_BYTES;
      space.keepUpWith(open);
    }
  }

  private void write(EventFile open) throws IOException {
    buffer.clear();
    for (AuditRow event : group) {
      if (buffer.remaining() < EventFormat.RECORD_BYTES_MAX) {
        open.write(buffer.flip());
        buffer.clear();
      }
      EventFormat.put(event, buffer, checksum);
    }
    open.write(buffer.flip());
    open.force();
  }

  /** The file to write to; another one when the last is full. */
  private EventFile open() throws IOException {
    EventFile open = file;
    if (open != null && open.length() < open.fullAt() && !wasReplaced(open)) {
      return open;
    }
    close();
    EventFile prepared = space.take();
    if (prepared != null && !prepared.isInPlace()) {
      prepared.close();
      prepared = null;
    }
    EventFile next = files.begin(lastNumber, prepared);
    file = next;
    lastNumber = EventFiles.number(next.path());
    prepareAt = 0;
    return next;
  }

  private boolean wasReplaced(EventFile open) throws IOException {
    long now = System.nanoTime();
    if (now - lookedNanos < LOOK_EVERY.toNanos()) {
      return false;
    }
    lookedNanos = now;
    boolean replaced = !open.isInPlace();
    if (replaced) {
      LOG.error("{} was moved, removed or replaced while events were written to it", open.path());
    }
    return replaced;
  }

  @Override
  public void rollback() {
    group.clear();
  }

  /** The file that is begun after a failure shows whether the disk takes more. */
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
      if (open.isEmpty() && Files.notExists(open.path())) {
        lastNumber--; // or the number that is missing would look like a file that was taken away
      }
    }
  }
}
