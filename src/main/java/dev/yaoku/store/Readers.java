package dev.yaoku.store;

import java.util.function.Function;

/** Runs reads, each on one consistent snapshot. */
interface Readers extends AutoCloseable {
  /** Waits for a connection, runs the work, and gives the connection back. */
  <T> T read(Function<? super Reading, T> work);

  @Override
  void close();
}
