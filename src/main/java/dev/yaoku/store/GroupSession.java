package dev.yaoku.store;

import dev.yaoku.store.WriteSession.Outcome;
import java.util.List;
import java.util.function.Function;

/**
 * Where the one thread of a {@link GroupCommit} writes: one group of tasks after another, each
 * durable as a whole or not at all. After a failure it is closed and another is opened.
 */
interface GroupSession extends AutoCloseable {
  /**
   * Begins a group.
   *
   * @param changes whether it changes rows, or only appends events
   */
  void begin(boolean changes);

  /** Adds events to the group. */
  void append(List<AuditRow> events);

  /**
   * Runs work inside the group; if it throws, it alone is undone.
   *
   * @throws StoreException if the group itself is lost
   * @throws WriteSession.FailedHalfway if the group must be rolled back and run again
   */
  <T> Outcome<T> attempt(Function<? super Writing, T> work);

  /** Makes the group durable. */
  void commit();

  /** Leaves nothing of the group, if there still is one. */
  void rollback();

  /** Adds to the group what does nothing but show whether the disk takes it. */
  void probe();

  /** Between two groups: whatever is better done now than in one. */
  void lookAfter();

  /**
   * Shows, after some time without a group, that the next could be written.
   *
   * @throws StoreException if it could not
   */
  default void mustBeThere() {}

  @Override
  void close();
}
