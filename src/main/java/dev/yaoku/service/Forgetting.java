package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.key.KmsException;
import dev.yaoku.store.NotTried;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Forgets what a transaction may have made untrue. */
final class Forgetting {
  private Forgetting() {}

  /**
   * Runs a transaction, and forgets what it may have changed:
   *
   * <ul>
   *   <li>Where it was committed, it forgets.
   *   <li>Where it failed, it forgets too, because nobody knows whether it was committed.
   *   <li>Where it was refused or not even tried, it does not: nothing was changed. Who is refused
   *       may have named what is of others, and could else have it forgotten time and again.
   * </ul>
   */
  static <T> T after(Supplier<T> transaction, Runnable forget) {
    return after(transaction, _ -> forget.run(), forget);
  }

  /** The same of a transaction that holds the caller's event. */
  static <T> T after(Caller caller, Supplier<T> transaction, Runnable forget) {
    return after(() -> recorded(caller, transaction), forget);
  }

  /** Runs a transaction that holds the caller's event. */
  static <T> T recorded(Caller caller, Supplier<T> transaction) {
    T result = transaction.get();
    caller.audit().markRecorded();
    return result;
  }

  /**
   * The same where only what a transaction returns says what is to be forgotten.
   *
   * @param unknown forgets all that it may have changed
   */
  static <T> T after(Supplier<T> transaction, Consumer<? super T> done, Runnable unknown) {
    T result;
    try {
      result = transaction.get();
    } catch (KmsException | NotTried refused) {
      throw refused;
    } catch (RuntimeException | Error failed) {
      unknown.run();
      throw failed;
    }
    done.accept(result);
    return result;
  }
}
