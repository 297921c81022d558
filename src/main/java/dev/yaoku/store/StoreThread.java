package dev.yaoku.store;

/** A thread of the store. It must never wait for the store itself. */
final class StoreThread extends Thread {
  StoreThread(Runnable work, String name) {
    super(work, name);
    setDaemon(true);
  }

  /** Waits until it has ended, however often somebody interrupts. */
  void awaitEnd() {
    boolean interrupted = false;
    while (isAlive()) {
      try {
        join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Throws if a transaction is begun inside another, which would wait for ever. */
  static void mustNotBeCurrent() {
    if (Thread.currentThread() instanceof StoreThread) {
      throw new IllegalStateException("a transaction inside a transaction");
    }
  }
}
