package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Changes keys: resolved, permitted, changed and recorded at once. */
final class KeyChanges {
  private final Store store;
  private final Keys keys;
  private final Events events;
  private final InstantSource clock;

  KeyChanges(Store store, Keys keys, Events events, InstantSource clock) {
    this.store = store;
    this.keys = keys;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Who asks for a change of which key.
   *
   * @param status what the answer's status will be, for the record
   */
  record Asked(Caller caller, Action action, KeyReference key, int status) {}

  /** A key as it is after a change, and what else came of it. */
  record Changed<T>(Key key, T result) {}

  /** What is done to a key that is locked and permitted. Runs in a transaction, maybe twice. */
  @FunctionalInterface
  interface Work {
    /**
     * The key as it is afterwards.
     *
     * @param key as it is stored. What can be done with it now is a question to {@link Key#asOf}:
     *     its material may have expired. That is never stored, as the clock may be wrong.
     */
    Key apply(Writing tx, Key key);
  }

  /** The same where more comes of it than the key, or where it must know what permits it. */
  @FunctionalInterface
  interface WorkFor<T> {
    /**
     * The key as it is afterwards, and what came of it.
     *
     * @param permitted as its users see it now
     */
    Changed<T> apply(Writing tx, UsableKey permitted);
  }

  /** Either of them. */
  @FunctionalInterface
  private interface AnyWork<T> {
    Changed<T> apply(Writing tx, Key stored, UsableKey permitted);
  }

  /**
   * Changes one key.
   *
   * @return the key as its users see it afterwards
   * @throws dev.yaoku.key.KmsException if there is no such key for the caller, if the caller may
   *     not, or if the work refuses; then nothing is changed
   */
  Key change(Asked asked, Work work) {
    return run(asked, itself(work), store::write);
  }

  /** The same for what comes of it. */
  <T> T changeFor(Asked asked, WorkFor<T> work) {
    return run(asked, (tx, _, permitted) -> work.apply(tx, permitted), store::write);
  }

  /**
   * Changes one key so that less can be done with it. This works even when the disk is almost full
   * (SECURITY_DESIGN H10).
   */
  Key reduce(Asked asked, Work work) {
    return run(asked, itself(work), store::writeFromReserve);
  }

  /** The same for what comes of it. */
  <T> T reduceFor(Asked asked, WorkFor<T> work) {
    return run(asked, (tx, _, permitted) -> work.apply(tx, permitted), store::writeFromReserve);
  }

  private AnyWork<Key> itself(Work work) {
    return (tx, stored, _) -> {
      Key after = work.apply(tx, stored);
      return new Changed<>(after, keys.asOfNow(after));
    };
  }

  private <T> T run(Asked asked, AnyWork<T> work, Function<Function<Writing, T>, T> transaction) {
    Caller caller = asked.caller();
    KeyId id = keys.idOf(caller, asked.key());
    Set<KeyId> touched = ConcurrentHashMap.newKeySet();
    touched.add(id);
    return Forgetting.after(
        caller,
        () ->
            Entitlement.confirmed(
                caller, () -> transaction.apply(tx -> apply(tx, asked, id, work, touched))),
        () -> {
          touched.forEach(keys::changed);
          caller.audit().alsoAbout().forEach(keys::changed);
        });
  }

  private <T> T apply(Writing tx, Asked asked, KeyId id, AnyWork<T> work, Set<KeyId> touched) {
    Caller caller = asked.caller();
    caller.audit().aboutNothingBut(id);
    Acquaintance.mustBeKeptOrStand(tx, caller, clock.instant());
    Replays.refuse(tx, caller);
    Key stored = locked(tx, caller, id);
    UsableKey permitted = caller.mustBeAllowed(asked.action(), keys.asOfNow(stored));
    Changed<T> changed = work.apply(tx, stored, permitted);
    touched.addAll(Keys.changedBy(tx));
    tx.append(events.changed(caller, changed.key(), asked.status(), tx.changes()));
    return changed.result();
  }

  private Key locked(Writing tx, Caller caller, KeyId id) {
    if (!id.canExist()) {
      throw Keys.notFound();
    }
    Key key = tx.lockKey(id).orElseThrow(Keys::notFound);
    show(tx, caller, key);
    if (!keys.isOpenTo(caller, key)) {
      throw Keys.notFound();
    }
    return key;
  }

  /**
   * Shows what permission for a key may hang on, as it is in a transaction that asks for it. A
   * grant may open a key from another project of the account, of which nothing else is read there.
   */
  void show(Reading tx, Caller caller, Key key) {
    KeyId id = key.id();
    boolean elsewhere =
        key.account().equals(caller.principal().account())
            && !key.project().equals(caller.project());
    if (elsewhere) {
      tx.project(key.project()).map(Identities::known).ifPresent(caller.keys()::showProject);
    }
    caller.keys().showGrants(id, () -> keys.inForce(tx.grantsOf(id)));
    caller.keys().show(id, () -> tx.tags(id), () -> Keys.aliasNames(tx, id));
  }
}
