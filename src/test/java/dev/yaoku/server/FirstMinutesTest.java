package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the README has people type in their first minutes works as it stands there. Its lines for
 * Java are those of the tests that call this server through the SDK.
 */
class FirstMinutesTest {
  private static final Pattern TYPED = Pattern.compile("(?s)\n```sh\n(.*?\n)```\n");
  private static final Pattern CIPHERTEXT = Pattern.compile("\"cipher_text\":\"([^\"]+)\"");

  @TempDir Path scratch;

  @Test
  void theCommandsOfTheReadmeMakeAKeyAndEncryptWithIt() throws Exception {
    if (System.getenv("CI") == null) {
      assumeTrue(thereIsCurl(), "curl is not installed, so the README's commands are not tried");
    }
    String typed = typed();
    try (LiveServer server = new LiveServer(scratch.resolve("yaoku-data"), Map.of())) {
      String said = run(typed);
      assertThat(said)
          .contains("\"key_info\":")
          .contains("\"keys\":")
          .contains("\"alias\":\"alias/first\"")
          .doesNotContain("error");
      assertThat(opened(server, said)).isEqualTo("hello");

      assertThat(run(typed)).as("names are taken once").contains("error_code");
      assertThat(run(typed.replace("first", "second"))).doesNotContain("error");
    }
  }

  private static String typed() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    List<String> blocks = TYPED.matcher(readme).results().map(found -> found.group(1)).toList();
    assertThat(blocks).hasSize(1);
    return blocks.getFirst();
  }

  private static boolean thereIsCurl() throws IOException, InterruptedException {
    return new ProcessBuilder("sh", "-c", "command -v curl").start().waitFor() == 0;
  }

  /** What a shell prints that has the server's data in its directory. */
  private String run(String commands) throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("sh", "-c", commands);
    shell.directory(scratch.toFile()).redirectErrorStream(true);
    shell.environment().put("no_proxy", "*");
    Process running = shell.start();
    String printed = new String(running.getInputStream().readAllBytes(), UTF_8);
    assertThat(running.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(running.exitValue()).as(printed).isZero();
    return printed;
  }

  private static String opened(LiveServer server, String said) {
    String blob =
        CIPHERTEXT.matcher(said).results().map(found -> found.group(1)).findFirst().orElseThrow();
    return server.kms("decrypt-data", "{'cipher_text':'" + blob + "'}", "/plain_text");
  }
}
