package dev.yaoku.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.yaoku.server.AdminCommand;
import dev.yaoku.server.ServeCommand;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What the pages tell people to type is a command, with all its options and arguments. */
class DocumentedCommandsTest {
  /** In a checkout, in an installation, and by the function that the page on installing defines. */
  private static final Pattern TYPED =
      Pattern.compile("(?:\\./|/opt/yaoku/|\n {4})yaoku ([a-z][^`\n|<>#;&)']*)");

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");
  private static final Set<String> OF_THE_LAUNCHER = Set.of("test", "bench", "help");

  private static CommandLine commands() {
    return Main.commandLine()
        .addSubcommand(new CommandLine(new ServeCommand()))
        .addSubcommand(new CommandLine(new AdminCommand()));
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("SECURITY.md")));
    try (DirectoryStream<Path> more = Files.newDirectoryStream(Path.of("docs"), "*.md")) {
      more.forEach(pages::add);
    }
    return pages;
  }

  private static List<List<String>> typedIn(Path page) throws IOException {
    String text = Files.readString(page).replace("\\\n", " ");
    return TYPED
        .matcher(text)
        .results()
        .map(typed -> words(typed.group(1)))
        .filter(words -> !OF_THE_LAUNCHER.contains(words.getFirst()))
        .toList();
  }

  private static List<String> words(String typed) {
    Matcher word = WORD.matcher(typed);
    return word.results().map(w -> w.group(1) == null ? w.group(2) : w.group(1)).toList();
  }

  @Test
  void whatThePagesTellPeopleToTypeIsACommand() throws IOException {
    List<List<String>> all = new ArrayList<>();
    for (Path page : pages()) {
      all.addAll(typedIn(page));
    }
    assertThat(all).hasSizeGreaterThan(80);
    for (List<String> words : all) {
      assertThatCode(() -> commands().parseArgs(words.toArray(String[]::new)))
          .as("./yaoku " + String.join(" ", words))
          .doesNotThrowAnyException();
    }
  }
}
