package dev.yaoku.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes secrets from files, never from the command line, which every program here can read. */
final class Secrets {
  private Secrets() {}

  /** Puts the file's first line, if there is a file; {@code -} is standard input. */
  static void put(Map<String, Object> members, String name, @Nullable Path file)
      throws IOException {
    if (file != null) {
      String text =
          file.toString().equals("-") ? TextFile.readStandardInput() : TextFile.read(file);
      members.put(name, text.lines().findFirst().orElse(""));
    }
  }
}
