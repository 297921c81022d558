package dev.yaoku.server;

import dev.yaoku.api.Utf8;
import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.secret.Redacted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads secrets from where the configuration says that they are. */
final class SecretReferences {
  private static final String FILE = "file:";
  private static final String ENVIRONMENT = "env:";
  private static final int BYTES_MAX = 1_024;

  private SecretReferences() {}

  /**
   * The secret as text, without blanks and line ends around it; null if the reference is empty.
   *
   * @param setting what the operator calls it
   * @throws StartRefused if it is not there, empty, or in a file that others can read
   */
  static @Nullable Redacted<String> text(Config.SecretReference reference, String setting) {
    return text(reference, setting, System::getenv);
  }

  static @Nullable Redacted<String> text(
      Config.SecretReference reference,
      String setting,
      UnaryOperator<@Nullable String> environment) {
    if (!reference.present()) {
      return null;
    }
    String where = reference.text();
    String found =
        where.startsWith(FILE)
            ? inFile(Path.of(where.substring(FILE.length())), setting)
            : environment.apply(where.substring(ENVIRONMENT.length()));
    if (found == null || found.isBlank()) {
      throw new StartRefused(
          setting + " names " + where + ", and there is nothing. Put the secret there.");
    }
    return new Redacted<>(found.strip());
  }

  /** Nothing is put in place of bytes that are no text: it would be another secret. */
  private static String text(byte[] bytes, String where) {
    if (!Utf8.isValid(bytes)) {
      throw new StartRefused(where + " is not UTF-8 text.");
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String inFile(Path file, String setting) {
    try (var secret = PrivateFiles.read(file, BYTES_MAX)) {
      return secret.lend(bytes -> text(bytes, setting + ": " + file));
    } catch (NoSuchFileException none) {
      throw new StartRefused(setting + ": there is no file " + file + ". Put the secret there.");
    } catch (IOException e) {
      throw new StartRefused(
          setting + ": the file cannot be read: " + e.getMessage() + ". Mend its path and mode.");
    }
  }
}
