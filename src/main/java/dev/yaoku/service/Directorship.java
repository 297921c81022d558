package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What all changes to the identities of an account have in common: one transaction with its event,
 * and nothing that is no longer true stays in memory.
 */
final class Directorship {
  static final int CREATED = 201;
  static final int OK = 200;
  static final int NO_CONTENT = 204;

  private final Store store;
  private final Identities identities;
  private final HeldPolicies held;
  private final Events events;
  private final InstantSource clock;

  Directorship(
      Store store, Identities identities, HeldPolicies held, Events events, InstantSource clock) {
    this.store = store;
    this.identities = identities;
    this.held = held;
    this.events = events;
    this.clock = clock;
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

  private <T> T apply(Writing tx, Caller caller, int status, Function<Writing, Done<T>> work) {
    Replays.refuse(tx, caller);
    Done<T> done = work.apply(tx);
    tx.append(events.of(caller, done.kind(), done.id(), done.name(), status, "", tx.changes()));
    return done.result();
  }

  Store store() {
    return store;
  }

  Identities identities() {
    return identities;
  }

  HeldPolicies held() {
    return held;
  }

  Instant now() {
    return Times.now(clock);
  }

  /** Forgets who a user is and what it may do. To be called also when a commit failed. */
  void userChanged(String user) {
    usersChanged(Set.of(user));
  }

  /** Forgets who users are and what they may do, in one pass however many they are. */
  void usersChanged(Set<String> users) {
    identities.usersChanged(users);
    users.forEach(held::holderChanged);
  }

  /** Forgets who anybody is and what anybody may do. */
  void everythingChanged() {
    identities.everythingChanged();
    held.everythingChanged();
  }

  /** What is of another account is not there. */
  static <T> T own(Caller caller, Optional<T> found, Function<T, String> account, String what) {
    return found
        .filter(one -> account.apply(one).equals(caller.principal().account()))
        .orElseThrow(() -> new KmsException(new Problem.NotThere(what)));
  }

  /**
   * Whoever is no administrator changes nothing of one, or could make itself one.
   *
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  static void mustNotReachAbove(Caller caller, Rows.User user) {
    if (user.administrator() && !caller.principal().administrator()) {
      throw new KmsException(
          new Problem.NotAllowed(Objects.requireNonNull(caller.action()).policyName()));
    }
  }
}
