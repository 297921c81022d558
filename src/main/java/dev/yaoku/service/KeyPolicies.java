package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KeyPolicy;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.Problem;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Stored policies that say how capsules may be opened ({@code operations-new.md} 2.2). */
public final class KeyPolicies {
  private final Store store;
  private final Randomness randomness;
  private final InstantSource clock;
  private final LastingChanges changes;
  private final Rules.KeySpaces rules;

  KeyPolicies(
      Store store,
      Randomness randomness,
      InstantSource clock,
      Events events,
      Rules.KeySpaces rules) {
    this.store = store;
    this.randomness = randomness;
    this.clock = clock;
    this.changes = new LastingChanges(store, events, clock);
    this.rules = rules;
  }

  /**
   * Stores a policy.
   *
   * @throws KmsException with {@link Problem.NameTakenInKeySpace} or {@link
   *     Problem.KeySpaceQuotaReached}
   */
  public KeyPolicy create(
      Caller caller, String keySpace, String name, OpeningPolicy policy, String description) {
    caller.mustBeAllowed(Action.CREATE_KEY_POLICY);
    rules.mustHave(keySpace);
    Instant now = Times.now(clock);
    KeyPolicy made =
        new KeyPolicy(
            randomness.uuid().toString(),
            caller.principal().account(),
            caller.project(),
            keySpace,
            name,
            policy,
            description,
            caller.principal().user(),
            now,
            now,
            null,
            1);
    return changes.change(
        caller,
        Statuses.CREATED,
        tx -> {
          if (tx.keySpaces().keyPolicyNamed(made.project(), keySpace, name)) {
            throw new KmsException(new Problem.NameTakenInKeySpace());
          }
          mustHaveRoom(tx, made.project());
          tx.keySpaces().insert(made);
          return done(made);
        });
  }

  /** There are as many policies as access points, whose quota an operator sets. */
  private void mustHaveRoom(Reading tx, String project) {
    int quota = rules.accessPointsPerProjectMax();
    if (tx.keySpaces().keyPolicyCount(project) >= quota) {
      throw new KmsException(new Problem.KeySpaceQuotaReached("key policies", quota));
    }
  }

  /** A page of the policies of a key space, those after an id. */
  public KeySpacePage<KeyPolicy> list(Caller caller, String keySpace, String after, int limit) {
    caller.mustBeAllowed(Action.LIST_KEY_POLICIES);
    rules.mustHave(keySpace);
    return KeySpacePage.of(
        store.read(tx -> tx.keySpaces().keyPolicies(caller.project(), keySpace, after, limit + 1)),
        limit,
        KeyPolicy::id);
  }

  /** One policy. */
  public KeyPolicy show(Caller caller, String id) {
    String policy = permitted(caller, Action.SHOW_KEY_POLICY, id);
    return store.read(tx -> find(tx, caller, policy));
  }

  /**
   * Replaces what a policy says, for capsules that refer to it already too.
   *
   * @param description null to keep the one it has
   */
  public KeyPolicy update(
      Caller caller, String id, OpeningPolicy policy, @Nullable String description) {
    Instant now = Times.now(clock);
    String one = permitted(caller, Action.UPDATE_KEY_POLICY, id);
    return changes.change(
        caller,
        Statuses.OK,
        tx -> {
          KeyPolicy old = find(tx, caller, one);
          KeyPolicy changed =
              old.saying(policy, description == null ? old.description() : description, now);
          tx.keySpaces().update(changed);
          return done(changed);
        });
  }

  /** Deletes a policy; capsules that refer to it open no more. */
  public void delete(Caller caller, String id) {
    String one = permitted(caller, Action.DELETE_KEY_POLICY, id);
    changes.reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          KeyPolicy policy = find(tx, caller, one);
          tx.keySpaces().remove(policy);
          return done(policy);
        });
  }

  private static KeyPolicy find(Reading tx, Caller caller, String id) {
    return tx.keySpaces().keyPolicy(caller.project(), id).orElseThrow(KeyPolicies::notFound);
  }

  private static Done<KeyPolicy> done(KeyPolicy policy) {
    return new Done<>(policy, "policy", policy.id(), policy.name());
  }

  private static String permitted(Caller caller, Action action, String id) {
    return KeySpaceIds.permitted(caller, action, id, "policy_id");
  }

  static KmsException notFound() {
    return new KmsException(new Problem.NotInKeySpace("key policy"));
  }
}
