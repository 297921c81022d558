package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.MirroredSignature;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

  private static String path() {
    return "/v1.0/" + server.known("project_id") + "/kms/create-key";
  }

  /** A change that is signed, and can be sent again. */
  private record Signed(String body, Map<String, String> headers) {
    static Signed by(Signer signer) {
      // Equal requests of one second share a signature, so that each has a name of its own.
      String body = "{\"key_alias\":\"" + Staff.name("once") + "\"}";
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      headers.putAll(
          signer.headers(
              "POST",
              "127.0.0.1:" + server.yaoku.port(),
              path(),
              body,
              Instant.now(),
              server.known("ak"),
              server.known("sk"),
              Map.of()));
      headers.remove("host"); // the JDK's client writes this one itself
      return new Signed(body, headers);
    }

    int sent() {
      HttpRequest.Builder request =
          server.to(path()).POST(HttpRequest.BodyPublishers.ofString(body));
      headers.forEach(request::setHeader);
      return server.send(request).statusCode();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignedChangeIsMadeOnce(Signer signer) {
    Signed change = Signed.by(signer);

    assertThat(change.sent()).isEqualTo(200);
    assertThat(change.sent()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource(names = {"ECDSA", "SM2"})
  void theMirrorImageOfASignatureMakesNoSecondChange(Signer signer) {
    Signed change = Signed.by(signer);
    assertThat(change.sent()).isEqualTo(200);

    change
        .headers()
        .compute("authorization", (_, said) -> MirroredSignature.in(signer.name(), said));

    assertThat(change.sent()).isEqualTo(401);
  }
}
