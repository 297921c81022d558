package dev.yaoku.server;

import dev.yaoku.access.Remembered;
import dev.yaoku.audit.Rating;
import dev.yaoku.audit.Resource;
import dev.yaoku.key.Problem.RowNotGenuine;
import dev.yaoku.service.Events;
import dev.yaoku.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of rows that were changed behind the server's back, in its own log and in the audit log: a
 * row once a minute at most, however often it is asked for (SECURITY_DESIGN C1).
 */
final class Forgeries implements Consumer<RowNotGenuine> {
  private static final Logger LOG = LoggerFactory.getLogger(Forgeries.class);
  private static final int ROWS_MAX = 1_000;
  private static final long AGAIN_MILLIS = 60_000;

  private final InstantSource clock;
  private final Remembered<RowNotGenuine, Long> told;
  private final AtomicReference<@Nullable Consumer<RowNotGenuine>> record = new AtomicReference<>();

  Forgeries(InstantSource clock) {
    this.clock = clock;
    this.told = new Remembered<>(ROWS_MAX, at -> isOver(at, clock.millis()), _ -> {});
  }

  /** A clock that went back says nothing of how long ago it was. */
  private static boolean isOver(long at, long now) {
    return now < at || now - at >= AGAIN_MILLIS;
  }

  /** From now on the audit log is told too. */
  void recordIn(Store store, Events events) {
    record.set(row ->
        store.append(
            List.of(
                events.ofServer(
                    "",
                    "rowNotGenuine",
                    new Resource(row.table(), row.primaryKey()),
                    Rating.INCIDENT,
                    "The row was not written by this server, or was changed behind its back. It is"
                        + " not used.",
                    List.of())),
            Forgeries::warnIfFailed));
  }

  @Override
  public void accept(RowNotGenuine row) {
    long now = clock.millis();
    Long before = told.get(row);
    if (before != null && !isOver(before, now)) {
      return;
    }
    told.put(row, now);
    LOG.error(
        "Row {} of table {} was not written by this server, or was changed behind its back. It is"
            + " not used.",
        row.primaryKey(),
        row.table());
    Consumer<RowNotGenuine> recorder = record.get();
    if (recorder != null) {
      recorder.accept(row);
    }
  }

  private static void warnIfFailed(@Nullable Throwable failure) {
    if (failure != null) {
      LOG.warn("a row that is not genuine could not be recorded in the audit log", failure);
    }
  }
}
