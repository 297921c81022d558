package dev.yaoku.access.policy;

import java.util.Locale;

/**
 * A pattern in which {@code *} stands for any characters and {@code ?} for one. Only the last star
 * is ever tried again, each time one character further on, so that the work is at most the product
 * of the two lengths (both limited), whatever the pattern; the usual patterns, without a star or
 * with one at the end, are compared once.
 */
final class Glob {
  private static final Glob ANY = new Glob("*", false);

  private final char[] pattern;
  private final boolean withoutCase;
  private final boolean any;

  /** How long a text must be, at least where there is a star. */
  private final int length;

  private final boolean starred;

  private Glob(String text, boolean withoutCase) {
    this.withoutCase = withoutCase;
    this.pattern = (withoutCase ? text.toLowerCase(Locale.ROOT) : text).toCharArray();
    this.any = text.equals("*");
    int stars = (int) text.chars().filter(c -> c == '*').count();
    this.length = text.length() - stars;
    this.starred = stars > 0;
  }

  static Glob of(String text, boolean withoutCase) {
    String packed = text.replaceAll("\\*+", "*");
    return packed.equals("*") ? ANY : new Glob(packed, withoutCase);
  }

  boolean isAny() {
    return any;
  }

  boolean matches(String text) {
    if (any) {
      return true;
    }
    if (starred ? text.length() < length : text.length() != length) {
      return false;
    }
    int at = 0;
    int p = 0;
    int star = -1;
    int resume = 0;
    while (at < text.length()) {
      if (p < pattern.length && pattern[p] == '*') {
        star = p++;
        resume = at;
        if (p == pattern.length) {
          return true;
        }
      } else if (p < pattern.length && (pattern[p] == '?' || same(pattern[p], text.charAt(at)))) {
        p++;
        at++;
      } else if (star >= 0) {
        p = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    return p == pattern.length || (p == pattern.length - 1 && pattern[p] == '*');
  }

  private boolean same(char wanted, char asked) {
    return wanted == asked || (withoutCase && wanted == Character.toLowerCase(asked));
  }
}
