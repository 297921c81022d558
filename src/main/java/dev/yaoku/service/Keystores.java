package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Field;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.From;
import dev.yaoku.store.Position;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.InstantSource;
import java.util.List;

/** Dedicated keystores: names that keys are filed under, and a switch for all of them at once. */
public final class Keystores {
  /** Keystores of a project. */
  static final int OF_A_PROJECT_MAX = 1_000;

  private final Store store;
  private final Keys keys;
  private final Places places;
  private final Randomness randomness;
  private final InstantSource clock;
  private final LastingChanges changes;

  Keystores(
      Store store,
      Keys keys,
      Places places,
      Randomness randomness,
      InstantSource clock,
      Events events) {
    this.store = store;
    this.keys = keys;
    this.places = places;
    this.randomness = randomness;
    this.clock = clock;
    this.changes = new LastingChanges(store, events, clock);
  }

  /**
   * One page.
   *
   * @param keystores newest first
   * @param total how many there are in all
   */
  public record Page(List<Keystore> keystores, long total) {}

  /**
   * Makes a keystore, disabled at first.
   *
   * @param type DHSM or CDMS
   * @param cluster what is behind it; a cluster backs one keystore only
   * @throws KmsException with {@link Problem.BadValue} if alias or cluster are taken, with {@link
   *     Problem.TooMany} if the project has as many as it may have
   */
  public Keystore create(Caller caller, String alias, String type, String cluster) {
    caller.mustBeAllowed(Action.CREATE_KEYSTORE);
    Keystore keystore =
        new Keystore(
            randomness.uuid().toString(),
            caller.principal().account(),
            caller.project(),
            alias,
            type,
            cluster,
            false,
            Times.now(clock),
            1);
    return changes.change(
        caller,
        Statuses.OK,
        tx -> {
          mustBeFree(tx, keystore);
          if (tx.keystoreCount(keystore.project()) >= OF_A_PROJECT_MAX) {
            throw new KmsException(new Problem.TooMany("keystores of a project", OF_A_PROJECT_MAX));
          }
          tx.insert(keystore);
          return done(keystore);
        });
  }

  private static void mustBeFree(Writing tx, Keystore keystore) {
    if (tx.keystoreAliasTaken(keystore.project(), keystore.alias())) {
      throw taken("keystore_alias", "Another keystore has this keystore_alias.");
    }
    if (tx.clusterTaken(keystore.project(), keystore.cluster())) {
      throw taken("hsm_cluster_id", "The cluster already backs another keystore.");
    }
  }

  private static KmsException taken(String member, String why) {
    return new KmsException(new Problem.BadValue(Field.OTHER, member, why));
  }

  /**
   * A page of the project's keystores, without those that are denied to the caller.
   *
   * @param offset how many of those that the caller may see come before it
   */
  public Page list(Caller caller, long offset, int limit) {
    caller.mustBeAllowed(Action.LIST_KEYSTORES);
    Places.Reading reading = places.of(caller, "keystores", "");
    Position behind = reading.at(offset).behind();
    From from = behind == null ? From.offset(0) : From.behind(behind);
    return store.read(tx -> {
      List<Keystore> shown =
          tx.keystores(caller.project(), from, OF_A_PROJECT_MAX).stream()
              .filter(one -> caller.mayBeListed(Action.LIST_KEYSTORES, Subject.keystore(one)))
              .skip(behind == null ? offset : 0)
              .limit(limit)
              .toList();
      if (!shown.isEmpty()) {
        Keystore last = shown.getLast();
        reading.delivered(
            offset + shown.size(), new Position(last.createdAt().toEpochMilli(), last.id()));
      }
      return new Page(shown, tx.keystoreCount(caller.project()));
    });
  }

  /** One keystore. */
  public Keystore show(Caller caller, String id) {
    caller.mustBeAllowed(Action.SHOW_KEYSTORE, named(caller, id));
    return store.read(tx -> find(tx, caller, id));
  }

  /** A keystore is named by its id alone, so that permission can be asked before it is read. */
  private static Subject named(Caller caller, String id) {
    return Subject.keystore(caller.principal().account(), id);
  }

  /** Opens a keystore: its keys can be used. */
  public Keystore enable(Caller caller, String id) {
    caller.mustBeAllowed(Action.ENABLE_KEYSTORE, named(caller, id));
    return changes.change(
        caller, Statuses.OK, tx -> switched(tx, caller, id, true), () -> keys.keystoreChanged(id));
  }

  /** Shuts a keystore: none of its keys can be used. */
  public Keystore disable(Caller caller, String id) {
    caller.mustBeAllowed(Action.DISABLE_KEYSTORE, named(caller, id));
    return changes.reduce(
        caller, Statuses.OK, tx -> switched(tx, caller, id, false), () -> keys.keystoreChanged(id));
  }

  /**
   * Removes an empty keystore.
   *
   * @throws KmsException with {@link Problem.KeystoreNotEmpty} if it holds a key in any state; one
   *     whose deletion date is reached is no key any more
   */
  public void delete(Caller caller, String id) {
    caller.mustBeAllowed(Action.DELETE_KEYSTORE, named(caller, id));
    changes.reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          Keystore keystore = find(tx, caller, id);
          if (tx.keystoreHoldsKeys(id, clock.instant())) {
            throw new KmsException(new Problem.KeystoreNotEmpty());
          }
          tx.removeKeystore(keystore.project(), id);
          return done(keystore);
        },
        () -> keys.keystoreChanged(id));
  }

  private static Done<Keystore> switched(Writing tx, Caller caller, String id, boolean enabled) {
    Keystore changed = find(tx, caller, id).enabled(enabled);
    tx.update(changed);
    return done(changed);
  }

  private static Keystore find(Reading tx, Caller caller, String id) {
    return tx.keystore(caller.project(), id).orElseThrow(Keystores::notFound);
  }

  private static Done<Keystore> done(Keystore keystore) {
    return new Done<>(keystore, "keystore", keystore.id(), keystore.alias());
  }

  private static KmsException notFound() {
    return new KmsException(new Problem.KeystoreNotFound());
  }
}
