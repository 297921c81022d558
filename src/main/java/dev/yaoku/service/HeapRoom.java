package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Lets as many long answers be made at once as a part of the heap holds. Whoever comes when there
 * is no room waits, in order.
 */
public final class HeapRoom {
  private final int roomKib;
  private final Semaphore free;

  /** Room of so many bytes. */
  public HeapRoom(long bytes) {
    roomKib = Math.clamp(bytes >> 10, 1, Integer.MAX_VALUE);
    free = new Semaphore(roomKib, true);
  }

  /** A quarter of what the heap may become. */
  public static HeapRoom quarter() {
    return new HeapRoom(Runtime.getRuntime().maxMemory() / 4);
  }

  /**
   * Makes something when there is room for it.
   *
   * @param kib how much of the heap it may take, in KiB; what needs more than there is has all
   */
  public <T> T inTurn(long kib, Supplier<T> work) {
    Waiting.mustBeAllowed();
    int taken = (int) Math.min(kib, roomKib);
    try {
      free.acquire(taken);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KmsException(new Problem.Overloaded());
    }
    try {
      return work.get();
    } finally {
      free.release(taken);
    }
  }
}
