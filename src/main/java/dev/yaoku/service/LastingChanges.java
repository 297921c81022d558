package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.InstantSource;
import java.util.function.Function;

/**
 * Recorded changes of what lasts, and would outlive the end of what it was made with. So the
 * transaction asks what was asked when the request was let in: whether the credential counts, and
 * whether its holder may do this.
 */
class LastingChanges extends RecordedChanges {
  private final InstantSource clock;

  LastingChanges(Store store, Events events, InstantSource clock) {
    super(store, events);
    this.clock = clock;
  }

  @Override
  <T> T change(Caller caller, int status, Function<Writing, Done<T>> work) {
    return Entitlement.confirmed(
        caller, () -> super.change(caller, status, ofOneWhoStands(caller, work)));
  }

  @Override
  <T> T reduce(Caller caller, int status, Function<Writing, Done<T>> work) {
    return Entitlement.confirmed(
        caller, () -> super.reduce(caller, status, ofOneWhoStands(caller, work)));
  }

  /** The work of one whose credential counts as the transaction sees it, and who may do it. */
  final <T> Function<Writing, T> ofOneWhoStands(Caller caller, Function<Writing, T> work) {
    return tx -> {
      Acquaintance.mustStand(tx, caller, clock.instant());
      mustBeEntitled(tx, caller);
      return work.apply(tx);
    };
  }

  /**
   * Asks whether the caller holds what it was let in with. Runs inside {@link
   * Entitlement#confirmed}.
   */
  void mustBeEntitled(Reading tx, Caller caller) {
    Entitlement.mustBeKept(tx, caller);
  }
}
