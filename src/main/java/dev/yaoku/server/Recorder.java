package dev.yaoku.server;

import dev.yaoku.access.Caller;
import dev.yaoku.store.AuditRow;

/** Makes the event of a request that has not recorded itself. */
@FunctionalInterface
public interface Recorder {
  /** The event: what was asked, of which key, and what came of it. */
  AuditRow outcome(Caller caller, int status, String code);
}
