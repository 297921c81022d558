package dev.yaoku.access.policy;

import java.util.List;

/**
 * One key of one operator of a statement's conditions.
 *
 * @param scope how a key with several values in the request is compared
 * @param operator how values compare
 * @param ifExists whether a key that the request does not have satisfies it
 * @param key what is compared
 * @param values what with; one of them suffices, and for a negated operator none may compare
 */
public record Condition(
    Scope scope, Operator operator, boolean ifExists, ConditionKey key, List<String> values) {
  /** A condition. */
  public Condition {
    values = List.copyOf(values);
  }

  /** Which of the values that the request has for the key must compare. */
  public enum Scope {
    /** The key's one value; of several, any (for a negated operator: all). */
    ONE(""),
    /** Any; none of no values. */
    ANY_VALUE("ForAnyValue:"),
    /** All; also all of no values. */
    ALL_VALUES("ForAllValues:");

    final String prefix;

    Scope(String prefix) {
      this.prefix = prefix;
    }
  }
}
