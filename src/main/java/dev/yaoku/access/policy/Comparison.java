package dev.yaoku.access.policy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** How one value of a policy compares with one of a request. */
enum Comparison {
  EQUAL,
  EQUAL_WITHOUT_CASE,
  MATCH,
  START,
  END,
  NUMBER_SAME,
  NUMBER_LESS,
  NUMBER_LESS_SAME,
  NUMBER_GREATER,
  NUMBER_GREATER_SAME,
  DATE_LESS,
  DATE_LESS_SAME,
  DATE_GREATER,
  DATE_GREATER_SAME,
  TRUTH,
  ADDRESS,
  ABSENT;

  /** Digits are limited, because an exponent or a long number costs work out of proportion. */
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(\\.\\d{1,9})?");

  /**
   * What tests a request's value; nothing if the policy's value is none of this kind. A value of
   * the request that is of another kind compares with nothing.
   */
  Optional<ValueTest> with(String value) {
    return switch (this) {
      case EQUAL -> Optional.of((asked, _) -> value.equals(asked.text()));
      case EQUAL_WITHOUT_CASE -> Optional.of((asked, _) -> value.equalsIgnoreCase(asked.text()));
      case MATCH -> {
        String pattern = Glob.packed(value);
        yield Optional.of((asked, work) -> Glob.matches(pattern, asked.text(), work));
      }
      case START -> Optional.of((asked, _) -> asked.text().startsWith(value));
      case END -> Optional.of((asked, _) -> asked.text().endsWith(value));
      case NUMBER_SAME -> number(value, order -> order == 0);
      case NUMBER_LESS -> number(value, order -> order < 0);
      case NUMBER_LESS_SAME -> number(value, order -> order <= 0);
      case NUMBER_GREATER -> number(value, order -> order > 0);
      case NUMBER_GREATER_SAME -> number(value, order -> order >= 0);
      case DATE_LESS -> date(value, order -> order < 0);
      case DATE_LESS_SAME -> date(value, order -> order <= 0);
      case DATE_GREATER -> date(value, order -> order > 0);
      case DATE_GREATER_SAME -> date(value, order -> order >= 0);
      case TRUTH, ABSENT -> truth(value);
      case ADDRESS -> AddressRange.parse(value).map(Comparison::in);
    };
  }

  private static Optional<ValueTest> number(String value, IntPredicate wanted) {
    return number(value)
        .map(bound ->
            (asked, _) -> {
              BigDecimal number = asked.number();
              return number != null && wanted.test(number.compareTo(bound));
            });
  }

  static Optional<BigDecimal> number(String text) {
    return NUMBER.matcher(text).matches() ? Optional.of(new BigDecimal(text)) : Optional.empty();
  }

  private static Optional<ValueTest> date(String value, IntPredicate wanted) {
    return time(value)
        .map(bound ->
            (asked, _) -> {
              Instant time = asked.time();
              return time != null && wanted.test(time.compareTo(bound));
            });
  }

  static Optional<Instant> time(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<ValueTest> truth(String value) {
    return value.equalsIgnoreCase("true") || value.equalsIgnoreCase("false")
        ? Optional.of((asked, _) -> value.equalsIgnoreCase(asked.text()))
        : Optional.empty();
  }

  private static ValueTest in(AddressRange range) {
    return (asked, _) -> {
      byte[] address = asked.address();
      return address != null && range.contains(address);
    };
  }
}
