package dev.yaoku.service;

import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;

/** Work that would keep everybody waiting in one transaction. */
final class Batches {
  /** After so many others have their turn on housekeeping's thread; some seconds. */
  private static final int BATCHES_A_TURN = 200;

  private Batches() {}

  /**
   * Writes things, some at a time; others' changes have their turn between any two batches, which
   * matters most where each thing is a journey to a database that several servers share.
   *
   * @param most how many one transaction writes
   * @param written is told of each batch once it is committed
   */
  static <T> void each(
      Store store, List<T> all, int most, BiConsumer<Writing, T> write, Consumer<List<T>> written) {
    for (int from = 0; from < all.size(); from += most) {
      List<T> batch = all.subList(from, Math.min(all.size(), from + most));
      store.write(tx -> {
        batch.forEach(one -> write.accept(tx, one));
        return batch.size();
      });
      written.accept(batch);
    }
  }

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
