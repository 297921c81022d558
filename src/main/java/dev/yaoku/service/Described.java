package dev.yaoku.service;

import dev.yaoku.key.Key;
import dev.yaoku.key.Tag;
import java.util.List;

/**
 * A key as its owner sees it.
 *
 * @param tags its tags, where they were asked for
 * @param keystoreType the type of the keystore that it is filed under
 */
public record Described(Key key, List<Tag> tags, String keystoreType) {
  /** The type of the built-in keystore. */
  public static final String BUILT_IN = "DEFAULT";

  /**
   * One page.
   *
   * @param keys newest first
   * @param total how many match in all
   * @param more whether any come after this page
   */
  public record Page(List<Described> keys, long total, boolean more) {}
}
