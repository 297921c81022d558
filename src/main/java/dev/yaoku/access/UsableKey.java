package dev.yaoku.access;

import dev.yaoku.key.Key;

/**
 * A key that its caller may use for one action. Only {@link Caller} makes one, so that code without
 * a permission check does not compile (SECURITY_DESIGN H12).
 */
public final class UsableKey {
  private final Key key;
  private final Action action;

  UsableKey(Key key, Action action) {
    this.key = key;
    this.action = action;
  }

  /** The key that was resolved and for which permission was given. */
  public Key key() {
    return key;
  }

  /** What it may be used for. */
  public Action action() {
    return action;
  }
}
