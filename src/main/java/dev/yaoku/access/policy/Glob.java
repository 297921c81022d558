package dev.yaoku.access.policy;

/**
 * Patterns in which {@code *} stands for any characters and {@code ?} for one. What stands before
 * the first star and after the last is compared first, and nearly always decides. Between them,
 * short words are looked for one after the other; other patterns go back to the last star, each
 * time one character further on, and where that adds up to more than a few times the two lengths,
 * {@link GlobAtOnce} compares instead (SECURITY_DESIGN M18).
 */
final class Glob {
  /** So often both lengths may be walked before it is taken for a hostile pattern. */
  private static final int WALKS_MAX = 4;

  /** Longer ones could take too long to look for. */
  private static final int WORD_MAX = 16;

  /** So many characters are compared in a step where a word is looked for, about. */
  private static final int CHARACTERS_A_STEP = 32;

  private Glob() {}

  /** The same pattern as {@link #matches} wants it: no star behind another. */
  static String packed(String pattern) {
    return pattern.contains("**") ? pattern.replaceAll("\\*+", "*") : pattern;
  }

  /** Whether a part of a pattern is a star or a question mark. */
  static boolean isWild(String pattern, int from, int to) {
    return pattern.indexOf('*', from, to) >= 0 || pattern.indexOf('?', from, to) >= 0;
  }

  /** Whether a packed pattern matches the whole of a text. */
  static boolean matches(String pattern, String text, Work work) {
    return matches(pattern, 0, pattern.length(), false, text, work);
  }

  /**
   * Whether a part of a packed pattern matches the whole of a text.
   *
   * @param from the part's first character
   * @param to the one behind its last
   * @param withoutCase whether capitals of the text are as good as the small letters that the
   *     pattern then has
   */
  static boolean matches(
      String pattern, int from, int to, boolean withoutCase, String text, Work work) {
    int first = pattern.indexOf('*', from, to);
    if (first < 0) {
      return to - from == text.length() && agree(pattern, from, to, withoutCase, text, 0, work);
    }
    int last = pattern.lastIndexOf('*', to - 1);
    int begin = first - from;
    int end = text.length() - (to - last - 1);
    return begin <= end
        && agree(pattern, from, first, withoutCase, text, 0, work)
        && agree(pattern, last + 1, to, withoutCase, text, end, work)
        && (first == last || isBetween(pattern, first, last, withoutCase, text, begin, end, work));
  }

  /** Whether a part of a pattern without stars is what a text has at a place. */
  private static boolean agree(
      String pattern, int from, int to, boolean withoutCase, String text, int at, Work work) {
    int p = from;
    while (p < to && same(pattern.charAt(p), text.charAt(at + p - from), withoutCase)) {
      p++;
    }
    work.spend(1 + p - from);
    return p == to;
  }

  /** Whether a part of a pattern, from star to star, matches a part of a text. */
  private static boolean isBetween(
      String pattern,
      int first,
      int last,
      boolean withoutCase,
      String text,
      int begin,
      int end,
      Work work) {
    if (withoutCase || pattern.indexOf('?', first, last) >= 0) {
      String between = text.substring(begin, end);
      return goesBack(pattern, first, last + 1, withoutCase, between, work);
    }
    int at = begin;
    for (int star = first; star < last; ) {
      int next = pattern.indexOf('*', star + 1, last + 1);
      String word = pattern.substring(star + 1, next);
      if (word.length() > WORD_MAX) {
        String rest = text.substring(at, end);
        return goesBack(pattern, star, last + 1, false, rest, work);
      }
      work.spend(1 + (end - at) * word.length() / CHARACTERS_A_STEP);
      int found = text.indexOf(word, at, end);
      if (found < 0) {
        return false;
      }
      at = found + word.length();
      star = next;
    }
    return true;
  }

  /** Whether a part of a pattern that begins and ends with a star matches the whole of a text. */
  private static boolean goesBack(
      String pattern, int from, int to, boolean withoutCase, String text, Work work) {
    int patience = WALKS_MAX * (text.length() + to - from);
    int left = patience;
    int at = 0;
    int p = from;
    int star = from;
    int resume = 0;
    while (at < text.length() && p < to - 1) {
      if (left-- == 0) {
        work.spend(patience);
        return GlobAtOnce.matches(pattern.substring(from, to), withoutCase, text, work);
      }
      char wanted = pattern.charAt(p);
      if (wanted == '*') {
        star = p++;
        resume = at;
      } else if (same(wanted, text.charAt(at), withoutCase)) {
        p++;
        at++;
      } else {
        p = star + 1;
        at = ++resume;
      }
    }
    work.spend(patience - left);
    return p == to - 1;
  }

  private static boolean same(char wanted, char asked, boolean withoutCase) {
    return wanted == asked
        || wanted == '?'
        || (withoutCase && wanted == Character.toLowerCase(asked));
  }
}
