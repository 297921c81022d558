package dev.yaoku.access.policy;

import java.util.List;

/**
 * How many hooks may be written down for a set of policies. Each statement's are, once for every
 * list of statements that it is in; usually these are few, but there may be as many as there are
 * actions. Beyond some of them the statements are asked one after the other.
 */
final class HookRoom {
  /** In so many lists may all statements be found by their values. */
  private static final int LISTS = 8;

  private long left;

  HookRoom(List<CompiledStatement> statements) {
    left = (long) LISTS * statements.stream().mapToInt(CompiledStatement::markCount).sum();
  }

  /** Takes room for so many hooks, or says that there is none. */
  boolean take(int hooks) {
    if (hooks > left) {
      return false;
    }
    left -= hooks;
    return true;
  }
}
