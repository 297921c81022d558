package dev.yaoku.store;

/**
 * Hears how writing goes. Called by threads of the store between two commits, and by callers who
 * are turned away, so it must be quick and must not throw.
 */
public interface CommitListener {
  /** Tells nobody. */
  CommitListener NOBODY =
      new CommitListener() {
        @Override
        public void committed(int writes, long nanos) {}

        @Override
        public void failed(int writes) {}
      };

  /**
   * A group became durable.
   *
   * @param writes changes, and batches of events, that shared the commit
   * @param nanos from the start of its transaction, repetitions included, until it was durable
   */
  void committed(int writes, long nanos);

  /**
   * Changes or batches of events did not become durable: the database failed, the disk is nearly
   * full, or too many wait. Changes that refused themselves are not meant.
   */
  void failed(int writes);
}
