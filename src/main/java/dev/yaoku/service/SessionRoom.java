package dev.yaoku.service;

import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.util.function.Function;

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
    TOKEN {
      @Override
      long count(Reading tx, String person) {
        return tx.rights().tokenCount(person);
      }

      @Override
      void removeOldest(Writing tx, String person) {
        tx.rights().removeOldestTokensOf(person, OLDEST);
      }
    },
    TEMPORARY_KEY {
      @Override
      long count(Reading tx, String person) {
        return tx.rights().temporaryKeyCount(person);
      }

      @Override
      void removeOldest(Writing tx, String person) {
        tx.rights().removeOldestTemporaryKeysOf(person, OLDEST);
      }
    };

    abstract long count(Reading tx, String person);

    abstract void removeOldest(Writing tx, String person);
  }

  /** Runs the transaction that issues a session, and makes room for it there if there is none. */
  <T> T issue(Kind kind, String person, Function<Writing, T> issuing) {
    boolean full = store.read(tx -> kind.count(tx, person)) >= OF_A_PERSON_MAX;
    if (!full) {
      return store.write(issuing);
    }
    return Forgetting.after(
        () ->
            store.write(tx -> {
              kind.removeOldest(tx, person);
              return issuing.apply(tx);
            }),
        () -> identities.userChanged(person));
  }
}
