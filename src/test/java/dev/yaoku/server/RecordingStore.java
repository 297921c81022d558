package dev.yaoku.server;

import dev.yaoku.store.AppendListener;
import dev.yaoku.store.AuditRow;
import dev.yaoku.store.CommitListener;
import dev.yaoku.store.Reading;
import dev.yaoku.store.RowMac;
import dev.yaoku.store.Store;
import dev.yaoku.store.StoreException;
import dev.yaoku.store.Writing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** A log that can be looked at, held back, and broken. */
final class RecordingStore implements Store {
  private final ExecutorService writer = Executors.newSingleThreadExecutor();
  private final List<AuditRow> rows = new ArrayList<>();
  private final List<Integer> batches = new ArrayList<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean broken;
  volatile boolean writable = true;
  volatile boolean readable = true;
  volatile long view;
  volatile boolean fails;

  @Override
  public void append(List<AuditRow> events, AppendListener whose) {
    if (fails) {
      throw new LinkageError("a mistake");
    }
    writer.execute(() -> {
      awaitGate();
      if (broken) {
        failures.incrementAndGet();
        whose.settled(new StoreException("disk full"));
        whose.allSettled();
        return;
      }
      synchronized (rows) {
        rows.addAll(events);
        batches.add(events.size());
      }
      whose.settled(null);
      whose.allSettled();
    });
  }

  private void awaitGate() {
    try {
      gate.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nothing becomes durable until {@link #release()}. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  void release() {
    gate.countDown();
  }

  void breakNow() {
    broken = true;
  }

  void mend() {
    broken = false;
  }

  /** How many times events did not become durable. */
  int failures() {
    return failures.get();
  }

  /** The JSON of all entries so far. */
  List<String> entries() {
    synchronized (rows) {
      return rows.stream()
          .map(row -> new String(row.entry(), 16, row.entry().length - 16, StandardCharsets.UTF_8))
          .toList();
    }
  }

  long bytes() {
    synchronized (rows) {
      return rows.stream().mapToLong(row -> row.entry().length).sum();
    }
  }

  List<Integer> batches() {
    synchronized (rows) {
      return List.copyOf(batches);
    }
  }

  @Override
  public <T> T read(Function<? super Reading, T> work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public <T> T write(Function<? super Writing, T> work) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long view() {
    return view;
  }

  @Override
  public int backlog() {
    return 0;
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public boolean readable() {
    return readable;
  }

  @Override
  public void tell(CommitListener listener) {}

  @Override
  public long rowsRefused() {
    return 0;
  }

  @Override
  public void authenticateRowsWith(RowMac rowMac) {}

  @Override
  public void close() {
    gate.countDown();
    writer.close();
  }
}
