package dev.yaoku.server;

import dev.yaoku.store.CommitListener;
import dev.yaoku.store.Store;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/**
 * What is counted of the store: how long commits take, what shares them, and what fails. In return
 * the store hears how busy the server is.
 */
final class StoreMetrics implements CommitListener {
  private static final Duration[] TIMES = {
    Duration.ofNanos(250_000),
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(100),
    Duration.ofMillis(500),
    Duration.ofSeconds(2),
    Duration.ofSeconds(10)
  };

  private static final double[] SIZES = {1, 4, 16, 64, 256, 1_024, 4_096};

  private final IntSupplier underWay;
  private final IntSupplier computing;
  private final Timer commits;
  private final DistributionSummary groups;
  private final Counter failures;

  private StoreMetrics(MeterRegistry registry, IntSupplier underWay, IntSupplier computing) {
    this.underWay = underWay;
    this.computing = computing;
    commits =
        Timer.builder("yaoku_store_commits")
            .description("commits, from the start of the transaction until it is durable")
            .serviceLevelObjectives(TIMES)
            .register(registry);
    groups =
        DistributionSummary.builder("yaoku_store_group_writes")
            .description("changes and batches of events that shared a commit")
            .serviceLevelObjectives(SIZES)
            .register(registry);
    failures =
        Counter.builder("yaoku_store_writes_failed")
            .description("changes and batches of events that did not become durable")
            .register(registry);
  }

  /**
   * Counts what a store does from now on.
   *
   * @param works whether it answers and takes all writes, as readiness has it
   * @param underWay how many requests there are
   * @param computing how many of them compute for long
   */
  static void bind(
      MeterRegistry registry,
      Store store,
      BooleanSupplier works,
      IntSupplier underWay,
      IntSupplier computing) {
    store.tell(new StoreMetrics(registry, underWay, computing));
    Gauge.builder("yaoku_store_backlog", store, Store::backlog)
        .description("events not yet durable")
        .strongReference(true)
        .register(registry);
    Gauge.builder("yaoku_store_writable", works, w -> w.getAsBoolean() ? 1 : 0)
        .description(
            "1 while the store takes all writes, 0 while it fails, hangs or space is short")
        .strongReference(true)
        .register(registry);
    FunctionCounter.builder("yaoku_store_rows_refused", store, Store::rowsRefused)
        .description("reads of rows that this server did not write")
        .register(registry);
  }

  @Override
  public void begin() {
    Niceness.answerPromptly();
  }

  @Override
  public int underWay() {
    return underWay.getAsInt();
  }

  @Override
  public int patientUnderWay() {
    return computing.getAsInt();
  }

  @Override
  public void committed(int writes, long nanos) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
    groups.record(writes);
  }

  @Override
  public void failed(int writes) {
    failures.increment(writes);
  }
}
