package dev.yaoku.key;

/**
 * Says that an answer needs the store while the thread must not wait. Not a failure: the same
 * request is run again where waiting is allowed.
 */
public final class NotInMemory extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * The only instance: it has no stack trace and carries nothing, so sharing it costs nobody a
   * clue.
   */
  @SuppressWarnings("StaticAssignmentOfThrowable")
  public static final NotInMemory SIGNAL = new NotInMemory();

  private NotInMemory() {
    super("not in memory", null, false, false);
  }
}
