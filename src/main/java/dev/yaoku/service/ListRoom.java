package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Lets as many long lists be made at once as a part of the heap holds. A thousand keys with twenty
 * long tags each are more than 60 MiB on their way from the rows to the answer.
 */
final class ListRoom {
  /** Row, key and JSON of a key whose description is as long as it may be, with some to spare. */
  private static final int KEY_KIB = 10;

  /** The same of its tags: twenty, their keys and values as long as they may be. */
  private static final int TAGS_KIB = 70;

  private final int roomKib;
  private final Semaphore free;

  /** Room of so many bytes, of which a list that would need more takes all. */
  ListRoom(long bytes) {
    roomKib = Math.clamp(bytes >> 10, 1, Integer.MAX_VALUE);
    free = new Semaphore(roomKib, true);
  }

  /** Makes a list of so many keys at most when there is room. */
  <T> T inTurn(int keys, boolean withTags, Supplier<T> list) {
    Waiting.mustBeAllowed();
    long wanted = (long) keys * (withTags ? KEY_KIB + TAGS_KIB : KEY_KIB);
    int taken = (int) Math.min(wanted, roomKib);
    try {
      free.acquire(taken);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KmsException(new Problem.Overloaded());
    }
    try {
      return list.get();
    } finally {
      free.release(taken);
    }
  }
}
