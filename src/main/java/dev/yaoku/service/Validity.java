package dev.yaoku.service;

import dev.yaoku.store.Store;

/**
 * Whether something that was read from the store counts still, as far as this server has heard. For
 * what is used again after a while, such as in the transaction that a request ends with.
 */
final class Validity {
  private final Store store;
  private final long view;
  private volatile boolean over;

  /** From now on: to be made before what it is about is read. */
  Validity(Store store) {
    this.store = store;
    this.view = store.view();
  }

  /** It is in memory no more: it may have changed. */
  void end() {
    over = true;
  }

  /** Whether it is in memory, and others would have been heard of that changed it. */
  boolean lasts() {
    return !over && view == store.view();
  }
}
