package dev.yaoku.service;

import java.util.List;
import java.util.function.Function;

/**
 * A page of what is in a key space, in order of ids.
 *
 * @param items what is on it
 * @param next where the next page begins; empty if there is none
 */
public record KeySpacePage<T>(List<T> items, String next) {

  /** Of one item more than the page holds, if there is one. */
  static <T> KeySpacePage<T> of(List<T> found, int limit, Function<T, String> id) {
    if (found.size() <= limit) {
      return new KeySpacePage<>(found, "");
    }
    List<T> items = found.subList(0, limit);
    return new KeySpacePage<>(items, id.apply(items.getLast()));
  }
}
