package dev.yaoku.access.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition ready to be asked. */
final class CompiledCondition {
  private static final String ALIAS = "alias/";

  private final boolean negated;
  private final @Nullable List<Hook> hooks;

  /** What it is of several values that all compare alike, or of none. */
  private final boolean ofAll;

  private final boolean ofNothing;
  private final boolean aboutAbsence;
  private final int key;
  private final ValueTest[] tests;

  /**
   * Compiles a condition.
   *
   * @param key the number of its key
   */
  CompiledCondition(Condition condition, int key) {
    Operator operator = condition.operator();
    Comparison comparison = operator.comparison();
    negated = operator.negated();
    boolean needsAValue =
        !negated && !condition.ifExists() && condition.scope() != Condition.Scope.ALL_VALUES;
    List<String> values = values(condition);
    hooks = needsAValue ? Hook.of(comparison, values) : null;
    ofAll =
        switch (condition.scope()) {
          case ONE -> negated;
          case ANY_VALUE -> false;
          case ALL_VALUES -> true;
        };
    ofNothing = condition.ifExists() || ofAll;
    aboutAbsence = comparison == Comparison.ABSENT;
    this.key = key;
    tests =
        values.stream()
            .map(value -> comparison.with(value).orElseThrow(() -> unread(operator)))
            .toArray(ValueTest[]::new);
  }

  /** What is compared: an alias by its name, as policies may write it like the API, too. */
  private static List<String> values(Condition condition) {
    return condition.key().kind().isAlias()
        ? condition.values().stream().map(CompiledCondition::aliasName).toList()
        : condition.values();
  }

  private static String aliasName(String text) {
    return text.startsWith(ALIAS) ? text.substring(ALIAS.length()) : text;
  }

  /** A policy that was not read by the reader, whose values nobody checked. */
  private static IllegalArgumentException unread(Operator operator) {
    return new IllegalArgumentException("a value that " + operator.text() + " cannot compare");
  }

  /** The number of its key. */
  int key() {
    return key;
  }

  /** One of these the request must have for the key; null if it may hold otherwise too. */
  @Nullable List<Hook> hooks() {
    return hooks;
  }

  boolean holds(Asked request) {
    AskedValue[] asked = request.values(key);
    if (aboutAbsence) {
      return compares(new AskedValue(asked.length == 0 ? "true" : "false"));
    }
    if (asked.length == 0) {
      return ofNothing;
    }
    if (asked.length == 1) { // the usual case, whatever the scope
      return compares(asked[0]) != negated;
    }
    for (AskedValue value : asked) {
      if (compares(value) != negated != ofAll) {
        return !ofAll;
      }
    }
    return ofAll;
  }

  private boolean compares(AskedValue asked) {
    for (ValueTest test : tests) {
      if (test.passes(asked)) {
        return true;
      }
    }
    return false;
  }
}
