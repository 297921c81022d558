package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Oaep;
import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What ends by time ends on time: while the server runs, while it is down, and when the clock of a
 * {@code --dev} server is moved.
 */
class TimePassesTest {
  @TempDir Path scratch;

  /** How far the machine's clocks are ahead of the real ones. */
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  private LiveServer start(String... settings) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      given.put(settings[i], settings[i + 1]);
    }
    Surroundings machine =
        new Surroundings(
            () -> Instant.now().plus(ahead.get()),
            () -> System.nanoTime() + ahead.get().toNanos(),
            Randomness.kernel());
    return new LiveServer(scratch.resolve("data"), given, machine);
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private static void moveClock(Tenant tenant, Duration time) {
    String body = "{'forward_seconds':" + time.toSeconds() + "}";
    tenant.send("POST", "/dev/clock", body).is(200);
  }

  /** An import token, and a body that uses it. */
  private static String bring(Tenant tenant, String key, String more) {
    JsonNode parameters =
        tenant
            .ok(
                "get-parameters-for-import",
                about(key, ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'"))
            .json();
    String members =
        ",'import_token':'%s','encrypted_key_material':'%s'"
            .formatted(
                parameters.at("/import_token").stringValue(),
                Oaep.encrypted(parameters.at("/public_key").stringValue(), new byte[32]));
    return about(key, members + more);
  }

  private static String token(LiveServer server) {
    String body =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s',"
                .formatted(server.known("user_name"))
            + "'password':'%s','domain':{'name':'%s'}}}},'scope':{'project':{'id':'%s'}}}}"
                .formatted(
                    server.known("password"),
                    server.known("domain_name"),
                    server.known("project_id"));
    return server.logIn(body).headers().firstValue("X-Subject-Token").orElseThrow();
  }

  private static HttpResponse<String> byToken(LiveServer server, String token) {
    return server.send(
        server
            .to("/v1.0/" + server.known("project_id") + "/kms/user-instances")
            .header("x-auth-token", token)
            .GET());
  }

  @Test
  void materialWhoseDatePassedWhileTheServerWasDownIsOutOfReachFromTheFirstRequest()
      throws IOException {
    String key;
    String ciphertext;
    try (LiveServer server = start()) {
      Tenant tenant = Tenant.first(server);
      key = tenant.key("imported", "'origin':'external'");
      long date = Instant.now().plus(Duration.ofHours(2)).getEpochSecond();
      tenant.ok("import-key-material", bring(tenant, key, ",'expiration_time':'" + date + "'"));
      ciphertext =
          tenant.ok("encrypt-data", about(key, ",'plain_text':'hello'")).text("/cipher_text");
    }
    ahead.set(Duration.ofHours(3));
    try (LiveServer server = start()) {
      Tenant tenant = Tenant.first(server).dating(ahead.get());
      assertThat(tenant.kms("decrypt-data", "{'cipher_text':'" + ciphertext + "'}").code())
          .isEqualTo("KMS.1301");
      assertThat(tenant.ok("describe-key", about(key, "")).text("/key_info/key_state"))
          .isEqualTo("5");
      assertThat(tenant.ok("list-keys", "{'key_state':'5'}").at("/keys/0").stringValue())
          .isEqualTo(key);
      assertThat(tenant.ok("list-keys", "{'key_state':'2'}").at("/keys")).isEmpty();
      tenant.ok("import-key-material", bring(tenant, key, ""));
      assertThat(
              tenant.ok("decrypt-data", "{'cipher_text':'" + ciphertext + "'}").text("/plain_text"))
          .isEqualTo("hello");
    }
  }

  @Test
  void aTokenOutlivesARestartButNotItsTime() throws IOException {
    String token;
    try (LiveServer server = start("auth.token-life", "2h")) {
      token = token(server);
    }
    ahead.set(Duration.ofHours(1));
    try (LiveServer server = start("auth.token-life", "2h")) {
      assertThat(byToken(server, token).statusCode()).isEqualTo(200);
    }
    ahead.set(Duration.ofHours(3));
    try (LiveServer server = start("auth.token-life", "2h")) {
      HttpResponse<String> answer = byToken(server, token);
      assertThat(answer.statusCode()).isEqualTo(403);
      assertThat(answer.body()).contains("KMS.0303");
    }
  }

  @Test
  void aKeyWhoseDatePassedWhileTheServerWasDownIsGone() throws IOException {
    String key;
    try (LiveServer server = start()) {
      Tenant tenant = Tenant.first(server);
      key = tenant.key("doomed", "");
      tenant.ok("aliases", about(key, ",'alias':'alias/doomed'"));
      tenant.ok("schedule-key-deletion", about(key, ",'pending_days':'7'"));
    }
    ahead.set(Duration.ofDays(8));
    try (LiveServer server = start()) {
      Tenant tenant = Tenant.first(server).dating(ahead.get());
      assertThat(tenant.call("GET", "/kms/aliases", "").is(200).at("/aliases")).isEmpty();
      assertThat(tenant.kms("describe-key", about(key, "")).is(404).code()).isEqualTo("KMS.0207");
    }
  }

  @Test
  void whatExpiresDoesSoWhenTheClockOfADevServerIsMoved() throws IOException {
    try (LiveServer server = start("dev.enabled", "true")) {
      Tenant tenant = Tenant.first(server);
      String token = token(server);
      String waiting = tenant.key("waiting", "'origin':'external'");
      String brought = bring(tenant, waiting, "");
      String imported = tenant.key("imported", "'origin':'external'");
      long date = Instant.now().plus(Duration.ofHours(20)).getEpochSecond();
      tenant.ok(
          "import-key-material", bring(tenant, imported, ",'expiration_time':'" + date + "'"));

      moveClock(tenant, Duration.ofHours(19));
      assertThat(byToken(server, token).statusCode()).isEqualTo(200);
      tenant.ok("encrypt-data", about(imported, ",'plain_text':'x'"));
      moveClock(tenant, Duration.ofHours(2));
      assertThat(tenant.kms("encrypt-data", about(imported, ",'plain_text':'x'")).code())
          .isEqualTo("KMS.1301");
      assertThat(byToken(server, token).statusCode()).isEqualTo(200);
      moveClock(tenant, Duration.ofHours(4));
      assertThat(byToken(server, token).statusCode()).isEqualTo(403);
      assertThat(tenant.kms("import-key-material", brought).code()).isEqualTo("KMS.2601");
      assertThat(byToken(server, token(server)).statusCode()).isEqualTo(200);
    }
  }
}
