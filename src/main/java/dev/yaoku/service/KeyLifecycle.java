package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.KeyChanges.Asked;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.UnaryOperator;

/** Moves keys from state to state, and gives them names and descriptions. */
public final class KeyLifecycle {
  private final KeyChanges changes;
  private final Followers followers;
  private final Restoration restoration;
  private final Clocks clocks;
  private final InstantSource clock;
  private final Rules rules;

  KeyLifecycle(
      KeyChanges changes,
      Followers followers,
      Restoration restoration,
      Clocks clocks,
      InstantSource clock,
      Rules rules) {
    this.changes = changes;
    this.followers = followers;
    this.restoration = restoration;
    this.clocks = clocks;
    this.clock = clock;
    this.rules = rules;
  }

  /** Lets a key be used again. */
  public Key enable(Caller caller, KeyReference reference) {
    return step(caller, Action.ENABLE_KEY, reference, Key::enable);
  }

  /** Keeps a key from being used. */
  public Key disable(Caller caller, KeyReference reference) {
    return reduce(caller, Action.DISABLE_KEY, reference, "disabled", Key::disable);
  }

  /**
   * Marks a key for deletion. Until then it can be restored, but not used. A wall clock that is
   * behind makes the wait no shorter (SECURITY_DESIGN C3).
   *
   * @param pending how long to wait, 7 to 1096 days
   * @see "Huawei Cloud KMS API, schedule-key-deletion; NIST SP 800-57 part 1 rev. 5, key
   *     destruction"
   */
  public Key scheduleDeletion(Caller caller, KeyReference reference, Duration pending) {
    return reduce(
        caller,
        Action.SCHEDULE_KEY_DELETION,
        reference,
        "scheduled for deletion",
        key -> key.scheduleDeletion(clocks.waitsFrom().plus(pending)));
  }

  /**
   * Takes the mark for deletion away. The key stays unusable until it is enabled.
   *
   * @throws KmsException with {@link Problem.NameTaken} if its name was given to another meanwhile;
   *     after a clock was ahead, with {@link Problem.KeystoreNotFound} or {@link
   *     Problem.RegionTaken} if its keystore or its place among its replicas is not there any more
   */
  public Key cancelDeletion(Caller caller, KeyReference reference) {
    return changes.change(
        new Asked(caller, Action.CANCEL_KEY_DELETION, reference, Statuses.OK),
        (tx, key) -> tx.update(restoration.restored(tx, key)));
  }

  /**
   * Gives a key another name.
   *
   * @throws KmsException with {@link Problem.NameTaken} if another key of the project has it
   */
  public Key rename(Caller caller, KeyReference reference, String name) {
    return changes.change(
        new Asked(caller, Action.UPDATE_KEY_ALIAS, reference, Statuses.OK),
        (tx, key) -> {
          Key renamed = key.rename(name);
          if (!name.equals(key.name())) {
            mustBeFree(tx, key.project(), name);
          }
          return tx.update(renamed);
        });
  }

  /** Gives a key another description. */
  public Key describe(Caller caller, KeyReference reference, String description) {
    return step(caller, Action.UPDATE_KEY_DESCRIPTION, reference, key -> key.describe(description));
  }

  private Key step(
      Caller caller, Action action, KeyReference reference, UnaryOperator<Key> transition) {
    return changes.change(
        new Asked(caller, action, reference, Statuses.OK),
        (tx, key) -> tx.update(key.changedAt(clock.instant(), transition)));
  }

  /**
   * Members of a multi-region set live on by themselves, and whoever counts on less must hear it.
   */
  private Key reduce(
      Caller caller,
      Action action,
      KeyReference reference,
      String done,
      UnaryOperator<Key> transition) {
    return changes.reduce(
        new Asked(caller, action, reference, Statuses.OK),
        (tx, key) -> {
          Key reduced = tx.update(key.changedAt(clock.instant(), transition));
          followers.warn(tx, caller, reduced, done);
          return reduced;
        });
  }

  /** A key pending deletion holds its name too, under the rule that says so. */
  private void mustBeFree(Writing tx, String project, String name) {
    mustNotBeTaken(tx, project, name);
    if (rules.names() == Rules.NameRule.UNIQUE_WITH_PENDING
        && tx.pendingDeletionNamed(project, name, clock.instant()).isPresent()) {
      throw new KmsException(new Problem.NameTaken());
    }
  }

  private void mustNotBeTaken(Writing tx, String project, String name) {
    if (rules.names() == Rules.NameRule.DUPLICATES) {
      return;
    }
    if (tx.nameTaken(project, name)) {
      throw new KmsException(new Problem.NameTaken());
    }
  }
}
