package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.audit.Rating;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.KeyFilter;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Destroys keys whose time has come: late, and only when two clocks agree (SECURITY_DESIGN C3). For
 * its users a key is gone at its date; whoever administers it can bring it back until it is purged.
 */
public final class Deletions {
  private final Store store;
  private final EachDue eachDue;
  private final Keys keys;
  private final Clocks clocks;
  private final InstantSource clock;
  private final Followers followers;
  private final Restoration restoration;
  private final Events events;
  private final Rules rules;

  Deletions(
      Store store,
      Keys keys,
      Clocks clocks,
      InstantSource clock,
      Followers followers,
      Restoration restoration,
      Events events,
      Rules rules) {
    this.store = store;
    this.eachDue = new EachDue(store);
    this.keys = keys;
    this.clocks = clocks;
    this.clock = clock;
    this.followers = followers;
    this.restoration = restoration;
    this.events = events;
    this.rules = rules;
  }

  /**
   * Purges every key whose date and grace are past by both clocks. To be called by housekeeping.
   *
   * @return how many were purged
   */
  public int purgeDue() {
    clocks.tick();
    if (clocks.waits()) {
      return 0;
    }
    Instant before = clocks.agreed().minus(rules.purgeGrace());
    return eachDue.of(
        "Purging key",
        (tx, passed, limit) -> tx.due().deletionDue(before, passed, limit),
        Key::id,
        key -> purge(key.id(), before));
  }

  private boolean purge(KeyId id, Instant before) {
    try {
      return store.write(tx -> purge(tx, id, before));
    } finally {
      keys.setChanged(List.of(id));
    }
  }

  private boolean purge(Writing tx, KeyId id, Instant before) {
    Key key = tx.lockKey(id).orElse(null);
    if (key == null || !key.isGoneAt(before)) {
      return false;
    }
    String others = followers.living(tx, key);
    tx.purge(id);
    tx.append(
        events.ofKey(
            key,
            "deleteKey",
            others.isEmpty() ? Rating.NORMAL : Rating.WARNING,
            others.isEmpty() ? null : "its material lives on in " + others,
            tx.changes()));
    return true;
  }

  /**
   * Brings back a key whose deletion date is reached but which is not purged yet. It comes back
   * unusable.
   *
   * @throws KmsException with {@link Problem.KeyNotFound} if it is purged or never was, with {@link
   *     Problem.WrongState} if it is not pending deletion, with {@link Problem.NameTaken} if its
   *     name was given to another meanwhile, with {@link Problem.KeystoreNotFound} if its keystore
   *     was deleted meanwhile, with {@link Problem.RegionTaken} if another replica has taken its
   *     place, with {@link Problem.KeyQuotaReached} if other keys have: a gone one did not count
   */
  public Key undelete(Caller caller, KeyReference reference) {
    caller.intends(Action.UNDELETE_KEY);
    KeyId id = keys.idOf(caller, reference);
    return Forgetting.after(
        caller,
        () -> Entitlement.confirmed(caller, () -> store.write(tx -> undelete(tx, caller, id))),
        () -> keys.setChanged(List.of(id)));
  }

  private Key undelete(Writing tx, Caller caller, KeyId id) {
    Acquaintance.mustBeKeptOrStand(tx, caller, clock.instant());
    Replays.refuse(tx, caller);
    Key key =
        permitted(tx, caller, Action.UNDELETE_KEY, tx.lockKey(id).flatMap(_ -> tx.taggedKey(id)));
    Key restored = restoration.restored(tx, key);
    KeyCreation.mustHaveRoom(tx, key.project(), clock.instant(), rules);
    Key stored = tx.update(restored);
    String detail = "was to be deleted at " + key.deletionAt().map(Instant::toString).orElse("-");
    tx.append(events.notable(caller, stored, Statuses.OK, detail, tx.changes()));
    return stored;
  }

  /**
   * What will become of a key.
   *
   * @param key as it is stored, gone ones included
   * @param gone whether its users are told that it does not exist
   * @param purgeAt when its material is destroyed at the earliest; null if that is not intended
   * @param waits whether nothing is destroyed now, because the clocks disagree or the server was
   *     stopped for long
   */
  public record Fate(Key key, boolean gone, @Nullable Instant purgeAt, boolean waits) {}

  /**
   * What will become of a key, also of one that is gone for its users.
   *
   * @throws KmsException with {@link Problem.KeyNotFound} if it is purged or never was
   */
  public Fate fate(Caller caller, KeyReference reference) {
    caller.intends(Action.SHOW_KEY);
    KeyId id = keys.idOf(caller, reference);
    Key key = store.read(tx -> permitted(tx, caller, Action.SHOW_KEY, tx.taggedKey(id)));
    Instant purgeAt = key.deletionAt().map(at -> at.plus(rules.purgeGrace())).orElse(null);
    return new Fate(keys.asOfNow(key), key.isGoneAt(clock.instant()), purgeAt, clocks.waits());
  }

  /** A key of the path's project, gone or not. */
  private static Key permitted(
      Reading tx, Caller caller, Action action, Optional<KeyFilter.TaggedKey> found) {
    KeyFilter.TaggedKey tagged =
        found
            .filter(any -> any.key().project().equals(caller.project()))
            .orElseThrow(Keys::notFound);
    KeyId id = tagged.key().id();
    caller.keys().show(id, tagged::tags, () -> Keys.aliasNames(tx, id));
    return caller.mustBeAllowed(action, tagged.key()).key();
  }
}
