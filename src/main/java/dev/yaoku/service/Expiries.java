package dev.yaoku.service;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.KmsException;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Imported material whose time is over: it cannot be used from that moment, the key's state follows
 * soon, and the material is destroyed late, when two clocks agree (SECURITY_DESIGN C3).
 */
public final class Expiries {
  private static final Logger LOG = LoggerFactory.getLogger(Expiries.class);
  private static final Duration TOKENS_KEPT = Duration.ofHours(24);
  private static final int BATCH = 100;

  private final Store store;
  private final Keys keys;
  private final Clocks clocks;
  private final InstantSource clock;
  private final Events events;
  private final Rules rules;

  Expiries(
      Store store, Keys keys, Clocks clocks, InstantSource clock, Events events, Rules rules) {
    this.store = store;
    this.keys = keys;
    this.clocks = clocks;
    this.clock = clock;
    this.events = events;
    this.rules = rules;
  }

  /** Puts keys whose material expired into the state that says so. */
  public void hideDue() {
    Instant now = clock.instant();
    for (Key key : store.read(tx -> tx.materialExpired(now, BATCH))) {
      attempt(key.id(), tx -> hide(tx, key.id(), now));
    }
  }

  private boolean hide(Writing tx, KeyId id, Instant now) {
    Optional<Key> key = tx.lockKey(id).filter(found -> found.at(now) != found);
    key.ifPresent(found -> {
      tx.update(found.at(now));
      record(tx, found, "keyMaterialExpired");
    });
    return key.isPresent();
  }

  /** Destroys expired material whose grace is past by both clocks, and tokens long ended. */
  public void destroyDue() {
    Instant ended = clock.instant().minus(TOKENS_KEPT);
    store.write(tx -> tx.removeImportTokensEndedBefore(ended.toEpochMilli()));
    clocks.tick();
    if (clocks.suspect()) {
      return;
    }
    Instant before = clocks.agreed().minus(rules.purgeGrace());
    List<KeyVersion> due = store.read(tx -> tx.expiredBefore(before, BATCH));
    due.stream()
        .map(KeyVersion::key)
        .distinct()
        .forEach(id -> attempt(id, tx -> destroy(tx, id, before)));
  }

  private boolean destroy(Writing tx, KeyId id, Instant before) {
    Optional<Key> key = tx.lockKey(id);
    if (key.isEmpty()) {
      return false;
    }
    for (KeyVersion version : tx.versions(id)) {
      Instant end = version.expiresAt();
      if (end != null && end.isBefore(before)) {
        destroy(tx, version);
      }
    }
    record(tx, key.get(), "destroyKeyMaterial");
    return true;
  }

  private static void destroy(Writing tx, KeyVersion version) {
    if (version.waiting()) {
      tx.remove(version);
    } else {
      tx.update(version.empty());
    }
  }

  private void record(Writing tx, Key key, String trace) {
    tx.append(
        events.ofServer(
            key.account(), trace, "cmk", key.id().text(), "normal", null, tx.changes()));
  }

  private interface Work {
    boolean in(Writing tx);
  }

  /** One row that is not genuine stops nothing else. */
  private void attempt(KeyId id, Work work) {
    try {
      store.write(work::in);
    } catch (KmsException e) {
      LOG.error("The expired material of key {} cannot be dealt with: {}", id, e.problem());
    } finally {
      keys.changed(id);
    }
  }
}
