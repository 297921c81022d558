package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KeyPolicy;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.OpeningPolicyReader;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Stored policies that say how capsules may be opened ({@code operations-new.md} 2.2). */
public final class KeyPolicies {
  private final Store store;
  private final Randomness randomness;
  private final InstantSource clock;
  private final Events events;
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
    this.events = events;
    this.rules = rules;
  }

  /**
   * Stores a policy.
   *
   * @throws KmsException with {@link Problem.NameTakenInKeySpace} or {@link Problem.TooMany}
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
    store.write(tx -> {
      Replays.refuse(tx, caller);
      if (tx.keySpaces().keyPolicyNamed(made.project(), keySpace, name)) {
        throw new KmsException(new Problem.NameTakenInKeySpace());
      }
      mustHaveRoom(tx, made.project());
      tx.keySpaces().insert(made);
      record(tx, caller, made, Statuses.CREATED);
      return made;
    });
    caller.markRecorded();
    return made;
  }

  /** There are as many policies as access points, whose quota an operator sets. */
  private void mustHaveRoom(Reading tx, String project) {
    int quota = rules.accessPointsPerProjectMax();
    if (tx.keySpaces().keyPolicyCount(project) >= quota) {
      throw new KmsException(new Problem.TooMany("key policies of a project", quota));
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
    return store.read(tx ->
        tx.keySpaces().keyPolicy(caller.project(), policy).orElseThrow(KeyPolicies::notFound));
  }

  /**
   * Replaces what a policy says, for capsules that refer to it already too.
   *
   * @param description null to keep the one it has
   */
  public KeyPolicy update(
      Caller caller, String id, OpeningPolicy policy, @Nullable String description) {
    Instant now = Times.now(clock);
    return change(
        caller,
        Action.UPDATE_KEY_POLICY,
        id,
        Statuses.OK,
        (tx, old) -> {
          KeyPolicy changed =
              old.saying(policy, description == null ? old.description() : description, now);
          tx.keySpaces().update(changed);
          return changed;
        });
  }

  /** Deletes a policy; capsules that refer to it open no more. */
  public void delete(Caller caller, String id) {
    change(
        caller,
        Action.DELETE_KEY_POLICY,
        id,
        Statuses.NO_CONTENT,
        (tx, policy) -> {
          tx.keySpaces().remove(policy);
          return policy;
        });
  }

  private KeyPolicy change(
      Caller caller,
      Action action,
      String id,
      int status,
      BiFunction<Writing, KeyPolicy, KeyPolicy> work) {
    String policy = permitted(caller, action, id);
    KeyPolicy changed =
        action == Action.DELETE_KEY_POLICY
            ? store.writeFromReserve(tx -> apply(tx, caller, policy, status, work))
            : store.write(tx -> apply(tx, caller, policy, status, work));
    caller.markRecorded();
    return changed;
  }

  private KeyPolicy apply(
      Writing tx,
      Caller caller,
      String id,
      int status,
      BiFunction<Writing, KeyPolicy, KeyPolicy> work) {
    Replays.refuse(tx, caller);
    KeyPolicy old =
        tx.keySpaces().keyPolicy(caller.project(), id).orElseThrow(KeyPolicies::notFound);
    KeyPolicy after = work.apply(tx, old);
    record(tx, caller, after, status);
    return after;
  }

  private void record(Writing tx, Caller caller, KeyPolicy policy, int status) {
    tx.append(events.of(caller, "policy", policy.id(), policy.name(), status, tx.changes()));
  }

  /** The id of a policy, in small letters. */
  static String idOf(String text) {
    String id = OpeningPolicyReader.uuid(text);
    if (id == null) {
      throw new KmsException(new Problem.MalformedId("policy_id"));
    }
    return id;
  }

  /** The id in its one spelling, of which the caller may do this. */
  private static String permitted(Caller caller, Action action, String id) {
    caller.mustConceive(action);
    String one = idOf(id);
    caller.mustBeAllowed(action, Subject.oneOf(action, caller.principal().account(), one));
    return one;
  }

  static KmsException notFound() {
    return new KmsException(new Problem.NotInKeySpace("key policy"));
  }
}
