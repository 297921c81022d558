package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.audit.Rating;
import dev.yaoku.key.Key;
import dev.yaoku.store.OnBehalf;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;

/**
 * Attempts to import with a token. Each is counted before anything is opened, so that of many at
 * once no more are made than a token has (SECURITY_DESIGN M6). It stays counted whatever it fails
 * of: each reason that comes later than the opening tells that the material opened.
 */
final class ImportAttempts {
  private final Store store;
  private final Events events;

  ImportAttempts(Store store, Events events) {
    this.store = store;
    this.events = events;
  }

  /**
   * Counts an attempt.
   *
   * @param text the token as it was sent
   * @return the stored token with this attempt counted
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.NotImported} if the token
   *     is good for none, with {@link dev.yaoku.key.Problem.Replayed}
   */
  Rows.ImportToken begin(Caller caller, Key key, String text, Instant now) {
    Rows.ImportToken counted =
        store.write(tx -> {
          Replays.refuse(tx, caller);
          Rows.ImportToken tried = ImportTokens.find(tx, key, text, now).tried();
          tx.update(tried);
          record(tx, key, "countImportAttempt", Rating.NORMAL, tried);
          return tried;
        });
    // Otherwise the change itself would be taken for a replay of its own attempt.
    caller.signatureRemembered();
    return counted;
  }

  /** Ends a token whose last attempt was in vain. */
  void failed(Key key, Rows.ImportToken counted) {
    if (!ImportTokens.isSpent(counted)) {
      return;
    }
    OnBehalf.ofServer(() -> store.write(tx -> ended(tx, key, counted)));
  }

  private boolean ended(Writing tx, Key key, Rows.ImportToken counted) {
    boolean there = tx.removeImportToken(counted.id());
    if (there) {
      record(tx, key, "endImportToken", Rating.WARNING, counted);
    }
    return there;
  }

  private void record(Writing tx, Key key, String trace, Rating rating, Rows.ImportToken token) {
    tx.append(events.ofKey(key, trace, rating, "import token " + token.id(), tx.changes()));
  }
}
