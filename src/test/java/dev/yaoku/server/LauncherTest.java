package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

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
