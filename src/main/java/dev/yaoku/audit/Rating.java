package dev.yaoku.audit;

/** How much somebody should look at an event. */
public enum Rating {
  /** What is asked for and done every day. */
  NORMAL("normal"),

  /** What was refused, or succeeded and is worth a look. */
  WARNING("warning"),

  /** What went wrong in the server, or changed what it rests on. */
  INCIDENT("incident");

  private final String wireName;

  Rating(String wireName) {
    this.wireName = wireName;
  }

  /** The name in entries of the log. */
  public String wireName() {
    return wireName;
  }
}
