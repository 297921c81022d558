package dev.yaoku.access.policy;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Compares a pattern with a text without ever going back, by all places in the pattern where one
 * may be: a bit for each, of which 64 are moved at once. A text of n characters takes n steps for
 * each 64 characters of the pattern.
 *
 * @see "R. Baeza-Yates, G. Gonnet, A New Approach to Text Searching, CACM 35 (1992)"
 */
final class GlobAtOnce {
  private final Map<Character, long[]> places = new HashMap<>();

  /** Where the pattern takes any character. */
  private final long[] anywhere;

  /** Behind so many characters of the pattern there is a star. */
  private final long[] stars;

  /** How many characters the pattern has, stars left out. */
  private int length;

  private GlobAtOnce(String pattern, boolean withoutCase, String text) {
    int words = pattern.length() / Long.SIZE + 1;
    anywhere = new long[words];
    stars = new long[words];
    for (int i = 0; i < text.length(); i++) {
      places.computeIfAbsent(heard(text.charAt(i), withoutCase), _ -> new long[words]);
    }
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      long[] mask = c == '*' ? stars : c == '?' ? anywhere : places.get(c);
      if (mask != null) {
        mask[length / Long.SIZE] |= 1L << length;
      }
      length += c == '*' ? 0 : 1;
    }
  }

  private static char heard(char asked, boolean withoutCase) {
    return withoutCase ? Character.toLowerCase(asked) : asked;
  }

  /** Whether the whole of the text matches; what there is no work left for does not. */
  static boolean matches(String pattern, boolean withoutCase, String text, Work work) {
    int words = pattern.length() / Long.SIZE + 1;
    work.spend(pattern.length() + text.length() * words);
    if (work.isSpent()) {
      return false; // nobody asks
    }
    GlobAtOnce glob = new GlobAtOnce(pattern, withoutCase, text);
    long[] reached = new long[words];
    reached[0] = 1;
    for (int i = 0; i < text.length(); i++) {
      glob.step(reached, heard(text.charAt(i), withoutCase));
    }
    return (reached[glob.length / Long.SIZE] >>> glob.length & 1) == 1;
  }

  private void step(long[] reached, char c) {
    long[] named = Objects.requireNonNull(places.get(c));
    long carried = 0;
    for (int i = 0; i < reached.length; i++) {
      long before = reached[i];
      long passed = before & (named[i] | anywhere[i]);
      reached[i] = (passed << 1) | carried | (before & stars[i]);
      carried = passed >>> (Long.SIZE - 1);
    }
  }
}
