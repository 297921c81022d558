package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
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
 * Changes to users, groups, agencies and what they may do, of whom more is in memory than the
 * change itself is about.
 */
final class Directorship extends LastingChanges {
  private final Identities identities;
  private final HeldPolicies held;
  private final InstantSource clock;

  Directorship(
      Store store, Identities identities, HeldPolicies held, Events events, InstantSource clock) {
    super(store, events, clock);
    this.identities = identities;
    this.held = held;
    this.clock = clock;
  }

  @Override
  <T> T change(Caller caller, int status, Function<Writing, Done<T>> work) {
    return held.compiledOutside(() -> super.change(caller, status, work));
  }

  @Override
  <T> T reduce(Caller caller, int status, Function<Writing, Done<T>> work) {
    return held.compiledOutside(() -> super.reduce(caller, status, work));
  }

  /** Does a part of a change that is too much for one transaction, and so has several. */
  <T> T inPart(Caller caller, Function<Writing, T> work) {
    return held.compiledOutside(() -> store().write(ofOneWhoStands(caller, work)));
  }

  /** Where rights were changed since, asks whether they still suffice. */
  @Override
  void mustBeEntitled(Reading tx, Caller caller) {
    held.askAgainIfChanged(tx, caller);
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
          new Problem.NotAllowed(Objects.requireNonNull(caller.audit().action()).policyName()));
    }
  }
}
