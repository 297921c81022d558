package dev.yaoku.access.policy;

/**
 * Patterns in which {@code *} stands for any characters and {@code ?} for one. Only the last star
 * is ever tried again, each time one character further on; the usual patterns, without a star or
 * with one at the end, are compared once. Where going back adds up to more than a few times the two
 * lengths, {@link GlobAtOnce} compares instead, so that the work is linear whatever the pattern
 * (SECURITY_DESIGN M18).
 */
final class Glob {
  /** So often both lengths may be walked before it is taken for a hostile pattern. */
  private static final int WALKS_MAX = 4;

  /** What is behind the end of a pattern. */
  private static final int NOTHING = -1;

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
    int patience = WALKS_MAX * (text.length() + to - from);
    int left = patience;
    int at = 0;
    int p = from;
    int star = -1;
    int resume = 0;
    while (at < text.length()) {
      if (left-- == 0) {
        work.spend(patience);
        return GlobAtOnce.matches(pattern.substring(from, to), withoutCase, text, work);
      }
      int wanted = p < to ? pattern.charAt(p) : NOTHING;
      if (wanted == '*') {
        star = p++;
        resume = at;
        if (p == to) {
          break;
        }
      } else if (same(wanted, text.charAt(at), withoutCase)) {
        p++;
        at++;
      } else if (star >= 0) {
        p = star + 1;
        at = ++resume;
      } else {
        break;
      }
    }
    work.spend(patience - left);
    boolean open = p > from && p == to && pattern.charAt(p - 1) == '*';
    return open || (at == text.length() && (p == to || (p == to - 1 && pattern.charAt(p) == '*')));
  }

  private static boolean same(int wanted, char asked, boolean withoutCase) {
    return wanted == asked
        || wanted == '?'
        || (withoutCase && wanted == Character.toLowerCase(asked));
  }
}
