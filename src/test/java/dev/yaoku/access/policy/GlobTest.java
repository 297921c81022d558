package dev.yaoku.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wildcards mean what they say, at the price of a few walks over both texts (M18). */
class GlobTest {
  private static final int CASES = 100_000;

  private final long seed = Long.getLong("glob.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* | '' | true",
        "'' | '' | true",
        "'' | a | false",
        "? | '' | false",
        "? | * | true",
        "a | A | false",
        "a* | a | true",
        "*a | ba | true",
        "*a*b* | xxaxxbxx | true",
        "*a?c* | abbacc | true",
        "*ab*ab | ab | false",
        "a*a | a | false",
        "***a** | bab | true",
      })
  void aStarIsAnyTextAndAQuestionMarkOneCharacter(String pattern, String text, boolean matches) {
    assertThat(Glob.matches(Glob.packed(pattern), text, new Work())).isEqualTo(matches);
  }

  /** The usual way, the one for patterns that go back often, and a search of everything agree. */
  @Test
  void bothWaysMatchWhatASearchOfEverythingMatches() {
    for (int i = 0; i < CASES; i++) {
      String pattern = Glob.packed(some("aab?*", i % 5 == 0 ? 90 : 12));
      String text = some("aaabA", i % 5 == 0 ? 150 : 15);
      boolean withoutCase = random.nextBoolean();
      String about = "-Dglob.seed=" + seed + " " + pattern + " " + text + " " + withoutCase;
      String heard = withoutCase ? text.toLowerCase(Locale.ROOT) : text;
      boolean expected = i % 5 == 0 ? searched(pattern, heard) : like(pattern, heard);
      int to = pattern.length() + 1;
      assertThat(Glob.matches("*" + pattern + "*", 1, to, withoutCase, text, Work.unlimited()))
          .as(about)
          .isEqualTo(expected);
      assertThat(GlobAtOnce.matches(pattern, withoutCase, text, Work.unlimited()))
          .as(about)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"87, 256", "87, 15000", "1000, 255", "1000, 1000", "40, 60000"})
  void noPatternTakesMoreThanAFewWalks(int pattern, int text) {
    for (String hostile :
        new String[] {
          "*" + "a".repeat(pattern) + "b*",
          "*a".repeat(pattern / 2) + "*b",
          "*" + "a?".repeat(pattern / 2) + "b*",
          "*" + "?".repeat(pattern) + "b",
          "*" + "a".repeat(pattern / 2) + "b" + "a".repeat(pattern / 2) + "*",
        }) {
      Work work = Work.unlimited();
      assertThat(Glob.matches(hostile, "a".repeat(text), work)).isFalse();
      int both = hostile.length() + text;
      int words = hostile.length() / Long.SIZE + 1;
      assertThat(work.steps()).as(hostile).isLessThanOrEqualTo(5 * both + words * text);
    }
  }

  private String some(String of, int max) {
    StringBuilder made = new StringBuilder();
    for (int i = random.nextInt(max); i > 0; i--) {
      made.append(of.charAt(random.nextInt(of.length())));
    }
    return made.toString();
  }

  private static boolean like(String pattern, String text) {
    String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
    return text.matches(regex);
  }

  /** By which beginnings of the pattern match which beginnings of the text. */
  private static boolean searched(String pattern, String text) {
    boolean[][] match = new boolean[pattern.length() + 1][text.length() + 1];
    match[0][0] = true;
    for (int p = 1; p <= pattern.length(); p++) {
      char wanted = pattern.charAt(p - 1);
      for (int t = 0; t <= text.length(); t++) {
        boolean one = t > 0 && (wanted == '?' || wanted == text.charAt(t - 1));
        match[p][t] =
            wanted == '*'
                ? match[p - 1][t] || (t > 0 && match[p][t - 1])
                : one && match[p - 1][t - 1];
      }
    }
    return match[pattern.length()][text.length()];
  }
}
