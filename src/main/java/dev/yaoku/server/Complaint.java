package dev.yaoku.server;

import dev.yaoku.store.StoreException;
import org.slf4j.Logger;

/**
 * Something that is done again and again, and what the log says of it: one line when it begins to
 * fail and one when it works again, however often it fails in between. What the store says for
 * itself needs no stack trace.
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
    } catch (RuntimeException e) {
      failed(e);
      return;
    }
    worked();
  }

  /** It worked. */
  synchronized void worked() {
    if (failing) {
      log.info("{} works again.", what);
    }
    failing = false;
  }

  /** It failed, and will be done again. */
  synchronized void failed(Throwable why) {
    if (failing) {
      log.debug("{} failed again", what, why);
    } else if (why instanceof StoreException store) {
      log.error("{} failed; it is tried again: {}", what, store.inOneLine());
    } else {
      log.error("{} failed; it is tried again.", what, why);
    }
    failing = true;
  }
}
