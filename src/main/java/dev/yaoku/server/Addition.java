package dev.yaoku.server;

import dev.yaoku.api.Dialect;
import dev.yaoku.api.Route;
import java.time.InstantSource;
import java.util.List;

/** What one kind of server has beyond the usual. Most have nothing. */
interface Addition {
  /** The clock that signatures are dated by. */
  InstantSource clockOfSignatures();

  /**
   * More operations.
   *
   * @param dialect how they write refusals
   * @param round does at once what is done from time to time
   */
  List<Route> routes(Dialect dialect, Runnable round);

  /** Nothing. */
  static Addition none(InstantSource clock) {
    return new Addition() {
      @Override
      public InstantSource clockOfSignatures() {
        return clock;
      }

      @Override
      public List<Route> routes(Dialect dialect, Runnable round) {
        return List.of();
      }
    };
  }
}
