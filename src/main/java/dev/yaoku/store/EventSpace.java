package dev.yaoku.store;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that prepares the next file of events as fast as the current one is written. Without
 * it events are slower, and nothing else.
 */
final class EventSpace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventSpace.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  private final EventFiles files;
  private final LongPredicate room;
  private final StoreThread thread = new StoreThread(this::run, "store-event-space");

  /** What is written now. */
  private volatile @Nullable EventFile current;

  /** How much of it is written, in bytes. */
  private volatile long written;

  /** Guarded by this. */
  private @Nullable EventFile next;

  private volatile boolean closed;
  private boolean failing;

  /**
   * Begins to wait for a file to be written.
   *
   * @param room whether the disk has so many bytes to spare; else nothing is prepared
   */
  EventSpace(EventFiles files, LongPredicate room) {
    this.files = files;
    this.room = room;
    thread.start();
  }

  /** Called by whoever writes when a good part more of this file is written. Never waits. */
  void keepUpWith(EventFile file) {
    written = file.length();
    current = file;
    LockSupport.unpark(thread);
  }

  /**
   * Hands out what is prepared, if anything is. Waits for a step that is under way: whoever writes
   * must be the one who hears of what the disk refuses from then on.
   */
  synchronized @Nullable EventFile take() {
    EventFile prepared = next;
    next = null;
    current = null;
    return prepared;
  }

  private void run() {
    while (!closed) {
      if (!prepare()) {
        LockSupport.parkNanos(this, LOOK_EVERY.toNanos());
      }
    }
    discard();
  }

  /** Does one step, and says whether another is to be done at once. */
  private boolean prepare() {
    if (!room.test(toBeFilled())) {
      discard();
      return false;
    }
    try {
      boolean done = step();
      failing &= !done;
      return done;
    } catch (IOException e) {
      if (!failing) {
        LOG.warn("the next file of events is not prepared: {}", e.getMessage());
      }
      failing = true;
      discard();
      return false;
    }
  }

  /**
   * What the file that is prepared will take beside what it has. All of it must be to spare from
   * the first step on: zeros alone would make the store refuse what is asked of it, and its refusal
   * would take them away again.
   */
  private synchronized long toBeFilled() {
    EventFile before = current;
    EventFile filling = next;
    if (filling != null) {
      return filling.capacity() - filling.filled();
    }
    return before == null ? 0 : EventFiles.capacityAfter(before);
  }

  private synchronized boolean step() throws IOException {
    EventFile before = current;
    if (before == null) {
      return false;
    }
    EventFile filling = next;
    if (filling == null) {
      next = files.prepareAfter(before);
      return true;
    }
    long keptUp = written * filling.capacity() / before.fullAt() + EventFile.STEP_BYTES;
    if (filling.filled() >= Math.min(keptUp, filling.capacity())) {
      return false;
    }
    filling.fill();
    return true;
  }

  /** What is prepared goes; and nothing is prepared until more is written. */
  private void discard() {
    EventFile prepared = take();
    if (prepared != null) {
      try {
        prepared.close();
      } catch (IOException e) {
        LOG.warn("a prepared file of events is left: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    thread.awaitEnd();
  }
}
