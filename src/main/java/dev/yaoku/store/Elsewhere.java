package dev.yaoku.store;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import java.util.Set;

/**
 * What other servers of the same database changed since somebody asked last.
 *
 * @param anything whether they changed anything at all
 * @param allKeys whether any key may be among it
 * @param keys the keys among it, where it is known which: their own rows, versions, tags, aliases
 *     and grants
 * @param keystores the keystores among it, with which their keys are changed
 * @param projects those of which any key may be among it
 */
public record Elsewhere(
    boolean anything,
    boolean allKeys,
    Set<KeyId> keys,
    Set<String> keystores,
    Set<String> projects) {
  /** Nothing was changed. */
  public static final Elsewhere NOTHING = new Elsewhere(false, false, Set.of());

  /** Copies the sets. */
  public Elsewhere {
    keys = Set.copyOf(keys);
    keystores = Set.copyOf(keystores);
    projects = Set.copyOf(projects);
  }

  /** Without what changes several keys. */
  public Elsewhere(boolean anything, boolean allKeys, Set<KeyId> keys) {
    this(anything, allKeys, keys, Set.of(), Set.of());
  }

  /** Whether no key is among it. */
  public boolean isOfNoKey() {
    return !allKeys && keys.isEmpty() && keystores.isEmpty() && projects.isEmpty();
  }

  /** Whether a key may be among it that was read before. */
  public boolean mayBeOf(Key key) {
    return allKeys
        || keys.contains(key.id())
        || keystores.contains(key.keystore())
        || projects.contains(key.project());
  }
}
