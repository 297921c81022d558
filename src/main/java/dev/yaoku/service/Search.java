package dev.yaoku.service;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.store.KeyFilter;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which keys of a project are meant. Every part narrows; an absent part does not.
 *
 * @param state keys in this state
 * @param spec one kind of key
 * @param enterpriseProject keys of this enterprise project
 * @param customOnly leaves out keys of cloud services
 * @param tags every one must match
 * @param nameContains part of the key's name
 */
public record Search(
    @Nullable State state,
    @Nullable KeySpec spec,
    @Nullable String enterpriseProject,
    boolean customOnly,
    List<OfTag> tags,
    @Nullable String nameContains) {

  /** A state that keys can be asked for by. */
  public enum State {
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
  public record OfTag(String key, Set<String> values) {}

  KeyFilter filter() {
    return new KeyFilter(
        state == null ? null : KeyFilter.StateName.valueOf(state.name()),
        spec,
        enterpriseProject,
        customOnly,
        tags.stream().map(tag -> new KeyFilter.TagMatch(tag.key(), tag.values())).toList(),
        nameContains);
  }
}
