package dev.yaoku.store;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.key.Key;
import dev.yaoku.key.Tag;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of a project a list is about. Every part narrows; an absent part does not.
 *
 * @param state one state
 * @param spec one kind of key
 * @param enterpriseProject one enterprise project
 * @param customOnly leaves out keys of cloud services
 * @param tags every entry must match
 * @param nameContains part of the key's name
 */
public record KeyFilter(
    @Nullable StateName state,
    @Nullable KeySpec spec,
    @Nullable String enterpriseProject,
    boolean customOnly,
    List<TagMatch> tags,
    @Nullable String nameContains) {
  /** All keys. */
  public static final KeyFilter ALL = new KeyFilter(null, null, null, false, List.of(), null);

  /** The states as the store names them. */
  public enum StateName {
    ENABLED,
    DISABLED,
    PENDING_DELETION,
    PENDING_IMPORT
  }

  /**
   * A condition on one tag key.
   *
   * @param key the tag's key
   * @param values one of these; empty for any
   */
  public record TagMatch(String key, Set<String> values) {}

  /** A key with the tags on it. */
  public record TaggedKey(Key key, List<Tag> tags) {}

  /**
   * One page.
   *
   * @param keys newest first
   * @param total how many match in all
   * @param more whether any come after this page
   * @param last the place behind the page; null if the page is empty
   */
  public record Page(List<TaggedKey> keys, long total, boolean more, @Nullable Position last) {}
}
