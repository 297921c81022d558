package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.audit.Resource;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.util.function.Function;

/** Changes that are one transaction each, with its event, and forget what is no longer true. */
class RecordedChanges {
  private final Store store;
  private final Events events;

  RecordedChanges(Store store, Events events) {
    this.store = store;
    this.events = events;
  }

  /** What a change did, for its event. */
  record Done<T>(T result, String kind, String id, String name) {}

  /**
   * Changes something that may give rights. Permission was asked for before, or is asked inside.
   */
  <T> T change(Caller caller, int status, Function<Writing, Done<T>> work) {
    return Forgetting.recorded(caller, () -> store.write(tx -> apply(tx, caller, status, work)));
  }

  /** The same, and then forgets what was true before. */
  <T> T change(Caller caller, int status, Function<Writing, Done<T>> work, Runnable forget) {
    return Forgetting.after(() -> change(caller, status, work), forget);
  }

  /** Changes something that takes rights away, also when the disk is almost full. */
  <T> T reduce(Caller caller, int status, Function<Writing, Done<T>> work) {
    return Forgetting.recorded(
        caller, () -> store.writeFromReserve(tx -> apply(tx, caller, status, work)));
  }

  /** The same, and then forgets what was true before. */
  <T> T reduce(Caller caller, int status, Function<Writing, Done<T>> work, Runnable forget) {
    return Forgetting.after(() -> reduce(caller, status, work), forget);
  }

  /** The one or the other. */
  <T> T changeOrReduce(
      boolean reduces,
      Caller caller,
      int status,
      Function<Writing, Done<T>> work,
      Runnable forget) {
    return reduces ? reduce(caller, status, work, forget) : change(caller, status, work, forget);
  }

  private <T> T apply(Writing tx, Caller caller, int status, Function<Writing, Done<T>> work) {
    Replays.refuse(tx, caller);
    Done<T> done = work.apply(tx);
    Resource resource = new Resource(done.kind(), done.id(), done.name());
    tx.append(events.of(caller, resource, status, tx.changes()));
    return done.result();
  }

  Store store() {
    return store;
  }
}
