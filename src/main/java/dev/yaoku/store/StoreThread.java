package dev.yaoku.store;

/** A thread of the store. It must never wait for the store itself. */
final class StoreThread extends Thread {
  StoreThread(Runnable work, String name) {
    super(work, name);
    setDaemon(true);
  }

  /** Throws if a transaction is begun inside another, which would wait for ever. */
  static void mustNotBeCurrent() {
    if (Thread.currentThread() instanceof StoreThread) {
      throw new IllegalStateException("a transaction inside a transaction");
    }
  }
}
