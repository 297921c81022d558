package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.access.MirroredSignature;
import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Where replays of changes are refused, a signed request changes something once, however its
 * signature is written (SECURITY_DESIGN M4).
 */
class ReplayedSignaturesTest {
  @TempDir static Path folder;
  private static LiveServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of("auth.replay", "refuse-changes"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String path(LiveServer server) {
    return "/v1.0/" + server.known("project_id") + "/kms/create-key";
  }

  /** A change that is signed, and can be sent again. */
  private record Signed(String body, Map<String, String> headers) {
    static Signed by(Signer signer) {
      return by(signer, server);
    }

    static Signed by(Signer signer, LiveServer server) {
      // Equal requests of one second share a signature, so that each has a name of its own.
      String body = "{\"key_alias\":\"" + Staff.name("once") + "\"}";
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.putAll(
          signer.headers(
              "POST",
              "127.0.0.1:" + server.yaoku.port(),
              path(server),
              body,
              Instant.now(),
              server.known("ak"),
              server.known("sk"),
              Map.of()));
      return new Signed(body, headers);
    }

    int sent() throws IOException {
      return sentTo(server);
    }

    /** As it was signed, whichever server that named. */
    int sentTo(LiveServer any) throws IOException {
      StringBuilder head = new StringBuilder("POST " + path(any) + " HTTP/1.1\r\n");
      headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      head.append("Content-Length: ").append(body.length()).append("\r\n\r\n");
      try (RawClient client = new RawClient(any.yaoku.port())) {
        return Integer.parseInt(client.send(head + body).readAnswer().split(" ", 3)[1]);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignedChangeIsMadeOnce(Signer signer) throws IOException {
    Signed change = Signed.by(signer);

    assertThat(change.sent()).isEqualTo(200);
    assertThat(change.sent()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource(names = {"ECDSA", "SM2"})
  void theMirrorImageOfASignatureMakesNoSecondChange(Signer signer) throws IOException {
    Signed change = Signed.by(signer);
    assertThat(change.sent()).isEqualTo(200);

    change
        .headers()
        .compute("authorization", (_, said) -> MirroredSignature.in(signer.name(), said));

    assertThat(change.sent()).isEqualTo(401);
  }

  /** What one of them remembers, the other asks the database for. */
  @Test
  void aSignedChangeIsMadeOnceByAllServersOfADatabase() throws Exception {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    try (PostgresSetup database = new PostgresSetup()) {
      Map<String, String> settings = new HashMap<>(database.settings());
      settings.put("auth.replay", "refuse-changes");
      try (LiveServer one = new LiveServer(folder.resolve("one"), settings);
          LiveServer other = LiveServer.beside(folder.resolve("one"), settings)) {
        Signed change = Signed.by(Signer.PLAIN, one);
        assertThat(change.sentTo(one)).isEqualTo(200);
        assertThat(change.sentTo(other)).isEqualTo(401);

        Signed meantForOne = Signed.by(Signer.PLAIN, one);
        assertThat(meantForOne.sentTo(other)).isEqualTo(200);
        assertThat(meantForOne.sentTo(one)).isEqualTo(401);
      }
    }
  }
}
