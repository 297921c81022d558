package dev.yaoku.key;

import java.time.Instant;

/**
 * A name for a key that can be moved to another one.
 *
 * @param account in each of whose regions it is unique
 * @param name without the prefix {@code alias/}
 * @param project of its key
 * @param key what it stands for
 * @param text as it was last sent, with the prefix or without: clients look for what they sent
 * @param createdAt to the millisecond
 * @param updatedAt when it was last moved
 * @param rowVersion counts the changes of this row, from 1
 */
public record Alias(
    String account,
    String name,
    String project,
    KeyId key,
    String text,
    Instant createdAt,
    Instant updatedAt,
    long rowVersion) {
  /** What a name may begin with on the wire. */
  public static final String PREFIX = "alias/";

  /** The name in a text that may have the prefix. */
  public static String nameIn(String text) {
    return text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
  }

  /**
   * This alias on another key of the project.
   *
   * @param spelled as it was sent with that, with the prefix or without
   */
  public Alias on(KeyId next, String spelled, Instant now) {
    return new Alias(account, name, project, next, spelled, createdAt, now, rowVersion);
  }
}
