package dev.yaoku.access;

import dev.yaoku.key.Key;

/** Decides what a principal may do. */
public interface Permissions {
  /** Whether the principal may perform the action in this project at all. */
  boolean allows(Principal who, String project, Action action);

  /** Whether the principal may perform the action on this key. */
  boolean allows(Principal who, Action action, Key key);

  /** Whether the principal may learn that this key exists. */
  boolean maySee(Principal who, Key key);
}
