package dev.yaoku.service;

import dev.yaoku.store.RightsReading;
import dev.yaoku.store.RightsWriting;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;

/**
 * How many sessions a person may have: tokens, also those that ended in the last days, and as many
 * temporary access keys. Beyond, the oldest go when others are issued, so that whoever logs in
 * again and again is not shut out, and to end all that a person has is one short transaction.
 */
final class SessionRoom {
  /** Of each kind. */
  static final int OF_A_PERSON_MAX = 10_000;

  /** So many go at once, as to find them takes longer than to remove them. */
  static final int OLDEST = 100;

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

  /** Runs the transaction that issues a session, and makes room for it there if there is none. */
  <T> T issue(Kind kind, String person, Function<Writing, T> issuing) {
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
}
