package dev.yaoku.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the programs in other languages, which CI runs against a server, call an operation through
 * their official SDK.
 */
final class Programs {
  private static final Path FOLDER = Path.of("conformance");

  private Programs() {}

  /** As {@code Python `data.py re_encryption`, Go `data.go moving`}; empty if none calls it. */
  static String calling(String operation) {
    String snake = operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
    return Stream.of(
            place("Python", "python", ".py", "\"" + snake + "\"", "(?m)^def (\\w+)\\("),
            place("Go", "go", ".go", "\"" + operation + "\"", "(?m)^func (\\w+)\\("))
        .flatMap(Optional::stream)
        .collect(java.util.stream.Collectors.joining(", "));
  }

  private static Optional<String> place(
      String language, String folder, String suffix, String call, String function) {
    for (Path file : files(folder, suffix)) {
      String text = read(file);
      int at = text.indexOf(call);
      if (at >= 0) {
        Matcher named = Pattern.compile(function).matcher(text.substring(0, at));
        String name = "";
        while (named.find()) {
          name = named.group(1);
        }
        return Optional.of(language + " `" + file.getFileName() + " " + name + "`");
      }
    }
    return Optional.empty();
  }

  private static List<Path> files(String folder, String suffix) {
    try (Stream<Path> files = Files.list(FOLDER.resolve(folder))) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
