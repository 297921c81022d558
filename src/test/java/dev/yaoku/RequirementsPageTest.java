package dev.yaoku;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page of security requirements names what there is, and all that comments cite. */
class RequirementsPageTest {
  private static final Path PAGE = Path.of("docs", "security-requirements.md");
  private static final Path SOURCES = Path.of("src");
  private static final Pattern CLASS = Pattern.compile("`((?:[a-z]+\\.)+[A-Z]\\w*)`");
  private static final Pattern ROW = Pattern.compile("(?m)^\\| ([CHML]\\d+) \\|");
  private static final Pattern CITATION =
      Pattern.compile("SECURITY_DESIGN((?:[\\s*,]+(?:and )?[CHML]\\d+)+)");
  private static final Pattern ID = Pattern.compile("[CHML]\\d+");

  @Test
  void eachClassThatThePageNamesIsThere() throws IOException {
    List<String> named = found(CLASS, Files.readString(PAGE)).toList();

    assertThat(named).hasSizeGreaterThan(100);
    assertThat(named).filteredOn(name -> !isThere(name)).isEmpty();
  }

  private static boolean isThere(String name) {
    String file = "java/dev/yaoku/" + name.replace('.', '/') + ".java";
    return Stream.of("main", "test").anyMatch(p -> Files.exists(SOURCES.resolve(p).resolve(file)));
  }

  @Test
  void eachRequirementThatACommentCitesIsARowOfThePage() throws IOException {
    Set<String> rows = new TreeSet<>(found(ROW, Files.readString(PAGE)).toList());
    Set<String> cited = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        found(CITATION, Files.readString(file))
            .flatMap(ids -> ID.matcher(ids).results().map(MatchResult::group))
            .forEach(cited::add);
      }
    }

    assertThat(cited).hasSizeGreaterThan(30);
    assertThat(rows).containsAll(cited);
  }

  private static Stream<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(result -> result.group(1));
  }
}
