package dev.yaoku.audit;

import java.util.List;

/**
 * What an event is about.
 *
 * @param type {@code cmk} for a key, {@code rng}, {@code keystore}, {@code token} …; or empty
 * @param id key id or other id, or empty
 * @param name key name or other name, or empty
 * @param otherKeys ids of further keys that the request was about, such as the one that a
 *     re-encryption opens; {@value #OTHER_KEYS_MAX} are written at most
 */
public record Resource(String type, String id, String name, List<String> otherKeys) {
  /** More than any request is about. */
  public static final int OTHER_KEYS_MAX = 8;

  /** Something without a name. */
  public Resource(String type, String id) {
    this(type, id, "");
  }

  /** Something with which no further key has to do. */
  public Resource(String type, String id, String name) {
    this(type, id, name, List.of());
  }
}
