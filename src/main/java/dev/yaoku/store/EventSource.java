package dev.yaoku.store;

import org.jspecify.annotations.Nullable;

/** Some of the events of a log, one after another. */
interface EventSource extends AutoCloseable {
  /** The next; null when there are no more. */
  @Nullable AuditRow next();

  /** Whether all that could be read was there to be read. */
  default boolean isComplete() {
    return true;
  }

  @Override
  void close();
}
