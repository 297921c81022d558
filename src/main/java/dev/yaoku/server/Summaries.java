package dev.yaoku.server;

import dev.yaoku.audit.AuditEvent;
import dev.yaoku.audit.Noise;
import dev.yaoku.audit.Refusals;
import dev.yaoku.audit.Summary;
import dev.yaoku.store.AuditRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Writes what was refused without an event of its own, now and then, as events that count. */
final class Summaries {
  private final Parts parts;
  private final Refusals refusals;
  private final Noise noise;
  private final Complaint complaint =
      new Complaint(
          LoggerFactory.getLogger(Summaries.class), "Recording summaries of refused requests");

  /**
   * Summaries of what these count.
   *
   * @param refusals of callers who proved who they are
   * @param noise of those who did not
   */
  Summaries(Parts parts, Refusals refusals, Noise noise) {
    this.parts = parts;
    this.refusals = refusals;
    this.noise = noise;
  }

  /** Writes what was counted since the last time. */
  void write() {
    Instant now = parts.clock().instant();
    List<Summary> summaries = new ArrayList<>(refusals.drain(now));
    noise.drain(now).ifPresent(summaries::add);
    if (summaries.isEmpty()) {
      return;
    }
    List<AuditRow> rows = summaries.stream().map(summary -> row(summary.event())).toList();
    try {
      parts.store().append(rows, failure -> written(summaries, failure));
    } catch (RuntimeException failed) {
      written(summaries, failed);
    }
  }

  private AuditRow row(AuditEvent event) {
    return new AuditRow(event.at().toEpochMilli(), event.account(), parts.encoder().apply(event));
  }

  /** What did not become durable is told by the next summaries. */
  private void written(List<Summary> summaries, @Nullable Throwable failure) {
    if (failure == null) {
      complaint.worked();
    } else {
      summaries.forEach(Summary::countAgain);
      complaint.failed(failure);
    }
  }
}
