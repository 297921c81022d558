package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps memory from the disk and from others, where Java and systemd read it (M9). */
class LauncherTest {
  private static List<String> lines(String file) throws IOException {
    return Files.readAllLines(Path.of(file)).stream()
        .map(String::strip)
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @Test
  void javaLetsNobodyAttachAndWritesNoHeapToTheDisk() throws IOException {
    List<String> options = lines("src/main/launcher/java.options");

    assertThat(options)
        .contains(
            "-XX:+DisableAttachMechanism",
            "-XX:-UsePerfData",
            "-XX:-HeapDumpOnOutOfMemoryError",
            "-XX:-CreateCoredumpOnCrash");
    assertThat(options)
        .noneMatch(option -> option.matches(".*(jmx|FlightRecorder|jdwp|agentlib|javaagent).*"));
  }

  @Test
  void theLauncherLeavesNoCoreAndKeepsCrashReportsInThePrivateDirectory() throws IOException {
    String launcher = Files.readString(Path.of("yaoku"));

    assertThat(launcher)
        .contains("umask 077")
        .contains("ulimit -c 0")
        .contains("\"@$options\"")
        .contains("\"-XX:ErrorFile=$data/crash/java-%p.log\"")
        .containsPattern("unset[^\n]*JAVA_TOOL_OPTIONS");
  }

  /** It makes directories there before the server reads the file. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "data = \"/a b\"",
        "  data=\"/a\"   # c \"x\"",
        "\tdata\t=\t'/a'",
        "'data' = '/a' # it's",
        "\"data\" = \"/a#b\"\r\n",
        "data = '/a\\b'",
        "data = \"/a\\\"b\\\\c\"",
        "# data = \"/x\"\nroot-key = \"/x\"\ndata = \"/a\"\n[log]\nfile = \"/x\"",
      })
  void theLauncherReadsTheDataDirectoryAsTheServerDoes(String toml, @TempDir Path scratch)
      throws IOException, InterruptedException {
    Path file = Files.writeString(scratch.resolve("yaoku.toml"), toml);

    Path read = ConfigReader.read(file, Map.of(), Map.of()).data();
    assertThat(read).isAbsolute();
    assertThat(dataInFile(file)).isEqualTo(read.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[log]\ndata = \"/x\"", "  [log]\ndata = \"/x\"", "database = \"/x\""})
  void theLauncherTakesNothingElseForTheDataDirectory(String toml, @TempDir Path scratch)
      throws IOException, InterruptedException {
    assertThat(dataInFile(Files.writeString(scratch.resolve("yaoku.toml"), toml))).isEmpty();
  }

  private static String dataInFile(Path file) throws IOException, InterruptedException {
    String function = "eval \"$(sed -n '/^data_in_file() {/,/^}/p' yaoku)\"; data_in_file \"$1\"";
    Process shell =
        new ProcessBuilder("sh", "-c", function, "sh", file.toString())
            .redirectErrorStream(true)
            .start();
    String printed = new String(shell.getInputStream().readAllBytes(), UTF_8).stripTrailing();
    assertThat(shell.waitFor()).as(printed).isZero();
    return printed;
  }

  @Test
  void helpIsThereForWhatTheLauncherDoesItself() throws IOException, InterruptedException {
    Process help = new ProcessBuilder("./yaoku", "help", "test").redirectErrorStream(true).start();

    assertThat(help.inputReader().readLine()).startsWith("Usage: yaoku test");
    assertThat(help.waitFor()).isZero();
  }

  @Test
  void theUnitKeepsMemoryOffTheDiskAndTheRestReadOnly() throws IOException {
    assertThat(lines("docs/systemd/yaoku.service"))
        .contains(
            "LimitCORE=0",
            "MemorySwapMax=0",
            "LimitMEMLOCK=16M",
            "NoNewPrivileges=yes",
            "PrivateTmp=yes",
            "ProtectSystem=strict",
            "UMask=0077");
  }
}
