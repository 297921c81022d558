package dev.yaoku.access.policy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A condition ready to be asked, whichever policies it stands in. */
final class CompiledCondition {
  private static final String ALIAS = "alias/";

  /** So many are compared at once where there is no pattern; those count by themselves. */
  private static final int CHARACTERS_A_STEP = 16;

  private final Condition condition;
  private final boolean negated;
  private final @Nullable Marks marks;

  /** Of several values: whether all must satisfy it, or one is enough. */
  private final boolean ofAll;

  /** Whether it holds where the request has no value. */
  private final boolean ofNothing;

  private final boolean aboutAbsence;
  private final boolean patterns;
  private final ValueTest[] tests;

  /** Compiles a condition. */
  CompiledCondition(Condition condition) {
    this.condition = condition;
    Operator operator = condition.operator();
    Comparison comparison = operator.comparison();
    negated = operator.negated();
    boolean needsAValue =
        !negated && !condition.ifExists() && condition.scope() != Condition.Scope.ALL_VALUES;
    List<Hook> hooks = needsAValue ? Hook.of(comparison, values(condition)) : null;
    marks = hooks == null ? null : Marks.of(hooks);
    ofAll =
        switch (condition.scope()) {
          case ONE -> negated;
          case ANY_VALUE -> false;
          case ALL_VALUES -> true;
        };
    ofNothing = condition.ifExists() || ofAll;
    aboutAbsence = comparison == Comparison.ABSENT;
    patterns = comparison == Comparison.MATCH;
    tests =
        values(condition).stream()
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

  /** What was compiled. */
  Condition condition() {
    return condition;
  }

  /** One of these the request must have for the key; null if it may hold otherwise too. */
  @Nullable Marks marks() {
    return marks;
  }

  /** How much of the heap it takes, in bytes, about. */
  int weight() {
    int bytes = 120;
    for (String value : condition.values()) {
      bytes += 125 + 2 * value.length();
    }
    return bytes;
  }

  /**
   * Whether it holds; says nothing once the work is spent.
   *
   * @param asked what the request has for the key
   */
  boolean holds(AskedValue[] asked, Work work) {
    if (aboutAbsence) {
      return compares(new AskedValue(asked.length == 0 ? "true" : "false"), work);
    }
    if (asked.length == 0) {
      return ofNothing;
    }
    if (asked.length == 1) { // the usual case, whatever the scope
      return compares(asked[0], work) != negated;
    }
    for (AskedValue value : asked) {
      if (compares(value, work) != negated != ofAll) {
        return !ofAll;
      }
    }
    return ofAll;
  }

  private boolean compares(AskedValue asked, Work work) {
    int each = patterns ? 1 : 1 + asked.text().length() / CHARACTERS_A_STEP;
    for (ValueTest test : tests) {
      work.spend(each);
      if (work.isSpent()) {
        return false;
      }
      if (test.passes(asked, work)) {
        return true;
      }
    }
    return false;
  }
}
