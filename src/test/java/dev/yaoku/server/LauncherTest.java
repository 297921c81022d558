package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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

  /**
   * What a function of the launcher prints.
   *
   * @param names it, and those that it calls, as a regular expression
   */
  private static String function(
      String names, String call, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    String read = "eval \"$(sed -nE '/^(%s)\\(\\) \\{/,/^}/p' yaoku)\"; ".formatted(names);
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

  /** A tree of sources that was built. */
  private static Path built(Path home) throws IOException, InterruptedException {
    for (String file : List.of("pom.xml", ".mvn/jvm.config", "src/main/A.java", "yaoku")) {
      Path source = home.resolve(file);
      Files.createDirectories(source.getParent());
      Files.writeString(source, "first of " + file);
    }
    Files.createDirectories(home.resolve("target/installation"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"25\"\n");
    assertThat(ofTheBuild(home, "fingerprint >\"$installation/built-with\"")).isEmpty();
    return home;
  }

  private static String ofTheBuild(Path home, String call)
      throws IOException, InterruptedException {
    String where = "set -eu; home=$1 installation=$1/target/installation JAVA_HOME=$2; ";
    return function(
        "is_fresh|fingerprint|sources", where + call, Map.of(), home.toString(), home.toString());
  }

  private static boolean isFresh(Path home) throws IOException, InterruptedException {
    return ofTheBuild(home, "if is_fresh; then echo fresh; fi").equals("fresh");
  }

  /** An archive and rsync keep times, which are older than the build. */
  @Test
  void sourcesThatAreOlderThanTheBuildAreBuiltToo(@TempDir Path scratch)
      throws IOException, InterruptedException {
    Path home = built(scratch.resolve("a home"));
    assertThat(isFresh(home)).isTrue();
    FileTime longAgo = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));

    Path source = home.resolve("src/main/A.java");
    Files.writeString(source, "other of src/main/A.java");
    Files.setLastModifiedTime(source, longAgo);
    assertThat(isFresh(home)).as("of another version, as long as before").isFalse();

    Files.writeString(source, "first of src/main/A.java");
    Files.setLastModifiedTime(source, longAgo);
    assertThat(isFresh(home)).as("as it was").isTrue();

    Files.move(source, home.resolve("src/main/B.java"));
    Files.setLastModifiedTime(home.resolve("src/main"), longAgo);
    assertThat(isFresh(home)).as("under another name").isFalse();
  }

  @Test
  void sourcesThatAreNewerThanTheBuildAreBuilt(@TempDir Path scratch)
      throws IOException, InterruptedException {
    Path home = built(scratch.resolve("home"));
    FileTime later = FileTime.from(Instant.parse("2200-01-01T00:00:00Z"));
    Files.setLastModifiedTime(home.resolve("pom.xml"), later);
    assertThat(isFresh(home)).isFalse();
  }

  /** In an image its files may have other times, and a tree may be moved. */
  @Test
  void aBuildIsThatOfItsSourcesWhereverTheyAre(@TempDir Path scratch)
      throws IOException, InterruptedException {
    Path home = built(scratch.resolve("home"));
    Files.setLastModifiedTime(
        home.resolve("src/main/A.java"), FileTime.from(Instant.parse("1970-01-01T00:00:00Z")));
    String java = home.toString();
    Path moved = Files.move(home, scratch.resolve("elsewhere"));
    String call = "JAVA_HOME=" + java + "; mkdir $JAVA_HOME; cp $1/release $JAVA_HOME/; is_fresh";
    assertThat(ofTheBuild(moved, call)).isEmpty();
  }

  /** Scripts of others read it there. */
  @Test
  void theJdkOfTheBuildIsTheLastLine(@TempDir Path scratch)
      throws IOException, InterruptedException {
    Path home = built(scratch.resolve("home"));
    assertThat(Files.readAllLines(home.resolve("target/installation/built-with")))
        .hasSize(3)
        .endsWith(home.toString());
  }

  private static boolean isPrivate(Path data) throws IOException, InterruptedException {
    String call = "data=$1; if is_private; then echo private; fi";
    return function("is_private", call, Map.of(), data.toString()).equals("private");
  }

  /** Below a directory that hands its group on, a directory has that bit, too. */
  @Test
  void aDirectoryIsPrivateIfOthersMayNotEnterIt(@TempDir Path scratch)
      throws IOException, InterruptedException {
    for (String mode : List.of("700", "2700")) {
      assertThat(isPrivate(directory(scratch, mode))).as(mode).isTrue();
    }
    for (String mode : List.of("750", "701", "2770", "500")) {
      assertThat(isPrivate(directory(scratch, mode))).as(mode).isFalse();
    }
    assertThat(isPrivate(scratch.resolve("nowhere"))).isFalse();
  }

  private static Path directory(Path parent, String mode) throws IOException, InterruptedException {
    Path made = Files.createDirectory(parent.resolve(mode));
    assertThat(new ProcessBuilder("chmod", mode, made.toString()).start().waitFor()).isZero();
    return made;
  }

  /** It handles keys, too. */
  @Test
  void whatNeedsTheServersFilesLeavesAsLittleBehindAsTheServer(@TempDir Path scratch)
      throws IOException, InterruptedException {
    Path data = directory(scratch, "700");
    String admin =
        "umask 022; jar=j; run_java() { umask; ulimit -c; printf '%s\\n' \"$*\"; }; "
            + "admin admin recover --data \"$1\"";
    String said = "admin|data_directory|data_in_file|is_private";
    String end = "-jar j admin recover --data " + data;

    assertThat(function(said, admin, Map.of(), data.toString()).lines())
        .containsExactly("0077", "0", end);
    Files.createDirectory(data.resolve("crash"));
    assertThat(function(said, admin, Map.of(), data.toString()).lines())
        .containsExactly("0077", "0", "-XX:ErrorFile=" + data + "/crash/java-%p.log " + end);
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
