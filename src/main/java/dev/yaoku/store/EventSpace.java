package dev.yaoku.store;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that prepares the next file of events as fast as the current one is written. Without
 * it events are slower, and nothing else.
 */
final class EventSpace implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventSpace.class);

  private final EventFiles files;
  private final BooleanSupplier shortOfSpace;
  private final StoreThread thread = new StoreThread(this::run, "store-event-space");

  /** Guarded by this, as is what lies in the file while it is here. */
  private @Nullable EventFile next;

  private volatile @Nullable EventFile current;

  /** How much of that is written, in bytes. */
  private volatile long written;

  private volatile boolean closed;
  private boolean failing;

  /**
   * Begins to wait for a file to be written.
   *
   * @param shortOfSpace whether the disk is nearly full, so that nothing is prepared
   */
  EventSpace(EventFiles files, BooleanSupplier shortOfSpace) {
    this.files = files;
    this.shortOfSpace = shortOfSpace;
    thread.start();
  }

  /** Called by whoever writes when a good part more of this file is written. */
  void keepUpWith(EventFile file) {
    written = file.length();
    current = file;
    LockSupport.unpark(thread);
  }

  /** Hands out what is prepared, if anything is. */
  synchronized @Nullable EventFile take() {
    EventFile prepared = next;
    next = null;
    current = null;
    return prepared;
  }

  private void run() {
    while (!closed) {
      EventFile before = current;
      if (before == null || shortOfSpace.getAsBoolean() || !prepareAfter(before)) {
        LockSupport.park(this);
      }
    }
    discard();
  }

  /** Does one step, and says whether another is to be done at once. */
  private boolean prepareAfter(EventFile before) {
    try {
      EventFile filled = fill(before);
      if (filled == null) {
        return false;
      }
      filled.sync();
      failing = false;
      return true;
    } catch (IOException e) {
      if (!failing) {
        LOG.warn("the next file of events is not prepared: {}", e.getMessage());
      }
      failing = true;
      return false;
    }
  }

  private synchronized @Nullable EventFile fill(EventFile before) throws IOException {
    if (current != before) {
      return null; // another file is written by now
    }
    EventFile filling = next;
    if (filling == null) {
      filling = files.prepareAfter(before);
      next = filling;
    }
    long keptUp = written * filling.capacity() / before.fullAt() + EventFile.STEP_BYTES;
    if (filling.filled() >= Math.min(keptUp, filling.capacity())) {
      return null;
    }
    filling.fill();
    return filling;
  }

  private void discard() {
    EventFile prepared = take();
    try {
      if (prepared != null) {
        prepared.close();
      }
      files.discardPrepared();
    } catch (IOException e) {
      LOG.warn("a prepared file of events is left: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    thread.awaitEnd();
  }
}
