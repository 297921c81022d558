package dev.yaoku.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
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

  private int run(String... args) {
    return Main.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
