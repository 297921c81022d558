package dev.yaoku.store;

/** Looks at what lies under the database before each commit. */
interface Guard {
  /** A database on another machine, which looks after itself. */
  Guard NONE =
      new Guard() {
        @Override
        public void check() {}

        @Override
        public boolean isShortOfSpace() {
          return false;
        }
      };

  /** Throws if nothing may be written at all. */
  void check();

  /** Whether only those may write who may use the last of the disk. */
  boolean isShortOfSpace();
}
