package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.RightsReading;
import dev.yaoku.store.RightsWriting;
import dev.yaoku.store.SessionsEnding;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;

/**
 * How many sessions a person may have: tokens, also those that ended in the last days, and as many
 * temporary access keys. Beyond, the oldest go when others are issued, so that whoever logs in
 * again and again is not shut out. Those that were all ended are soon removed, too: before others
 * are issued to the person or the role, or by housekeeping.
 */
final class SessionRoom {
  /** Of each kind. */
  static final int OF_A_PERSON_MAX = 10_000;

  /** So many go at once, as to find them takes longer than to remove them. */
  static final int OLDEST = 100;

  /** Sessions that were ended are removed this many in a transaction. */
  private static final int BATCH = 500;

  private static final int HOLDERS = 100;

  /** Nobody's sessions end so often while one is issued, unless somebody goes on ending them. */
  private static final int ATTEMPTS = 3;

  private final Store store;
  private final Identities identities;

  SessionRoom(Store store, Identities identities) {
    this.store = store;
    this.identities = identities;
  }

  /** What is issued. */
  enum Kind {
    TOKEN(RightsReading::tokenCount, RightsWriting::removeOldestTokensOf),
    TEMPORARY_KEY(RightsReading::temporaryKeyCount, RightsWriting::removeOldestTemporaryKeysOf);

    private final ToLongBiFunction<RightsReading, String> count;
    private final Removal removal;

    Kind(ToLongBiFunction<RightsReading, String> count, Removal removal) {
      this.count = count;
      this.removal = removal;
    }
  }

  /** Removes so many of a person's oldest. */
  private interface Removal {
    void oldestOf(RightsWriting rights, String person, int howMany);
  }

  /**
   * Runs the transaction that issues a session, and makes room for it there if there is none.
   *
   * @throws KmsException with {@link Problem.Conflict} if others end the person's sessions, or
   *     those of the role, again and again meanwhile
   */
  <T> T issue(Kind kind, String person, Function<Writing, T> issuing) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return issueOnce(kind, person, issuing);
      } catch (SessionsEnding ending) {
        removeEndedOf(List.of(ending.holder()));
      }
    }
    throw new KmsException(
        new Problem.Conflict("The sessions of the user or the agency are being ended. Try again."));
  }

  private <T> T issueOnce(Kind kind, String person, Function<Writing, T> issuing) {
    boolean full =
        store.<Long>read(tx -> kind.count.applyAsLong(tx.rights(), person)) >= OF_A_PERSON_MAX;
    if (!full) {
      return store.write(issuing);
    }
    return Forgetting.after(
        () ->
            store.write(tx -> {
              kind.removal.oldestOf(tx.rights(), person, OLDEST);
              return issuing.apply(tx);
            }),
        () -> identities.userChanged(person));
  }

  /**
   * Removes the rows of sessions that were ended, and counted no more since (ADR 38).
   *
   * @return how many
   */
  int removeEnded() {
    int removed = 0;
    List<String> holders = holdersOfEnded();
    while (!holders.isEmpty()) {
      removed += removeEndedOf(holders);
      holders = holdersOfEnded();
    }
    return removed;
  }

  private List<String> holdersOfEnded() {
    return store.read(tx -> tx.rights().holdersOfEndedSessions(HOLDERS));
  }

  private int removeEndedOf(List<String> holders) {
    return Batches.untilNone(store, BATCH, tx -> tx.rights().removeEndedSessionsOf(holders, BATCH));
  }
}
