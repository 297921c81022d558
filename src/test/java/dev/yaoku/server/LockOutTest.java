package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cloud locks access keys that fail; this server does so only where somebody wants it. */
class LockOutTest {
  private static final String LIMIT =
      "Incorrect IAM authentication information: AK access failed to reach the limit,forbidden";

  @TempDir Path folder;
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  private LiveServer server(boolean locks) throws IOException {
    Surroundings machine =
        new Surroundings(
            () -> Instant.now().plus(ahead.get()), System::nanoTime, Randomness.kernel());
    return new LiveServer(
        folder.resolve("data"), Map.of("contract.lock-out", Boolean.toString(locks)), machine);
  }

  private static Temporary key(LiveServer server, String secret) {
    return new Temporary(server, server.known("ak"), secret, null, Instant.MAX);
  }

  private HttpResponse<String> list(Temporary key) {
    String path = "/v1.0/" + key.server().known("project_id") + "/kms/list-keys";
    Instant date = Instant.now().plus(ahead.get());
    return key.send(Signer.PLAIN, true, date, "POST", path, "{}").raw();
  }

  @Test
  void othersFailuresDoNotStopTheOwner() throws IOException {
    try (LiveServer server = server(false)) {
      for (int i = 0; i < 100; i++) {
        assertThat(list(key(server, "wrong")).statusCode()).isEqualTo(401);
      }
      assertThat(list(key(server, server.known("sk"))).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whereLocksAreWantedTheSixthFailureLocksForFiveMinutes() throws IOException {
    try (LiveServer server = server(true)) {
      Temporary right = key(server, server.known("sk"));
      for (int i = 0; i < 5; i++) {
        assertThat(list(key(server, "wrong")).body()).contains("verify aksk signature fail");
      }
      assertThat(list(right).statusCode()).as("five are none too many").isEqualTo(200);

      for (int i = 0; i < 6; i++) {
        assertThat(list(key(server, "wrong")).body()).contains("verify aksk signature fail");
      }
      HttpResponse<String> locked = list(right);
      assertThat(locked.statusCode()).isEqualTo(401);
      assertThat(locked.body()).contains("APIGW.0301").contains(LIMIT);
      ahead.set(Duration.ofMinutes(5).minusSeconds(2));
      assertThat(list(right).statusCode()).isEqualTo(401);
      ahead.set(Duration.ofMinutes(5));
      assertThat(list(right).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void secretsThatAreShownCountWithSignatures() throws IOException {
    try (LiveServer server = server(true)) {
      String wrong = AccessKeyLoginOverHttpTest.body(server.known("ak"), "wrong", "");
      for (int i = 0; i < 6; i++) {
        HttpResponse<String> answer =
            server.send(server.to("/v3/auth/tokens").POST(BodyPublishers.ofString(wrong)));
        assertThat(answer.body()).contains("verify aksk signature fail");
      }
      assertThat(list(key(server, server.known("sk"))).body()).contains(LIMIT);
    }
  }

  @Test
  void aLockDoesNotTellWhichAccessKeysThereAre() throws IOException {
    try (LiveServer server = server(true)) {
      Temporary unknown = new Temporary(server, "YKNOBODY000000000001", "wrong", null, Instant.MAX);
      for (int i = 0; i < 6; i++) {
        assertThat(list(unknown).body()).contains("verify aksk signature fail");
      }
      assertThat(list(unknown).body()).contains(LIMIT);
    }
  }
}
