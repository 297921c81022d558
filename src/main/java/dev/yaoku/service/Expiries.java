package dev.yaoku.service;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.KmsException;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends imported material and import tokens. Expired material is out of reach at once, because
 * everyone who uses a key looks at the time; here the rows follow. It is destroyed late, and only
 * when two clocks agree (SECURITY_DESIGN C3); until then the same material makes the key whole
 * again.
 */
public final class Expiries {
  private static final Logger LOG = LoggerFactory.getLogger(Expiries.class);

  /** So few that the event of a batch has room for all of them. */
  private static final int BATCH = 25;

  /** How long the server still knows a token as expired. */
  private static final Duration TOKEN_KNOWN = Duration.ofDays(7);

  private final Store store;
  private final Keys keys;
  private final Clocks clocks;
  private final Events events;
  private final InstantSource clock;
  private final Rules rules;

  Expiries(Store store, Keys keys, Clocks clocks, Events events, InstantSource clock, Rules rules) {
    this.store = store;
    this.keys = keys;
    this.clocks = clocks;
    this.events = events;
    this.clock = clock;
    this.rules = rules;
  }

  /**
   * Ends everything that is due. To be called every minute.
   *
   * @return how many keys lost material, for now or for good, and how many tokens their wrapping
   *     key
   */
  public int endDue() {
    clocks.tick();
    int ended = endTokens(clock.instant());
    if (clocks.suspect()) {
      return ended;
    }
    Instant agreed = clocks.agreed();
    Instant destroyBefore = agreed.minus(rules.purgeGrace());
    ended +=
        untilNone(
            () -> store.read(tx -> tx.materialExpired(agreed, BATCH)),
            key -> {
              return guarded(key, () -> store.write(tx -> putOutOfReach(tx, key, agreed)));
            });
    ended +=
        untilNone(
            () -> store.read(tx -> tx.versionsExpired(destroyBefore, BATCH)),
            version -> destroy(version, destroyBefore));
    return ended;
  }

  private static <T> int untilNone(Supplier<List<T>> due, Predicate<T> work) {
    int done = 0;
    int inBatch;
    do {
      inBatch = (int) due.get().stream().filter(work).count();
      done += inBatch;
    } while (inBatch > 0);
    return done;
  }

  private boolean guarded(Key key, Supplier<Boolean> work) {
    try {
      return work.get();
    } catch (KmsException e) {
      // One row that is not genuine stops nothing else.
      LOG.error("The material of key {} has expired but cannot end: {}", key.id(), e.problem());
      return false;
    } finally {
      keys.changed(key.id());
    }
  }

  private boolean putOutOfReach(Writing tx, Key due, Instant now) {
    Key key = tx.lockKey(due.id()).orElse(null);
    if (key == null || key.asOf(now).equals(key)) {
      return false;
    }
    Key without = tx.update(key.asOf(now));
    record(tx, without, "expireKeyMaterial", "it expired " + key.materialExpiresAt());
    return true;
  }

  private boolean destroy(KeyVersion expired, Instant before) {
    Optional<Key> found = store.read(tx -> tx.key(expired.key()));
    return found
        .filter(key ->
            guarded(key, () -> store.write(tx -> destroy(tx, key, expired.number(), before))))
        .isPresent();
  }

  private boolean destroy(Writing tx, Key due, int number, Instant before) {
    Key key = tx.lockKey(due.id()).orElse(null);
    if (key == null) {
      return false;
    }
    for (KeyVersion version : tx.versions(key.id())) {
      if (version.number() == number && !version.isHereAt(before)) {
        if (version.waiting()) {
          tx.remove(version);
        } else {
          tx.update(version.emptied());
        }
        record(tx, key, "destroyKeyMaterial", "version " + number);
        return true;
      }
    }
    return false;
  }

  private int endTokens(Instant now) {
    Instant forget = now.minus(TOKEN_KNOWN);
    int ended =
        untilNone(
            () -> store.read(tx -> tx.importTokensEndedButFull(now, BATCH)),
            token -> store.write(tx -> empty(tx, token)));
    return ended
        + untilNone(
            () -> store.read(tx -> tx.importTokensEnded(forget, BATCH)),
            token -> store.write(tx -> forget(tx, token)));
  }

  private boolean empty(Writing tx, Rows.ImportToken ended) {
    Rows.ImportToken token = tx.importToken(ended.id()).orElse(null);
    if (token == null || token.wrapped().length == 0) {
      return false;
    }
    tx.update(token.emptied());
    record(tx, token, "expireImportToken");
    return true;
  }

  private boolean forget(Writing tx, Rows.ImportToken ended) {
    if (!tx.removeImportToken(ended.id())) {
      return false;
    }
    record(tx, ended, "forgetImportToken");
    return true;
  }

  private void record(Writing tx, Rows.ImportToken token, String trace) {
    tx.key(token.key()).ifPresent(key -> record(tx, key, trace, "import token " + token.id()));
  }

  private void record(Writing tx, Key key, String trace, String detail) {
    String id = key.id().text();
    tx.append(events.ofServer(key.account(), trace, "cmk", id, "normal", detail, tx.changes()));
  }
}
