package dev.yaoku.server;

import dev.yaoku.service.Explanations;
import dev.yaoku.service.HeldPolicies;
import dev.yaoku.service.Identities;
import dev.yaoku.service.KeyServices;
import dev.yaoku.service.Leftovers;
import dev.yaoku.service.SessionRoom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What must be done from time to time, one after the other on one thread; only time is counted
 * beside it, because other servers rely on that.
 */
final class Housekeeping implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final Duration EVERY = Duration.ofSeconds(30);

  /** Soon after the start: much may have become due while the server was down. */
  private static final Duration FIRST = Duration.ofSeconds(1);

  /**
   * More rounds while the JVM is still compiling: what it sees for the first time later on makes it
   * throw compiled code away (ADR 5).
   */
  private static final int[] EARLY_SECONDS = {3, 7, 15};

  /** Not at once: a start has better use for the cores. */
  private static final Duration FIRST_AHEAD = Duration.ofSeconds(7);

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("yaoku-housekeeping").daemon().factory());
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("yaoku-clock").daemon().factory());
  private final List<Chore> chores;
  private final Chore counting;
  private final Runnable ahead;
  private final Explanations explanations;

  private final Complaint refusals = new Complaint(LOG, "storing refusals");

  /** Something to be done. */
  private record Chore(Complaint complaint, Runnable work) {
    Chore(String name, Runnable work) {
      this(new Complaint(LOG, name), work);
    }
  }

  Housekeeping(
      KeyServices keys,
      Identities identities,
      HeldPolicies held,
      SessionRoom room,
      Leftovers leftovers,
      Explanations explanations,
      SettingsWatch settings) {
    this.explanations = explanations;
    ahead = keys.rsaPairs()::fill;
    counting = new Chore("counting time", keys.clocks()::tick);
    chores =
        List.of(
            new Chore("destroying keys that are due", () -> keys.deletions().purgeDue()),
            new Chore("rotating keys that are due", () -> keys.dueRotations().rotateDue()),
            new Chore("ending what has expired", () -> keys.expiries().endDue()),
            new Chore("dropping keys from memory", () -> keys.keys().sweep()),
            new Chore("dropping identities from memory", identities::sweep),
            new Chore("dropping policies from memory", held::sweep),
            new Chore("noting uses of access keys", identities.uses()::write),
            new Chore("forgetting ended tokens", () -> leftovers.forget(keys.clocks().agreed())),
            new Chore("removing sessions of those logged out", room::removeEnded),
            new Chore("forgetting old refusals", explanations::forgetOld),
            new Chore("comparing settings with other servers", settings::look));
  }

  void start() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::round, FIRST.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    for (int seconds : EARLY_SECONDS) {
      var _ = thread.schedule(this::round, seconds, TimeUnit.SECONDS);
    }
    var _ =
        thread.scheduleWithFixedDelay(
            ahead, FIRST_AHEAD.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
    var _ = thread.scheduleWithFixedDelay(this::soon, 1, 1, TimeUnit.SECONDS);
    var _ =
        clock.scheduleWithFixedDelay(
            () -> counting.complaint().around(counting.work()),
            EVERY.toMillis(),
            EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** What others should know within a second or so. */
  private void soon() {
    refusals.around(explanations::flush);
  }

  /** Does everything once; what fails is logged and tried again next time. */
  synchronized void round() {
    chores.forEach(chore -> chore.complaint().around(chore.work()));
  }

  @Override
  public void close() {
    stop(clock);
    stop(thread);
  }

  private static void stop(ScheduledExecutorService executor) {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("housekeeping did not stop in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
