package dev.yaoku.access.policy;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The hooks of a condition, as far as {@link HookIndex} needs them.
 *
 * @param each the mark of each, once
 * @param parts the parts of a value that they are about
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Marks(int[] each, Set<Hook.Part> parts) {
  static Marks of(List<Hook> hooks) {
    Set<Hook.Part> parts = EnumSet.noneOf(Hook.Part.class);
    hooks.forEach(hook -> parts.add(hook.part()));
    return new Marks(hooks.stream().mapToInt(Hook::mark).distinct().toArray(), parts);
  }
}
