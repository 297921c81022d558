package dev.yaoku.audit;

/**
 * What was counted since the last summary.
 *
 * @param event that tells it
 * @param again counts all of it again, for when the event did not become durable
 */
public record Summary(AuditEvent event, Runnable again) {
  /** Counts all of it again, so that the next summary tells it. */
  public void countAgain() {
    again.run();
  }
}
