package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Permissions;
import dev.yaoku.access.Principal;
import dev.yaoku.key.Key;

/**
 * The permissions of an installation without policies: an administrator may do everything in the
 * account, any other user only what concerns the user itself. That the project belongs to the
 * account is checked before ({@link dev.yaoku.access.Admission#confine}).
 */
public final class AccountPermissions implements Permissions {
  private static final String ABOUT_ONESELF = "iam:";

  @Override
  public boolean allows(Principal who, String project, Action action) {
    return who.administrator() || action.policyName().startsWith(ABOUT_ONESELF);
  }

  @Override
  public boolean allows(Principal who, Action action, Key key) {
    return maySee(who, key);
  }

  @Override
  public boolean maySee(Principal who, Key key) {
    return who.administrator() && key.account().equals(who.account()) && isInScope(who, key);
  }

  /** A token is for one project, also where a key is named by an id and not by a path. */
  private static boolean isInScope(Principal who, Key key) {
    return !who.byToken() || key.project().equals(who.tokenProject());
  }
}
