package dev.yaoku.server;

import dev.yaoku.access.Caller;
import dev.yaoku.service.UnsaltedEvent;

/** Makes the event of a request that has not recorded itself. */
@FunctionalInterface
public interface Recorder {
  /**
   * The event: what was asked, of which key, and what came of it.
   *
   * @param operation the name of the route's operation
   */
  UnsaltedEvent outcome(Caller caller, String operation, int status, String code);
}
