package dev.yaoku.server;

import dev.yaoku.store.StoreException;
import org.slf4j.Logger;

/**
 * Something that is done again and again, and what the log says of it: one line when it begins to
 * fail and one when it works again, however often it fails in between. What the store says for
 * itself needs no stack trace. For one thread.
 */
final class Complaint {
  private final Logger log;
  private final String what;
  private boolean failing;

  /**
   * Nothing has failed yet.
   *
   * @param what what is done, as the begin of a sentence
   */
  Complaint(Logger log, String what) {
    this.log = log;
    this.what = what;
  }

  /** Does it, and hears of what it throws. */
  void around(Runnable work) {
    try {
      work.run();
      if (failing) {
        log.info("{} works again.", what);
      }
      failing = false;
    } catch (RuntimeException e) {
      if (failing) {
        log.debug("{} failed again", what, e);
      } else if (e instanceof StoreException store) {
        log.error("{} failed; it is tried again: {}", what, store.inOneLine());
      } else {
        log.error("{} failed; it is tried again.", what, e);
      }
      failing = true;
    }
  }
}
