package dev.yaoku.server;

import dev.yaoku.service.UnsaltedEvent;
import dev.yaoku.store.AppendListener;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What belongs to one event loop. Events of one turn of the loop go to the store together, and all
 * answers of a commit leave in one task (DESIGN, "The hot path").
 */
final class Loop {
  /** So many events are worth a commit before the turn ends, which goes on beside it. */
  private static final int HANDED_OVER_MAX = 16;

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

  final EventLoop events;
  final Shared shared;
  final RequestIds ids;
  final Turn turn;
  private final Set<Connection> connections = new HashSet<>();

  private List<UnsaltedEvent> rows = new ArrayList<>();
  private List<Passage> passages = new ArrayList<>();
  private boolean handOverPlanned;

  private final ConcurrentLinkedQueue<Settled> settled = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean completionPlanned = new AtomicBoolean();

  private final ConcurrentLinkedQueue<Runnable> beside = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean wakePlanned = new AtomicBoolean();

  /** Requests whose events became durable together, or did not. */
  private record Settled(List<Passage> passages, @Nullable Throwable failure) {}

  /** Requests whose events are on their way to the store together. */
  private final class Batch implements AppendListener {
    private final List<Passage> passages;
    private final boolean patient;

    Batch(List<Passage> passages, boolean patient) {
      this.passages = passages;
      this.patient = patient;
    }

    @Override
    public void settled(@Nullable Throwable failure) {
      settled.add(new Settled(passages, failure));
    }

    @Override
    public void allSettled() {
      if (!settled.isEmpty() && completionPlanned.compareAndSet(false, true)) {
        run(Loop.this::complete);
      }
    }

    @Override
    public boolean isPatient() {
      return patient;
    }
  }

  Loop(EventLoop events, Shared shared) {
    this.events = events;
    this.shared = shared;
    this.turn = new Turn(events, shared.afterOthers());
    this.ids = new RequestIds(shared.parts().random());
    Niceness.answerPromptly();
  }

  void opened(Connection connection) {
    connections.add(connection);
  }

  void closed(Connection connection) {
    connections.remove(connection);
  }

  /** Cuts connections that take too long. */
  void sweep() {
    long now = System.nanoTime();
    for (Connection connection : List.copyOf(connections)) {
      connection.checkDeadlines(now);
    }
  }

  /** Sends the answer of a request once its event is durable. */
  void record(Passage passage, UnsaltedEvent event) {
    if (!events.inEventLoop()) {
      append(List.of(event), new Batch(List.of(passage), passage.isComputing()));
      return;
    }
    rows.add(event);
    passages.add(passage);
    if (rows.size() == HANDED_OVER_MAX) {
      handOver();
    } else if (!handOverPlanned) {
      handOverPlanned = true;
      events.execute(this::handOverAtEndOfTurn);
    }
  }

  private void handOverAtEndOfTurn() {
    handOverPlanned = false;
    if (!rows.isEmpty()) {
      handOver();
    }
  }

  private void handOver() {
    List<Passage> batch = passages;
    List<UnsaltedEvent> ofBatch = rows;
    passages = new ArrayList<>(batch.size() + 8);
    rows = new ArrayList<>(batch.size() + 8);
    append(ofBatch, new Batch(batch, false));
  }

  private void append(List<UnsaltedEvent> some, Batch batch) {
    try {
      Parts parts = shared.parts();
      parts.store().append(UnsaltedEvent.salted(some, parts.random()), batch);
    } catch (RuntimeException | Error refused) {
      batch.settled(refused);
      batch.allSettled();
    }
  }

  /** Runs on the loop: at once if this is its thread. */
  void now(Runnable work) {
    if (events.inEventLoop()) {
      work.run();
    } else {
      run(work);
    }
  }

  /** Runs on the loop, later. When it has ended, so has everybody who could be told. */
  void run(Runnable work) {
    try {
      events.execute(work);
    } catch (RejectedExecutionException ended) {
      LOG.debug("an answer came after the end", ended);
    }
  }

  /**
   * Runs on the loop, later, together with what others beside it bring until they have had their
   * turn: changes of one commit end at the same moment, and need not wake the loop one by one. With
   * nobody to wait for it wakes the loop at once, so that no stranger's log-in is in between.
   */
  void runTogether(Runnable work) {
    if (shared.slow().running() < 2) {
      run(work);
      return;
    }
    beside.add(work);
    if (wakePlanned.compareAndSet(false, true)) {
      try {
        shared.afterOthers().execute(() -> run(this::runBeside));
      } catch (RejectedExecutionException | OutOfMemoryError noThread) {
        run(this::runBeside);
      }
    }
  }

  private void runBeside() {
    wakePlanned.set(false);
    turn.answer(() -> {
      for (Runnable work = beside.poll(); work != null; work = beside.poll()) {
        work.run();
      }
    });
  }

  private void complete() {
    completionPlanned.set(false);
    turn.answer(this::answerSettled);
  }

  private void answerSettled() {
    for (Settled batch = settled.poll(); batch != null; batch = settled.poll()) {
      Throwable failure = batch.failure();
      for (Passage passage : batch.passages()) {
        Turn.guarded(passage, settled -> settled.recorded(failure));
      }
    }
  }
}
