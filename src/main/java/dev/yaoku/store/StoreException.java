package dev.yaoku.store;

/** The database failed: disk, connection, or a damaged file. */
public sealed class StoreException extends RuntimeException permits NotTried {
  private static final long serialVersionUID = 1L;

  /** A failure with a sentence for the operator and its cause. */
  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /** A failure with a sentence for the operator. */
  public StoreException(String message) {
    super(message);
  }

  /**
   * Whether the place of the store failed, such as its disk or the way to it, so that whatever else
   * is asked of it would fail, too.
   */
  public boolean isOfPlace() {
    return Failures.isOfPlace(this);
  }

  /** The sentence, and in brackets what was behind it. */
  public String inOneLine() {
    Throwable root = this;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String first = String.valueOf(getMessage());
    String behind = String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    return first.contains(behind) ? first : first + " (" + behind + ")";
  }
}
