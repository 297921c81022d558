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
   * Runs a transaction and forgets, once it is committed, and also where it failed, because whether
   * it was committed is not known then. Not where it was refused or not even tried: nothing was
   * changed then, and whoever is refused can name what is of others, as often as he likes.
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
    caller.markRecorded();
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
