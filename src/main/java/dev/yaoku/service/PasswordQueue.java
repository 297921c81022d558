package dev.yaoku.service;

import dev.yaoku.crypto.Passwords;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Lets few password checks run at once: each costs 30 ms of a core and 19 MiB, and nobody needs a
 * credential to ask for one (SECURITY_DESIGN H9).
 */
final class PasswordQueue {
  private static final int WAITING_MAX = 16;
  private static final int RETRY_SECONDS = 1;
  private static final int HEAP_SHARE = 5;

  private final Semaphore running;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * One check for every two cores, as long as all together take no more than a fifth of the heap: a
   * server without memory ends.
   *
   * @param heapBytes how large the heap may become
   */
  PasswordQueue(int cores, long heapBytes) {
    long room = heapBytes / HEAP_SHARE / Passwords.MEMORY_BYTES;
    running = new Semaphore((int) Math.max(1, Math.min(cores / 2, room)), true);
  }

  /** How many checks may begin now. */
  int free() {
    return running.availablePermits();
  }

  /**
   * Runs a check when it is its turn.
   *
   * @throws KmsException with {@link Problem.Throttled} if 16 wait already
   */
  <T> T inTurn(Supplier<T> check) {
    Waiting.mustBeAllowed();
    enter();
    try {
      return check.get();
    } finally {
      running.release();
    }
  }

  private void enter() {
    if (running.tryAcquire()) {
      return;
    }
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      throw new KmsException(new Problem.Throttled(RETRY_SECONDS));
    }
    try {
      running.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KmsException(new Problem.Overloaded());
    } finally {
      waiting.decrementAndGet();
    }
  }
}
