package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.HeldPolicies.Held;
import dev.yaoku.store.Reading;
import java.io.Serial;
import java.util.function.Supplier;

/**
 * Whether callers hold what they were let in with when their changes are made: a permanent access
 * key outlasts the rights that it was used with. In a transaction it is only asked whether anything
 * has been forgotten of them. What they hold now is looked up outside, where nobody waits for it
 * (SECURITY_DESIGN H9); only of whom that keeps happening the last transaction compares the rows.
 */
final class Entitlement {
  /** So often a change is begun whose caller is forgotten each time meanwhile; the last decides. */
  private static final int ATTEMPTS = 4;

  private Entitlement() {}

  /** Somebody's rights that must be looked up again first. */
  private static final class InDoubt extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    InDoubt() {
      super("rights that must be looked up again first", null, false, false);
    }
  }

  /**
   * Asks in a transaction whether nothing is forgotten of what its caller holds. Administrators
   * hold everything. Beside a busy server of the same database all is forgotten several times a
   * second; so of whom that happened again and again the rows are compared here, which are few (at
   * most 200 of the caller and of each of its groups).
   *
   * @throws InDoubt if something is: only {@link #confirmed} catches it
   * @throws KmsException with {@link Problem.NotConfirmed} if the rows are others
   */
  static void mustBeKept(Reading tx, Caller caller) {
    if (!(caller.holdings() instanceof Held held) || held.validity().lasts()) {
      return;
    }
    if (!held.comparedInside()) {
      throw new InDoubt();
    }
    if (!held.digest().equals(HeldPolicies.digest(tx, caller.principal()))) {
      throw notConfirmed();
    }
  }

  /**
   * Runs a transaction that asks {@link #mustBeKept}, and once more where its caller was forgotten
   * and holds the same.
   *
   * @throws KmsException with {@link Problem.NotConfirmed} if the caller does not: some of what the
   *     request was allowed may have been decided by it
   */
  static <T> T confirmed(Caller caller, Supplier<T> transaction) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return transaction.get();
      } catch (InDoubt _) {
        mustHoldTheSame(caller, attempt == ATTEMPTS - 2);
      }
    }
    throw notConfirmed();
  }

  private static void mustHoldTheSame(Caller caller, boolean isLastTime) {
    if (!(caller.holdings() instanceof Held before)) {
      throw notConfirmed();
    }
    if (caller.standing() instanceof Acquaintance known) {
      known.held(null);
    }
    caller.prepare();
    if (!(caller.holdings() instanceof Held now) || !now.digest().equals(before.digest())) {
      throw notConfirmed();
    }
    if (isLastTime) {
      caller.prepared(now.toCompareInside(), caller.place());
    }
  }

  private static KmsException notConfirmed() {
    return new KmsException(new Problem.NotConfirmed());
  }
}
