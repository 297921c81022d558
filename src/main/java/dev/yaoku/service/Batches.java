package dev.yaoku.service;

import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** Work that would keep everybody waiting in one transaction. */
final class Batches {
  /** After so many others have their turn on housekeeping's thread; some seconds. */
  private static final int BATCHES_A_TURN = 200;

  private Batches() {}

  /**
   * Removes until there is nothing left; others' changes have their turn between any two batches.
   *
   * @param most how many one transaction removes if there are as many
   * @param removal says how many it removed
   * @return how many were removed
   */
  static int untilNone(Store store, int most, Function<Writing, Integer> removal) {
    return untilNone(most, Integer.MAX_VALUE, () -> store.write(removal));
  }

  /** The same for housekeeping, which goes on in its next turn where there is very much. */
  static int inATurn(Store store, int most, Function<Writing, Integer> removal) {
    return inATurn(most, () -> store.write(removal));
  }

  /** The same for a batch that is more than a transaction. */
  static int inATurn(int most, IntSupplier batch) {
    return untilNone(most, BATCHES_A_TURN, batch);
  }

  /**
   * Removes in so many batches at most.
   *
   * @return how many were removed; {@code most} times {@code batchesMax} if there may be more
   */
  static int untilNone(int most, int batchesMax, IntSupplier batch) {
    int removed = 0;
    for (int i = 0; i < batchesMax; i++) {
      int inBatch = batch.getAsInt();
      removed += inBatch;
      if (inBatch < most) {
        break;
      }
    }
    return removed;
  }
}
