package dev.yaoku.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
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
      byte[] bytes =
          file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
      members.put(name, new String(bytes, UTF_8).lines().findFirst().orElse(""));
    }
  }
}
