package dev.yaoku.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void versionSaysWhichYaokuAndWhichJava() {
    assertThat(run("version")).isZero();
    assertThat(out.toString()).startsWith("yaoku ").contains("java 25");
  }

  @Test
  void helpNamesTheCommands() {
    assertThat(run("help")).isZero();
    assertThat(out.toString()).contains("version");
  }

  @Test
  void anUnknownCommandIsRefusedAndTheUsageShown() {
    assertThat(run("zzyzx")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("zzyzx").contains("Usage: yaoku");
  }

  @ParameterizedTest
  @MethodSource
  void aFailureOfTheWorldIsASentenceWithoutTheNamesOfClasses(Exception failure, String sentence) {
    Fault.print(failure, new PrintWriter(err, true));

    assertThat(err).hasToString("yaoku: " + sentence + System.lineSeparator());
  }

  static Stream<Arguments> aFailureOfTheWorldIsASentenceWithoutTheNamesOfClasses() {
    return Stream.of(
        Arguments.of(new NoSuchFileException("/a"), "there is no file /a"),
        Arguments.of(
            new UncheckedIOException(new AccessDeniedException("/a")),
            "this user has no permission on /a"),
        Arguments.of(new IOException("No space left on device"), "No space left on device"));
  }

  @Test
  void aMistakeOfOurOwnIsPrintedWhole() {
    Fault.print(new IllegalStateException("odd"), new PrintWriter(err, true));

    assertThat(err.toString()).startsWith("yaoku: this is a mistake").contains("odd", "\tat ");
  }

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
