package dev.yaoku.access.policy;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the values of a condition compare ({@code authentication.md}, section 7.1; the two of
 * addresses are of the identity policies).
 */
public enum Operator {
  STRING_EQUALS("StringEquals", Comparison.EQUAL, false),
  STRING_NOT_EQUALS("StringNotEquals", Comparison.EQUAL, true),
  STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", Comparison.EQUAL_WITHOUT_CASE, false),
  STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", Comparison.EQUAL_WITHOUT_CASE, true),
  STRING_MATCH("StringMatch", Comparison.MATCH, false),
  STRING_NOT_MATCH("StringNotMatch", Comparison.MATCH, true),
  STRING_START_WITH("StringStartWith", Comparison.START, false),
  STRING_NOT_START_WITH("StringNotStartWith", Comparison.START, true),
  STRING_END_WITH("StringEndWith", Comparison.END, false),
  STRING_NOT_END_WITH("StringNotEndWith", Comparison.END, true),
  NUMBER_EQUALS("NumberEquals", Comparison.NUMBER_SAME, false),
  NUMBER_NOT_EQUALS("NumberNotEquals", Comparison.NUMBER_SAME, true),
  NUMBER_LESS("NumberLessThan", Comparison.NUMBER_LESS, false),
  NUMBER_LESS_EQUALS("NumberLessThanEquals", Comparison.NUMBER_LESS_SAME, false),
  NUMBER_GREATER("NumberGreaterThan", Comparison.NUMBER_GREATER, false),
  NUMBER_GREATER_EQUALS("NumberGreaterThanEquals", Comparison.NUMBER_GREATER_SAME, false),
  DATE_LESS("DateLessThan", Comparison.DATE_LESS, false),
  DATE_LESS_EQUALS("DateLessThanEquals", Comparison.DATE_LESS_SAME, false),
  DATE_GREATER("DateGreaterThan", Comparison.DATE_GREATER, false),
  DATE_GREATER_EQUALS("DateGreaterThanEquals", Comparison.DATE_GREATER_SAME, false),
  BOOL("Bool", Comparison.TRUTH, false),
  IP_ADDRESS("IpAddress", Comparison.ADDRESS, false),
  NOT_IP_ADDRESS("NotIpAddress", Comparison.ADDRESS, true),
  NULL("Null", Comparison.ABSENT, false);

  private final String text;
  private final Comparison comparison;
  private final boolean negated;

  Operator(String text, Comparison comparison, boolean negated) {
    this.text = text;
    this.comparison = comparison;
    this.negated = negated;
  }

  /** The operator as policies write it. */
  public String text() {
    return text;
  }

  /** Whether it holds where no value compares. */
  public boolean negated() {
    return negated;
  }

  Comparison comparison() {
    return comparison;
  }

  /** What there is, for people. */
  static String all() {
    return Arrays.stream(values()).map(Operator::text).collect(Collectors.joining(", "));
  }

  static Optional<Operator> of(String text) {
    return Arrays.stream(values()).filter(one -> one.text.equals(text)).findFirst();
  }
}
