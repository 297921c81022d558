package dev.yaoku.access;

import java.time.DateTimeException;
import java.time.LocalDate;

/** {@code X-Sdk-Date}: UTC, {@code YYYYMMDD'T'HHMMSS'Z'}, read strictly. */
final class SdkDate {
  private static final String FORM = "ddddddddTddddddZ";

  private SdkDate() {}

  /**
   * Milliseconds since the epoch.
   *
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.BadSignature} if the text
   *     is no such date
   */
  static long toEpochMillis(String text) {
    if (text.length() != FORM.length()) {
      throw Authorization.bad("malformed date");
    }
    for (int i = 0; i < FORM.length(); i++) {
      char c = text.charAt(i);
      if (FORM.charAt(i) == 'd' ? c < '0' || c > '9' : c != FORM.charAt(i)) {
        throw Authorization.bad("malformed date");
      }
    }
    int hour = number(text, 9, 11);
    int minute = number(text, 11, 13);
    int second = number(text, 13, 15);
    if (hour > 23 || minute > 59 || second > 59) {
      throw Authorization.bad("malformed date");
    }
    long day = epochDay(number(text, 0, 4), number(text, 4, 6), number(text, 6, 8));
    return (((day * 24 + hour) * 60 + minute) * 60 + second) * 1000;
  }

  private static long epochDay(int year, int month, int day) {
    try {
      return LocalDate.of(year, month, day).toEpochDay();
    } catch (DateTimeException e) {
      throw Authorization.bad("malformed date");
    }
  }

  private static int number(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + (text.charAt(i) - '0');
    }
    return value;
  }
}
