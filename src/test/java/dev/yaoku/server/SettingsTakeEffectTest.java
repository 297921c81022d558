package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an operator sets is what a whole server does. */
class SettingsTakeEffectTest {
  @TempDir Path data;

  private LiveServer with(String... settings) throws IOException {
    var given = new java.util.HashMap<String, String>();
    for (int i = 0; i < settings.length; i += 2) {
      given.put(settings[i], settings[i + 1]);
    }
    return new LiveServer(data.resolve("data"), given);
  }

  private static HttpResponse<String> list(LiveServer server, String body) {
    String path = "/v1.0/" + server.known("project_id") + "/kms/list-keys";
    return server.post(path, "application/json", body);
  }

  @Test
  void aBodyMayBeAsLongAsTheOperatorSaysAndNoLonger() throws IOException {
    try (LiveServer server = with("limits.body-bytes", "1KiB")) {
      String fits = "{" + " ".repeat(1022) + "}";
      assertThat(list(server, fits).statusCode()).isEqualTo(200);
      assertThat(list(server, fits + " ").statusCode()).isEqualTo(413);
    }
  }

  @Test
  void jsonMayBeAsDeepAsTheOperatorSaysAndNoDeeper() throws IOException {
    try (LiveServer server = with("limits.json-depth", "4")) {
      assertThat(list(server, "{\"unknown\":[[[\"[[[ \\\" [\"]]]}").statusCode()).isEqualTo(200);
      HttpResponse<String> refused = list(server, "{\"unknown\":[[[[]]]]}");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("KMS.0202", "nested deeper than 4 levels");
    }
  }

  @Test
  void aTokenWorksAsLongAsTheOperatorSays() throws IOException {
    try (LiveServer server = with("auth.token-life", "90m")) {
      JsonNode token = new JsonMapper().readTree(logIn(server).body()).at("/token");
      assertThat(
              Duration.between(
                  OffsetDateTime.parse(token.at("/issued_at").asString()),
                  OffsetDateTime.parse(token.at("/expires_at").asString())))
          .isEqualTo(Duration.ofMinutes(90));
    }
  }

  private static HttpResponse<String> logIn(LiveServer server) {
    String body =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"%s","password":"%s",
        "domain":{"name":"%s"}}}},"scope":{"project":{"id":"%s"}}}}\
        """
            .formatted(
                server.known("user_name"),
                server.known("password"),
                server.known("domain_name"),
                server.known("project_id"));
    return server.logIn(body);
  }

  @Test
  void anAddressThatFailsTooOftenWaitsButNotWithWhatItHasProved() throws IOException {
    try (LiveServer server =
        with("auth.failures-per-source", "20", "auth.failures-per-credential", "1000")) {
      assertThat(list(server, "{}").statusCode()).isEqualTo(200);
      assertThat(strangers(server, 20)).containsOnly(401);
      assertThat(strangers(server, 5)).contains(429);
      assertThat(list(server, "{}").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aCredentialThatFailsTooOftenFromAnAddressWaits() throws IOException {
    try (LiveServer server =
        with("auth.failures-per-source", "0", "auth.failures-per-credential", "10")) {
      assertThat(strangers(server, 10)).containsOnly(401);
      assertThat(strangers(server, 5)).contains(429);
    }
  }

  @Test
  void withoutLimitsFailuresAreOnlyRefused() throws IOException {
    try (LiveServer server =
        with("auth.failures-per-source", "0", "auth.failures-per-credential", "0")) {
      assertThat(strangers(server, 60)).containsOnly(401);
    }
  }

  /** Requests of an access key that does not exist. */
  private static java.util.Set<Integer> strangers(LiveServer server, int count) {
    String path = "/v1.0/" + server.known("project_id") + "/kms/list-keys";
    var seen = new java.util.HashSet<Integer>();
    for (int i = 0; i < count; i++) {
      seen.add(
          server
              .signed(
                  "POST",
                  path,
                  "{}".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                  (name, value) ->
                      name.equalsIgnoreCase("authorization")
                          ? value.replace(server.known("ak"), "NOBODYSNOBODYSNOBODY")
                          : value)
              .statusCode());
    }
    return seen;
  }

  @Test
  void withoutTheSmAlgorithmsNoKeyOfTheirsIsMadeAndThoseThereAreWork() throws IOException {
    String sm4;
    try (LiveServer server = with("regions.others", "cn-south-1")) {
      sm4 = Tenant.first(server).key("before", "'key_spec':'SM4'");
    }
    try (LiveServer server = with("regions.others", "cn-south-1", "crypto.sm", "false")) {
      Tenant caller = Tenant.first(server);
      caller.ok("encrypt-data", "{'key_id':'" + sm4 + "','plain_text':'x'}");
      for (String spec : new String[] {"SM2", "SM4", "HMAC_SM3"}) {
        String order = "{'key_alias':'new','key_spec':'" + spec + "'}";
        assertThat(caller.kms("create-key", order).is(400).code()).isEqualTo("KMS.1110");
      }
      String replica =
          "{'replica_region':'cn-south-1','replica_project_id':'%s','key_alias':'replica'}"
              .formatted(server.projectIn("cn-south-1"));
      String path = "/v2/" + caller.project + "/kms/keys/" + sm4 + "/replicate";
      assertThat(caller.send("POST", path, replica).is(400).code()).isEqualTo("KMS.1110");
    }
  }

  @Test
  void aSettingThatDoesNothingDoesNotExist() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> ConfigReader.read("", Map.of(), Map.of("contract.missing-context", "accept")))
        .isInstanceOf(ConfigException.class);
  }
}
