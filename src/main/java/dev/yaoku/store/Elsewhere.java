package dev.yaoku.store;

import dev.yaoku.key.KeyId;
import java.util.Set;

/**
 * What other servers of the same database changed since somebody asked last.
 *
 * @param anything whether they changed anything at all
 * @param allKeys whether any key may be among it
 * @param keys the keys among it, where it is known which: their own rows, versions, tags, aliases
 *     and grants
 */
public record Elsewhere(boolean anything, boolean allKeys, Set<KeyId> keys) {
  /** Nothing was changed. */
  public static final Elsewhere NOTHING = new Elsewhere(false, false, Set.of());

  /** Copies the set. */
  public Elsewhere {
    keys = Set.copyOf(keys);
  }
}
