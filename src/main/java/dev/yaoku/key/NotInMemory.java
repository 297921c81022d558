package dev.yaoku.key;

/**
 * Says that an answer takes longer than the thread may be held: it needs the store, or much of a
 * core. Not a failure: the same request is run again where waiting is allowed.
 */
public final class NotInMemory extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * The store is needed. One instance for all: it has no stack trace and carries nothing, so
   * sharing it costs nobody a clue.
   */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  public static final NotInMemory SIGNAL = new NotInMemory(false);

  /** A core is needed for long, as by an RSA signature. */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  public static final NotInMemory COMPUTES = new NotInMemory(true);

  private final boolean computes;

  private NotInMemory(boolean computes) {
    super("not in memory", null, false, false);
    this.computes = computes;
  }

  /** Whether it is a core that is needed. */
  public boolean computes() {
    return computes;
  }
}
