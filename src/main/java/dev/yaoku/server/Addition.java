package dev.yaoku.server;

import dev.yaoku.api.Dialect;
import dev.yaoku.api.Route;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** What one kind of server has beyond the usual. Most have nothing. */
interface Addition {
  /** The clock that signatures are dated by. */
  InstantSource clockOfSignatures();

  /**
   * Hears of the time to which the store had been counted before this start, if it had.
   *
   * @param counted the counter's time
   */
  void goOnFrom(Instant counted);

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
      public void goOnFrom(Instant counted) {}

      @Override
      public List<Route> routes(Dialect dialect, Runnable round) {
        return List.of();
      }
    };
  }
}
