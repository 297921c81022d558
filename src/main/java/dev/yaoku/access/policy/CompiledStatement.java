package dev.yaoku.access.policy;

import dev.yaoku.access.Action;
import dev.yaoku.access.policy.Decision.Outcome;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A statement ready to be asked: its actions are a set, its decision is made already. */
final class CompiledStatement {
  private final Statement statement;
  private final Decision decision;
  private final Set<Action> actions;
  private final CompiledResource[] resources;
  private final CompiledCondition[] conditions;

  CompiledStatement(Policy policy, int index) {
    statement = policy.statements().get(index);
    Outcome outcome = statement.effect() == Effect.DENY ? Outcome.DENIED : Outcome.ALLOWED;
    decision =
        new Decision(
            outcome, new Decision.By(policy.id(), policy.name(), index + 1, statement.sid()));
    actions = actions(statement);
    resources =
        statement.resources().stream().map(CompiledResource::new).toArray(CompiledResource[]::new);
    conditions =
        statement.conditions().stream()
            .map(CompiledCondition::new)
            .toArray(CompiledCondition[]::new);
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

  /** Whether it applies to a request with one of its actions. */
  boolean applies(Resource resource, Circumstances circumstances) {
    if (resources.length > 0 && names(resource) == statement.butResources()) {
      return false;
    }
    for (CompiledCondition condition : conditions) {
      if (!condition.holds(circumstances)) {
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
