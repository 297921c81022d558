package dev.yaoku.access.policy;

import dev.yaoku.access.Action;
import dev.yaoku.access.policy.Decision.Outcome;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a statement is whichever policies it stands beside: its actions are a set, its decision is
 * made already.
 *
 * @param decision what is said where it applies
 * @param denies whether that is a denial
 * @param actions what it is about
 * @param resources patterns; none for all resources
 * @param butResources whether it is about all resources but those
 * @param conditions all must hold
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record StatementParts(
    Decision decision,
    boolean denies,
    Set<Action> actions,
    CompiledResource[] resources,
    boolean butResources,
    CompiledCondition[] conditions) {
  /** With the set of actions, the decision, and what sets of policies keep of it. */
  private static final int OWN_BYTES = 320;

  private static final Map<Action, String[]> NAMES = names();

  private static Map<Action, String[]> names() {
    Map<Action, String[]> names = new EnumMap<>(Action.class);
    for (Action action : Action.values()) {
      names.put(action, ActionNames.of(action));
    }
    return names;
  }

  /**
   * Compiles a statement.
   *
   * @param index which, from 0
   */
  static StatementParts of(Policy policy, int index) {
    Statement statement = policy.statements().get(index);
    boolean denies = statement.effect() == Effect.DENY;
    Decision.By by = new Decision.By(policy.id(), policy.name(), index + 1, statement.sid());
    return new StatementParts(
        new Decision(denies ? Outcome.DENIED : Outcome.ALLOWED, by),
        denies,
        actions(statement),
        statement.resources().stream().map(CompiledResource::new).toArray(CompiledResource[]::new),
        statement.butResources(),
        statement.conditions().stream()
            .map(CompiledCondition::new)
            .toArray(CompiledCondition[]::new));
  }

  private static Set<Action> actions(Statement statement) {
    List<String> named =
        statement.actions().stream()
            .map(name -> Glob.packed(name.toLowerCase(Locale.ROOT)))
            .toList();
    Set<Action> found = EnumSet.noneOf(Action.class);
    NAMES.forEach((action, names) -> {
      if (isNamed(names, named) != statement.butActions()) {
        found.add(action);
      }
    });
    return found;
  }

  private static boolean isNamed(String[] names, List<String> patterns) {
    Work work = Work.unlimited();
    for (String name : names) {
      if (patterns.stream().anyMatch(pattern -> Glob.matches(pattern, name, work))) {
        return true;
      }
    }
    return false;
  }

  int weight() {
    int bytes = OWN_BYTES;
    for (CompiledResource resource : resources) {
      bytes += resource.weight();
    }
    for (CompiledCondition condition : conditions) {
      bytes += condition.weight();
    }
    return bytes;
  }
}
