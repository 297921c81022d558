package dev.yaoku.access;

import dev.yaoku.key.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tags that a request wants to set or remove: thousands, as permission is asked before they are
 * counted. Conditions ask for one after the other, so they are put in order once. For one thread.
 */
public final class RequestTags {
  static final RequestTags NONE = new RequestTags(List.of());

  private final List<Tag> tags;
  private @Nullable Map<String, List<String>> valuesByKey;

  RequestTags(List<Tag> tags) {
    this.tags = List.copyOf(tags);
  }

  /** Their keys, in the order of the request. */
  public List<String> keys() {
    return tags.stream().map(Tag::key).toList();
  }

  /** The values that the request has for a key. */
  public List<String> values(String key) {
    if (tags.isEmpty()) {
      return List.of();
    }
    Map<String, List<String>> known = valuesByKey;
    if (known == null) {
      known = new TreeMap<>();
      for (Tag tag : tags) {
        known.computeIfAbsent(tag.key(), _ -> new ArrayList<>(1)).add(tag.value());
      }
      valuesByKey = known;
    }
    return known.getOrDefault(key, List.of());
  }
}
