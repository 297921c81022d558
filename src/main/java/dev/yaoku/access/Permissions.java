package dev.yaoku.access;

import dev.yaoku.key.Key;

/** Decides what a principal may do. */
public interface Permissions {
  /** Whether the principal may perform the action in this project at all. */
  boolean allows(Principal who, String project, Action action);

  /** Whether the principal may perform the action on this key. */
  boolean allows(Principal who, Action action, Key key);

  /**
   * Whether something forbids the principal the action on this key, so that no grant can allow it.
   */
  default boolean denies(Principal who, Action action, Key key) {
    return false;
  }

  /** Whether the principal may learn that this key exists. */
  boolean maySee(Principal who, Key key);
}
