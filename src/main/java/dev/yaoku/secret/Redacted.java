package dev.yaoku.secret;

/**
 * A value that must not be printed, such as a token or a password on its way through a record.
 *
 * @param value the value itself
 */
public record Redacted<T>(T value) {
  @Override
  public String toString() {
    return "Redacted";
  }
}
