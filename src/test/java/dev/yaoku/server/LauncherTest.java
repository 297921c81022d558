package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    return function("data_in_file", "data_in_file \"$1\"", Map.of(), file.toString());
  }

  /** What a function of the launcher prints. */
  private static String function(
      String name, String call, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    String read = "eval \"$(sed -n '/^%s() {/,/^}/p' yaoku)\"; ".formatted(name);
    List<String> words = new ArrayList<>(List.of("sh", "-c", read + call, "sh"));
    words.addAll(List.of(arguments));
    ProcessBuilder shell = new ProcessBuilder(words).redirectErrorStream(true);
    shell.environment().keySet().removeAll(List.of("LC_ALL", "LC_CTYPE", "LANG"));
    shell.environment().putAll(environment);
    Process running = shell.start();
    String printed = new String(running.getInputStream().readAllBytes(), UTF_8).stripTrailing();
    assertThat(running.waitFor()).as(printed).isZero();
    return printed;
  }

  /** A service has none, and its data may be anywhere. */
  @Test
  void withoutALocaleTheNamesOfFilesAreUtf8() throws IOException, InterruptedException {
    assertThat(localeWith(Map.of())).isEqualTo("C.UTF-8");
    assertThat(localeWith(Map.of("LANG", "C"))).isEqualTo("C.UTF-8");
    assertThat(localeWith(Map.of("LANG", "zh_CN.UTF-8", "LC_ALL", "POSIX"))).isEqualTo("C.UTF-8");
    assertThat(localeWith(Map.of("LANG", "zh_CN.GB18030"))).isEmpty();
    assertThat(localeWith(Map.of("LC_ALL", "de_DE.UTF-8", "LANG", "C"))).isEqualTo("de_DE.UTF-8");
  }

  private static String localeWith(Map<String, String> environment)
      throws IOException, InterruptedException {
    String call = "name_files_in_utf8; printf %s \"${LC_ALL:-}\"";
    return function("name_files_in_utf8", call, environment);
  }

  @Test
  void helpIsThereForWhatTheLauncherDoesItself() throws IOException, InterruptedException {
    Process help = new ProcessBuilder("./yaoku", "help", "test").redirectErrorStream(true).start();

    assertThat(help.inputReader().readLine()).startsWith("Usage: yaoku test");
    assertThat(help.waitFor()).isZero();
  }

  @Test
  void theUnitStartsTheServerAgainHoweverOftenItEnds() throws IOException {
    List<String> unit = lines("docs/systemd/yaoku.service");
    assertThat(unit.subList(unit.indexOf("[Unit]"), unit.indexOf("[Service]")))
        .contains("StartLimitIntervalSec=0");
    assertThat(unit.subList(unit.indexOf("[Service]"), unit.indexOf("[Install]")))
        .contains("Restart=on-failure", "RestartSec=2");
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
