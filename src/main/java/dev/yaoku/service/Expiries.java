package dev.yaoku.service;

import dev.yaoku.audit.Rating;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;

/**
 * Ends imported material and import tokens. What has expired is out of reach at once, because
 * everyone who uses a key or a token looks at the time; here the rows follow. Material is destroyed
 * late, and until then the same material makes the key whole again; nothing is destroyed, wrapping
 * keys neither, unless two clocks agree (SECURITY_DESIGN C3) and no copy may just have been put
 * back ({@link Clocks#waits}). Tokens that were made while a clock was ahead are recalled then.
 */
public final class Expiries {
  /** How long the server still knows a token as expired. */
  private static final Duration TOKEN_KNOWN = Duration.ofDays(7);

  private final Store store;
  private final EachDue eachDue;
  private final Keys keys;
  private final Clocks clocks;
  private final Events events;
  private final Rules rules;

  Expiries(Store store, Keys keys, Clocks clocks, Events events, Rules rules) {
    this.store = store;
    this.eachDue = new EachDue(store);
    this.keys = keys;
    this.clocks = clocks;
    this.events = events;
    this.rules = rules;
  }

  /**
   * Ends everything that is due. To be called by housekeeping.
   *
   * @return how many keys lost material, for now or for good, and how many tokens their wrapping
   *     key
   */
  public int endDue() {
    clocks.tick();
    if (clocks.waits()) {
      return 0;
    }
    Instant agreed = clocks.agreed();
    return endTokens(agreed)
        + endMaterial(agreed)
        + destroyMaterial(agreed.minus(rules.purgeGrace()));
  }

  private int endMaterial(Instant now) {
    return eachDue.of(
        "Ending the material of key",
        (tx, passed, limit) -> tx.due().materialExpired(now, passed, limit),
        Key::id,
        key -> changing(key.id(), tx -> putOutOfReach(tx, key, now)));
  }

  private int destroyMaterial(Instant before) {
    return eachDue.of(
        "Destroying a version of key",
        (tx, passed, limit) -> tx.due().versionsExpired(before, passed, limit),
        KeyVersion::key,
        version -> changing(version.key(), tx -> destroy(tx, version, before)));
  }

  private boolean changing(KeyId id, Function<Writing, Boolean> work) {
    try {
      return store.write(work);
    } finally {
      keys.changed(id);
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

  private boolean destroy(Writing tx, KeyVersion expired, Instant before) {
    Key key = tx.lockKey(expired.key()).orElse(null);
    if (key == null) {
      return false;
    }
    for (KeyVersion version : tx.versions(key.id())) {
      if (version.number() == expired.number() && version.isExpiredAt(before)) {
        if (version.waiting()) {
          tx.remove(version);
        } else {
          tx.update(version.emptied());
        }
        record(tx, key, "destroyKeyMaterial", "version " + version.number());
        return true;
      }
    }
    return false;
  }

  private int endTokens(Instant now) {
    Instant forget = now.minus(TOKEN_KNOWN);
    return eachDue.of(
            "Ending import token",
            (tx, passed, limit) -> tx.due().importTokensEndedButFull(now, passed, limit),
            Rows.ImportToken::id,
            token -> store.write(tx -> empty(tx, token)))
        + eachDue.of(
            "Forgetting import token",
            (tx, passed, limit) -> tx.due().importTokensEnded(forget, passed, limit),
            Rows.ImportToken::id,
            token -> store.write(tx -> forget(tx, token, "forgetImportToken")))
        + eachDue.of(
            "Recalling import token",
            (tx, passed, limit) ->
                tx.due().importTokensTooFarOff(ImportTokens.latestEnd(now), passed, limit),
            Rows.ImportToken::id,
            token -> store.write(tx -> forget(tx, token, "recallImportToken")));
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

  private boolean forget(Writing tx, Rows.ImportToken ended, String trace) {
    if (!tx.removeImportToken(ended.id())) {
      return false;
    }
    record(tx, ended, trace);
    return true;
  }

  private void record(Writing tx, Rows.ImportToken token, String trace) {
    tx.key(token.key()).ifPresent(key -> record(tx, key, trace, "import token " + token.id()));
  }

  private void record(Writing tx, Key key, String trace, String detail) {
    tx.append(events.ofKey(key, trace, Rating.NORMAL, detail, tx.changes()));
  }
}
