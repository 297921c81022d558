package dev.yaoku.store;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Waits for what a thread of the store does. */
final class Results {
  private Results() {}

  /**
   * The result, or what the work threw. An interrupt does not end the waiting, as the work may
   * already be done; it stays set.
   */
  static <T> T await(CompletableFuture<T> result) {
    try {
      return result.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException failure -> throw failure;
        case Error error -> throw error;
        case null, default -> throw e;
      }
    }
  }
}
