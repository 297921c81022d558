package dev.yaoku.store;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The database behind everything that lasts. Calls block; a caller that must not wait is told so by
 * {@link dev.yaoku.key.NotInMemory} before anything is touched.
 *
 * <p>When the database fails, calls throw {@link StoreException}; a row that this server did not
 * write raises {@link dev.yaoku.key.Problem.RowNotGenuine}.
 */
public interface Store extends AutoCloseable {

  /** Runs the work on one consistent snapshot. */
  <T> T read(Function<? super Reading, T> work);

  /**
   * Runs the work in one transaction and returns when it is durable. If the work throws, nothing of
   * it remains. The work may run more than once (serialisation failures), so it must not do
   * anything but use the transaction. No two transactions that change rows run at once (see {@link
   * WriteSession}), so what the work has read stays true until it ends.
   */
  <T> T write(Function<? super Writing, T> work);

  /**
   * Like {@link #write}, but may use the last of the disk (SECURITY_DESIGN H10): for administrators
   * and for changes that take rights away, such as disabling a key. When space is short, all other
   * writes and events are refused.
   */
  default <T> T writeFromReserve(Function<? super Writing, T> work) {
    return write(work);
  }

  /**
   * Appends events and calls back once they are durable, from a thread of the store, in order of
   * submission; with the failure if they are not. Never blocks: a full queue is a failure at once,
   * on the calling thread.
   */
  void append(List<AuditRow> events, AppendListener whose);

  /** How many events wait to become durable. */
  int backlog();

  /**
   * Whether a write would succeed now. Never blocks: it is told by the writes before, of which one
   * that does not end in 5 s counts as one that failed.
   */
  boolean writable();

  /** Whether a read succeeds now. Reads, so not for an event loop, and not for each question. */
  boolean readable();

  /** From now on somebody hears how writing goes. */
  void tell(CommitListener listener);

  /** How often a row was refused since the start because this installation did not write it. */
  long rowsRefused();

  /**
   * Looks what other servers changed since the last look; what this one did may be among it. Reads
   * the database where several servers may share it, so not for an event loop.
   *
   * @param forget is told, and when it returns nothing of that is in memory any more
   * @throws StoreException if it cannot be found out, which may take some seconds
   */
  default void lookElsewhere(Consumer<? super Elsewhere> forget) {}

  /** Whether other servers may use the same database at the same time. */
  default boolean isShared() {
    return false;
  }

  /**
   * The number of the view that counts. What is kept in memory of this store is kept with the
   * number that was current before it was read, and is to be read anew when another is current:
   * then other servers may have changed it more than a second ago, as {@link #lookElsewhere} has
   * not succeeded for so long. Always the same where only this server has the store.
   */
  default long view() {
    return 0;
  }

  /**
   * Gives the store what checks and signs its rows, and checks what was read before. Called once,
   * when the system key is open; on a first start before anything is written.
   *
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.RowNotGenuine} if a
   *     setting or a version of the system key is not genuine
   */
  void authenticateRowsWith(RowMac rowMac);

  @Override
  void close();
}
