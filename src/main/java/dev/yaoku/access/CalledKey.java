package dev.yaoku.access;

import dev.yaoku.key.KeyId;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A key that a request calls by an alias. A request has one or two of them, so they are a linked
 * list, the last one first, which costs less than a map.
 *
 * @param alias without the prefix
 * @param before the one that the request called by an alias before this; null for none
 */
record CalledKey(KeyId key, String alias, @Nullable CalledKey before) {
  /**
   * The aliases of one key.
   *
   * @param key null for what is no key
   * @param last the one that was called last; null for none
   */
  static List<String> aliasesOf(@Nullable KeyId key, @Nullable CalledKey last) {
    if (key == null || last == null) {
      return List.of();
    }
    return Stream.iterate(last, one -> one != null, CalledKey::before)
        .filter(one -> one.key().equals(key))
        .map(CalledKey::alias)
        .distinct()
        .toList();
  }
}
