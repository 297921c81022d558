package dev.yaoku.access.policy;

import java.util.List;
import java.util.function.Predicate;

/** A condition ready to be asked. */
final class CompiledCondition {
  private final Condition.Scope scope;
  private final boolean negated;
  private final boolean ifExists;
  private final boolean aboutAbsence;
  private final ConditionKey key;
  private final List<Predicate<String>> tests;

  CompiledCondition(Condition condition) {
    Operator operator = condition.operator();
    scope = condition.scope();
    negated = operator.negated();
    ifExists = condition.ifExists();
    aboutAbsence = operator == Operator.NULL;
    key = condition.key();
    tests =
        condition.values().stream()
            .map(value -> operator.comparison().with(value).orElseThrow(() -> unread(operator)))
            .toList();
  }

  /** A policy that was not read by the reader, whose values nobody checked. */
  private static IllegalArgumentException unread(Operator operator) {
    return new IllegalArgumentException("a value that " + operator.text() + " cannot compare");
  }

  boolean holds(Circumstances circumstances) {
    List<String> asked = circumstances.values(key);
    if (aboutAbsence) {
      return compares(asked.isEmpty() ? "true" : "false");
    }
    if (asked.isEmpty()) {
      return ifExists || holdsOfNothing();
    }
    boolean all =
        switch (scope) {
          case ONE -> negated;
          case ANY_VALUE -> false;
          case ALL_VALUES -> true;
        };
    for (int i = 0; i < asked.size(); i++) {
      if (compares(asked.get(i)) != negated != all) {
        return !all;
      }
    }
    return all;
  }

  private boolean holdsOfNothing() {
    return switch (scope) {
      case ONE -> negated;
      case ANY_VALUE -> false;
      case ALL_VALUES -> true;
    };
  }

  private boolean compares(String asked) {
    for (int i = 0; i < tests.size(); i++) {
      if (tests.get(i).test(asked)) {
        return true;
      }
    }
    return false;
  }
}
