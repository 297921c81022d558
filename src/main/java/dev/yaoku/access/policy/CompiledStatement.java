package dev.yaoku.access.policy;

import dev.yaoku.access.Action;
import dev.yaoku.access.policy.Decision.Outcome;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A statement ready to be asked: its actions are a set, its decision is made already. */
final class CompiledStatement {
  private final Statement statement;
  private final Decision decision;
  private final Set<Action> actions;
  private final CompiledResource[] resources;
  private final int[] conditions;
  private final @Nullable CompiledCondition selective;

  /**
   * Compiles a statement.
   *
   * @param vocabulary numbers its conditions
   */
  CompiledStatement(Policy policy, int index, Vocabulary vocabulary) {
    statement = policy.statements().get(index);
    Outcome outcome = statement.effect() == Effect.DENY ? Outcome.DENIED : Outcome.ALLOWED;
    decision =
        new Decision(
            outcome, new Decision.By(policy.id(), policy.name(), index + 1, statement.sid()));
    actions = actions(statement);
    resources =
        statement.resources().stream().map(CompiledResource::new).toArray(CompiledResource[]::new);
    conditions =
        statement.conditions().stream().mapToInt(vocabulary::numberOf).distinct().toArray();
    selective =
        IntStream.of(conditions)
            .mapToObj(vocabulary::condition)
            .filter(condition -> condition.hooks() != null)
            .findFirst()
            .orElse(null);
  }

  private static Set<Action> actions(Statement statement) {
    List<Glob> named = statement.actions().stream().map(name -> Glob.of(name, true)).toList();
    Set<Action> found = EnumSet.noneOf(Action.class);
    for (Action action : Action.values()) {
      if (isNamed(action, named) != statement.butActions()) {
        found.add(action);
      }
    }
    return found;
  }

  private static boolean isNamed(Action action, List<Glob> patterns) {
    for (String name : ActionNames.of(action)) {
      if (patterns.stream().anyMatch(pattern -> pattern.matches(name))) {
        return true;
      }
    }
    return false;
  }

  boolean denies() {
    return statement.effect() == Effect.DENY;
  }

  boolean isAbout(Action action) {
    return actions.contains(action);
  }

  Decision decision() {
    return decision;
  }

  /** A condition by whose values it can be found; null if it has none. */
  @Nullable CompiledCondition selective() {
    return selective;
  }

  /** Whether it applies to every request with one of its actions. */
  boolean alwaysApplies() {
    return resources.length == 0 && conditions.length == 0;
  }

  /** Whether it applies to a request with one of its actions. */
  boolean applies(Resource resource, Asked asked) {
    if (resources.length > 0 && names(resource) == statement.butResources()) {
      return false;
    }
    for (int condition : conditions) {
      if (!asked.holds(condition)) {
        return false;
      }
    }
    return true;
  }

  private boolean names(Resource resource) {
    for (CompiledResource named : resources) {
      if (named.matches(resource)) {
        return true;
      }
    }
    return false;
  }
}
