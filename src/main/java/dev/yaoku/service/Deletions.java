package dev.yaoku.service;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Destroys keys whose time has come: late, and only when two clocks agree (SECURITY_DESIGN C3). For
 * its users a key is gone at its date; for the operator it can be brought back until it is purged.
 */
public final class Deletions {
  private static final Logger LOG = LoggerFactory.getLogger(Deletions.class);
  private static final int BATCH = 100;

  private final Store store;
  private final Keys keys;
  private final Clocks clocks;
  private final Events events;
  private final Rules rules;

  Deletions(Store store, Keys keys, Clocks clocks, Events events, Rules rules) {
    this.store = store;
    this.keys = keys;
    this.clocks = clocks;
    this.events = events;
    this.rules = rules;
  }

  /**
   * Purges every key whose date and grace are past by both clocks. To be called every minute.
   *
   * @return how many were purged
   */
  public int purgeDue() {
    clocks.tick();
    if (clocks.suspect()) {
      return 0;
    }
    Instant before = clocks.agreed().minus(rules.purgeGrace());
    int purged = 0;
    int inBatch;
    do {
      List<Key> due = store.read(tx -> tx.deletionDue(before, BATCH));
      inBatch = (int) due.stream().filter(key -> purge(key.id(), before)).count();
      purged += inBatch;
    } while (inBatch > 0);
    return purged;
  }

  private boolean purge(KeyId id, Instant before) {
    try {
      return store.write(tx -> purge(tx, id, before));
    } catch (KmsException e) {
      // One row that is not genuine stops nothing else.
      LOG.error("Key {} is due but cannot be purged: {}", id, e.problem());
      return false;
    } finally {
      keys.changed(id);
    }
  }

  private boolean purge(Writing tx, KeyId id, Instant before) {
    Key key = tx.lockKey(id).orElse(null);
    if (key == null || !key.isGoneAt(before)) {
      return false;
    }
    tx.purge(id);
    tx.append(
        events.ofServer(
            key.account(), "deleteKey", "cmk", id.text(), "normal", null, tx.changes()));
    return true;
  }

  /**
   * Brings back a key whose deletion date is reached but which is not purged yet. It comes back
   * unusable.
   *
   * @param who asks, for the record
   * @throws KmsException with {@link Problem.KeyNotFound} if it is purged or never was, with {@link
   *     Problem.WrongState} if it is not pending deletion, with {@link Problem.NameTaken} if its
   *     name was given to another meanwhile
   */
  public Key undelete(KeyId id, String who) {
    try {
      return store.write(tx -> undelete(tx, id, who));
    } finally {
      keys.changed(id);
    }
  }

  private Key undelete(Writing tx, KeyId id, String who) {
    Key key = tx.lockKey(id).orElseThrow(Keys::notFound);
    Key restored = key.cancelDeletion();
    tx.lockProject(key.project());
    if (rules.names() != Rules.NameRule.DUPLICATES && tx.nameTaken(key.project(), key.name())) {
      throw new KmsException(new Problem.NameTaken());
    }
    Key stored = tx.update(restored);
    String detail = who + " brought it back; " + dateOf(key);
    tx.append(
        events.ofServer(
            key.account(), "undeleteKey", "cmk", id.text(), "warning", detail, tx.changes()));
    return stored;
  }

  private static String dateOf(Key key) {
    return key.state() instanceof KeyState.PendingDeletion(Instant at)
        ? "its date was " + at
        : "it had no date";
  }
}
