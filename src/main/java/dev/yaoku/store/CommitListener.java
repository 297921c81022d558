package dev.yaoku.store;

/**
 * Hears how writing goes, and says how busy those are who write. Called by threads of the store
 * between two commits, and by callers who are turned away, so it must be quick and must not throw.
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

  /** Runs first on a thread that commits for this listener, to set its claim on a core. */
  default void begin() {}

  /**
   * How many requests are under way now, each of which may yet bring a change or an event. When
   * there are more than wait for the next commit, the others are worth a moment's patience.
   */
  default int underWay() {
    return 0;
  }

  /** How many of those that are under way bring their events patiently. */
  default int patientUnderWay() {
    return 0;
  }

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
