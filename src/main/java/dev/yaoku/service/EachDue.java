package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.store.Due;
import dev.yaoku.store.NotTried;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.StoreException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is due to everything that it is due to. What is not genuine, and what fails, is passed
 * over and stops nothing else (SECURITY_DESIGN C1): the next in the list may be another tenant's.
 */
final class EachDue {
  private static final Logger LOG = LoggerFactory.getLogger(EachDue.class);

  /** So many are read at once. */
  private static final int BATCH = 100;

  private final Store store;

  EachDue(Store store) {
    this.store = store;
  }

  /** A list of what is due, always in the same order. */
  @FunctionalInterface
  interface Listing<T> {
    /**
     * Some of it.
     *
     * @param passed how many rows at the head are passed over
     */
    Due<T> part(Reading tx, long passed, int limit);
  }

  /**
   * Goes through a list once. What is skipped because others change the list meanwhile is there the
   * next time.
   *
   * @param what is done, as the begin of a sentence that goes on with the name
   * @param name says which one, for the log
   * @param work says whether it did anything, which takes the one out of the list
   * @return to how many it was done
   * @throws StoreException if the store itself fails, which it would for the others too
   */
  <T> int of(String what, Listing<T> listing, Function<T, ?> name, Predicate<T> work) {
    int done = 0;
    long passed = 0;
    Due<T> part;
    do {
      long head = passed;
      part = store.read(tx -> listing.part(tx, head, BATCH));
      int worked =
          (int) part.genuine().stream().filter(one -> succeeds(what, one, name, work)).count();
      done += worked;
      passed += part.rows() - worked;
    } while (part.rows() == BATCH);
    return done;
  }

  private <T> boolean succeeds(String what, T one, Function<T, ?> name, Predicate<T> work) {
    try {
      return work.test(one);
    } catch (KmsException refused) {
      LOG.error("{} {} failed: {}", what, name.apply(one), refused.problem());
    } catch (RuntimeException failed) {
      if (failed instanceof StoreException ofStore && isOfAll(ofStore)) {
        throw ofStore;
      }
      LOG.error("{} {} failed: {}", what, name.apply(one), failed.toString());
      LOG.debug("{} {} failed", what, name.apply(one), failed);
    }
    return false;
  }

  /** Whether it is not one row, or what is filed beside it, that is damaged. */
  private boolean isOfAll(StoreException failed) {
    return failed instanceof NotTried || failed.isOfPlace() || !store.writable();
  }
}
