package dev.yaoku.access;

import dev.yaoku.key.Key;

/**
 * A key that its caller may use for one action. Only {@link Caller} makes one, so that code without
 * a permission check does not compile (SECURITY_DESIGN H12).
 */
public final class UsableKey {
  private final Key key;
  private final Action action;
  private final boolean byGrant;

  UsableKey(Key key, Action action, boolean byGrant) {
    this.key = key;
    this.action = action;
    this.byGrant = byGrant;
  }

  /** The key that was resolved and for which permission was given. */
  public Key key() {
    return key;
  }

  /** Whether only a grant gives the permission. */
  public boolean byGrant() {
    return byGrant;
  }

  /** What it may be used for. */
  public Action action() {
    return action;
  }
}
