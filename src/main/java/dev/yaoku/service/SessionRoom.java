package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.OnBehalf;
import dev.yaoku.store.RightsReading;
import dev.yaoku.store.RightsWriting;
import dev.yaoku.store.SessionsEnding;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;

/**
 * How many sessions a person may have: tokens, also those that ended in the last days, and as many
 * temporary access keys. Beyond, the oldest go when others are issued, so that whoever logs in
 * again and again is not shut out. Those that were all ended are soon removed, too: before others
 * are issued to the person or the role, or by housekeeping.
 */
public final class SessionRoom {
  /** Of each kind. */
  static final int OF_A_PERSON_MAX = 10_000;

  /** So many go at once, as to find them takes longer than to remove them. */
  static final int OLDEST = 100;

  /** Sessions that were ended are removed this many in a transaction. */
  private static final int BATCH = 500;

  /** So many transactions suffice for all that one person may have. */
  private static final int BATCHES_OF_A_PERSON = 2 * OF_A_PERSON_MAX / BATCH;

  /**
   * Both a person and its role may be in the way, and others may go on ending sessions meanwhile.
   */
  private static final int ATTEMPTS = 4;

  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final Store store;
  private final Identities identities;

  /**
   * Ended sessions are removed by one at a time: what several remove at once would be one
   * transaction, which keeps others waiting. Fair, so that those who log in have their turn between
   * any two batches of housekeeping's.
   */
  private final ReentrantLock removing = new ReentrantLock(true);

  /** Of all who issue sessions of one store. */
  public SessionRoom(Store store, Identities identities) {
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
   * @throws KmsException with {@link Problem.Conflict} if sessions of the person or the role were
   *     ended that are more than one person may have, or others end them again and again meanwhile
   */
  <T> T issue(Kind kind, String person, Function<Writing, T> issuing) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return issueOnce(kind, person, issuing);
      } catch (SessionsEnding ending) {
        makeWay(ending.holder());
      }
    }
    throw beingEnded();
  }

  private static KmsException beingEnded() {
    return new KmsException(
        new Problem.Conflict("The sessions of the user or the agency are being ended. Try again."));
  }

  /** Removes what would be in the way, unless that takes long, or others are at it already. */
  private void makeWay(String holder) {
    if (!isMyTurn()) {
      throw beingEnded();
    }
    try {
      int removed =
          Batches.untilNone(
              BATCH,
              BATCHES_OF_A_PERSON,
              () -> OnBehalf.ofServer(() -> store.write(tx -> removeSome(tx, holder))));
      if (removed == BATCHES_OF_A_PERSON * BATCH) {
        throw beingEnded();
      }
    } finally {
      removing.unlock();
    }
  }

  private static int removeSome(Writing tx, String holder) {
    return tx.rights().removeEndedSessionsOf(holder, BATCH);
  }

  private boolean isMyTurn() {
    try {
      return removing.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
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
   * Removes rows of sessions that were ended, and counted no more since (ADR 38): tokens and
   * temporary access keys. To be called now and then; it ends after some seconds, though there may
   * be more.
   *
   * @return how many
   */
  public int removeEnded() {
    return Batches.inATurn(BATCH, this::removeSome);
  }

  private int removeSome() {
    removing.lock();
    try {
      return store.<Integer>write(tx -> tx.rights().removeEndedSessions(BATCH));
    } finally {
      removing.unlock();
    }
  }
}
