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
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The one way in which a key is changed: resolved, permitted, changed and recorded at once. */
final class KeyChanges {
  private final Store store;
  private final Keys keys;
  private final Events events;

  KeyChanges(Store store, Keys keys, Events events) {
    this.store = store;
    this.keys = keys;
    this.events = events;
  }

  /** What is done to a key that is locked and permitted. Runs in a transaction, maybe twice. */
  @FunctionalInterface
  interface Work {
    /** The key as it is afterwards. */
    Key apply(Writing tx, Key key);
  }

  /**
   * Changes one key.
   *
   * @param status what the answer's status will be, for the record
   * @throws dev.yaoku.key.KmsException if there is no such key for the caller, if the caller may
   *     not, or if the work refuses; then nothing is changed
   */
  Key change(Caller caller, Action action, KeyReference reference, int status, Work work) {
    KeyId id = keys.idOf(caller, reference);
    return recorded(
        caller,
        id,
        touched -> store.write(tx -> apply(tx, caller, action, id, status, work, touched)));
  }

  /**
   * Changes one key so that less can be done with it. This works even when the disk is almost full
   * (SECURITY_DESIGN H10).
   */
  Key reduce(Caller caller, Action action, KeyReference reference, int status, Work work) {
    KeyId id = keys.idOf(caller, reference);
    return recorded(
        caller,
        id,
        touched ->
            store.writeFromReserve(tx -> apply(tx, caller, action, id, status, work, touched)));
  }

  /** What is done to a key by somebody who may be its grantee only. */
  @FunctionalInterface
  interface Use {
    /** The key as it is afterwards. */
    Key apply(Writing tx, UsableKey permitted);
  }

  /** Like {@link #change}, for work that must know whether a grant alone permits it. */
  Key use(Caller caller, Action action, KeyReference reference, int status, Use work) {
    KeyId id = keys.idOf(caller, reference);
    return recorded(
        caller,
        id,
        touched -> store.write(tx -> used(tx, caller, action, id, status, work, touched)));
  }

  private Key apply(
      Writing tx,
      Caller caller,
      Action action,
      KeyId id,
      int status,
      Work work,
      Set<KeyId> touched) {
    return used(
        tx,
        caller,
        action,
        id,
        status,
        (sameTx, permitted) -> work.apply(sameTx, permitted.key()),
        touched);
  }

  private Key used(
      Writing tx,
      Caller caller,
      Action action,
      KeyId id,
      int status,
      Use work,
      Set<KeyId> touched) {
    Replays.refuse(tx, caller);
    Key key = locked(tx, caller, id);
    Key after = work.apply(tx, caller.mustBeAllowed(action, key));
    touched.addAll(Keys.changedBy(tx));
    tx.append(events.changed(caller, after, status, tx.changes()));
    return after;
  }

  private Key recorded(Caller caller, KeyId id, Function<Set<KeyId>, Key> transaction) {
    Set<KeyId> touched = ConcurrentHashMap.newKeySet();
    touched.add(id);
    return Forgetting.after(
        caller, () -> transaction.apply(touched), () -> touched.forEach(keys::changed));
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
    return keys.asOfNow(key);
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
