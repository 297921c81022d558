package dev.yaoku.access.policy;

import dev.yaoku.access.Action;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A statement ready to be asked among others, whose conditions are numbered. */
final class CompiledStatement {
  private final Decision decision;
  private final boolean denies;
  private final Set<Action> actions;
  private final CompiledResource[] resources;
  private final boolean butResources;
  private final int[] conditions;
  private final @Nullable Marks marks;
  private final int selectiveKey;

  /**
   * Puts a statement among others.
   *
   * @param numbering numbers its conditions
   */
  CompiledStatement(StatementParts parts, Vocabulary.Numbering numbering) {
    decision = parts.decision();
    denies = parts.denies();
    actions = parts.actions();
    resources = parts.resources();
    butResources = parts.butResources();
    conditions = Stream.of(parts.conditions()).mapToInt(numbering::numberOf).distinct().toArray();
    CompiledCondition selective =
        Stream.of(parts.conditions())
            .filter(condition -> condition.marks() != null)
            .findFirst()
            .orElse(null);
    marks = selective == null ? null : selective.marks();
    selectiveKey = selective == null ? -1 : numbering.numberOf(selective.condition().key());
  }

  boolean denies() {
    return denies;
  }

  boolean isAbout(Action action) {
    return actions.contains(action);
  }

  Decision decision() {
    return decision;
  }

  /** By which values it can be found; null if it cannot. */
  @Nullable Marks marks() {
    return marks;
  }

  /** The number of the key that has these values; negative if there are none. */
  int selectiveKey() {
    return selectiveKey;
  }

  /** How many marks it has. */
  int markCount() {
    return marks == null ? 0 : marks.each().length;
  }

  /** Whether it applies to every request with one of its actions. */
  boolean alwaysApplies() {
    return resources.length == 0 && conditions.length == 0;
  }

  /** Whether it applies to a request with one of its actions; nothing once the work is spent. */
  boolean applies(Resource resource, Asked asked) {
    if (resources.length > 0 && names(resource, asked.work()) == butResources) {
      return false;
    }
    for (int condition : conditions) {
      if (!asked.holds(condition)) {
        return false;
      }
    }
    return true;
  }

  private boolean names(Resource resource, Work work) {
    for (CompiledResource named : resources) {
      if (work.isSpent()) {
        return false;
      }
      if (named.matches(resource, work)) {
        return true;
      }
    }
    return false;
  }
}
