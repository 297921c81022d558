package dev.yaoku.server;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one turn of an event loop read, worked on in steps: each step is done for all before the
 * next is done for any. The code of a request is more than the caches of a core hold, so that done
 * one by one each request would find next to none of it there (ADR 39).
 */
final class Turn {
  /** So much may be held back; then it is worked on before the turn ends. */
  private static final int HELD_BYTES_MAX = 256 << 10;

  /** So many connections may have written what has not left: each takes memory till it does. */
  private static final int UNSENT_MAX = 128;

  private static final int RETRY_MILLIS = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Turn.class);

  private final EventLoop events;
  private final Executor threads;
  private final Queue<Read> reads = new ArrayDeque<>();
  private int heldBytes;
  private boolean delivering;
  private List<Passage> complete = new ArrayList<>();
  private boolean planned;
  private boolean ending;
  private List<Runnable> beside = new ArrayList<>();

  private boolean answering;
  private final Queue<TurnHandler> unsent = new ArrayDeque<>();

  /** What came by one read of a connection. */
  private record Read(TurnHandler connection, Object message) {}

  /**
   * Turns of an event loop.
   *
   * @param threads starts a virtual thread a task
   */
  Turn(EventLoop events, Executor threads) {
    this.events = events;
    this.threads = threads;
  }

  /** Holds back what a connection read, until all connections have read. */
  void read(TurnHandler connection, Object message, int bytes) {
    reads.add(new Read(connection, message));
    heldBytes += bytes;
    if (heldBytes > HELD_BYTES_MAX) {
      deliver();
    }
    plan();
  }

  /** A request is complete. */
  void complete(Passage passage) {
    complete.add(passage);
    plan();
  }

  /**
   * Starts work on a virtual thread. What the loop itself asks for starts when its turn has ended,
   * by one virtual thread for all: each thread that is started from here wakes a carrier, which
   * then has the core before the next is started.
   */
  void startBeside(Runnable work) {
    if (events.inEventLoop()) {
      beside.add(work);
      if (!ending) {
        plan();
      }
    } else {
      start(work);
    }
  }

  private void startAll() {
    if (beside.isEmpty()) {
      return;
    }
    List<Runnable> all = beside;
    beside = new ArrayList<>();
    if (all.size() > 1) {
      start(() -> all.forEach(this::start));
    } else {
      all.forEach(this::start);
    }
  }

  /** Where the system has no thread to carry it, it starts when there is one. */
  private void start(Runnable work) {
    try {
      threads.execute(work);
    } catch (RejectedExecutionException ended) {
      LOG.debug("work came after the end", ended);
    } catch (OutOfMemoryError noThread) {
      var _ = events.schedule(() -> start(work), RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void plan() {
    if (planned) {
      return;
    }
    planned = true;
    try {
      events.execute(this::end);
    } catch (RejectedExecutionException ended) {
      end();
    }
  }

  private void end() {
    try {
      deliver();
    } finally {
      planned = false;
    }
    ending = true;
    try {
      List<Passage> all = complete;
      complete = new ArrayList<>(all.size());
      all.forEach(passage -> guarded(passage, Passage::prove));
      all.forEach(passage -> guarded(passage, Passage::handle));
      all.forEach(passage -> guarded(passage, Passage::settle));
    } finally {
      ending = false;
      startAll();
    }
  }

  /**
   * Hands on all that was held back. A connection that fails while it is handed something calls
   * this method again from inside. Such a call does nothing, as the outer one goes on to the end in
   * any case; with many such connections the calls would otherwise overflow the stack.
   */
  void deliver() {
    if (delivering) {
      return;
    }
    delivering = true;
    heldBytes = 0;
    try {
      for (Read read = reads.poll(); read != null; read = reads.poll()) {
        deliver(read);
      }
    } finally {
      delivering = false;
    }
  }

  private static void deliver(Read read) {
    try {
      read.connection().deliver(read.message());
    } catch (Throwable defect) {
      read.connection().cut();
      LOG.error("what a connection read could not be handed on", defect);
    }
  }

  /**
   * Does a step of one request. What fails here is a defect, and must not become the others' who
   * came in the same turn.
   */
  static void guarded(Passage passage, Consumer<Passage> step) {
    try {
      step.accept(passage);
    } catch (Throwable defect) {
      failed(passage, defect);
    }
  }

  /** A mistake of ours is why a request has no answer. */
  static void failed(Passage passage, Throwable defect) {
    passage.cut();
    LOG.error("request {} has no answer", passage.requestId(), defect);
  }

  /** Does work that writes answers; they leave when all of them are written. */
  void answer(Runnable work) {
    answering = true;
    try {
      work.run();
    } finally {
      answering = false;
      sendAll();
    }
  }

  private void sendAll() {
    for (TurnHandler connection = unsent.poll(); connection != null; connection = unsent.poll()) {
      connection.send();
    }
  }

  /** Whether what this connection wrote leaves later, together with what others write. */
  boolean sendsLater(TurnHandler connection) {
    if (!answering) {
      return false;
    }
    unsent.add(connection);
    if (unsent.size() >= UNSENT_MAX) {
      sendAll();
    }
    return true;
  }
}
