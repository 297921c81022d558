package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Randomness;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What keeps a server going, over HTTP (SECURITY_DESIGN C3, L10). */
class AdministrationTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String CLOCK = "/yaoku/v1/clock";

  @TempDir Path scratch;

  private LiveServer start(Map<String, String> more) throws IOException {
    return new LiveServer(scratch.resolve("data"), more);
  }

  private static String about(String key) {
    return about(key, "");
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private static JsonNode send(LiveServer server, String method, String path) {
    HttpResponse<String> answer = server.signed(method, path, new byte[0], (_, value) -> value);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body());
  }

  @Test
  void aClockThatWasSetBackWhileTheServerWasDownRaisesAnAlarm() throws IOException {
    AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);
    Surroundings machine =
        new Surroundings(
            () -> Instant.now().plus(ahead.get()), System::nanoTime, Randomness.kernel());
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of(), machine)) {
      assertThat(metrics(server)).contains("yaoku_clocks_disagree 0.0");
    }
    ahead.set(Duration.ofDays(-1));
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of(), machine)) {
      assertThat(metrics(server)).contains("yaoku_clocks_disagree 1.0");
    }
  }

  private static String metrics(LiveServer server) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Alarms.bind(registry, server.yaoku.wiring().keys().clocks());
    return registry.scrape();
  }

  @Test
  void aClockThatDisagreesIsAcceptedOverHttp() throws IOException {
    AtomicReference<Duration> counted = new AtomicReference<>(Duration.ZERO);
    Surroundings machine =
        new Surroundings(
            Instant::now, () -> System.nanoTime() + counted.get().toNanos(), Randomness.kernel());
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of(), machine)) {
      counted.set(Duration.ofDays(2));
      JsonNode before = send(server, "GET", CLOCK);
      assertThat(before.at("/disagree").booleanValue()).isTrue();
      assertThat(Instant.parse(before.at("/counted").asString()))
          .isAfter(Instant.parse(before.at("/wall").asString()).plus(Duration.ofDays(1)));

      JsonNode after = send(server, "POST", CLOCK + "/accept");

      assertThat(after.at("/disagree").booleanValue()).isFalse();
      assertThat(server.yaoku.wiring().keys().clocks().suspect()).isFalse();
    }
  }

  @Test
  void withoutASignatureNothingIsSaidOfTheClock() throws IOException {
    try (LiveServer server = start(Map.of())) {
      assertThat(server.send(server.to(CLOCK).GET()).statusCode()).isEqualTo(401);
      HttpRequest.Builder accept =
          server.to(CLOCK + "/accept").POST(HttpRequest.BodyPublishers.noBody());
      assertThat(server.send(accept).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aKeyThatIsGoneIsShownWithItsPurgeDateAndComesBack() throws IOException {
    try (LiveServer server = start(Map.of("dev.enabled", "true"))) {
      String key = server.kms("create-key", "{'key_alias':'old'}", "/key_info/key_id");
      assertThat(server.kms("yaoku-show-key", about(key)).at("/purge_date").asString()).isEmpty();
      server.kms("schedule-key-deletion", about(key, ",'pending_days':'7'"), "/key_id");
      JsonNode described = server.kms("describe-key", about(key));
      assertThat(described.at("/key_info").has("purge_date")).isFalse();
      long date = described.at("/key_info/scheduled_deletion_date").asLong();
      String eightDays = "{\"forward_seconds\":" + Duration.ofDays(8).toSeconds() + "}";
      server.post("/dev/clock", "application/json", eightDays);
      assertThat(server.kms("describe-key", about(key), "/error/error_code")).isEqualTo("KMS.0207");

      JsonNode shown = server.kms("yaoku-show-key", about(key));

      assertThat(shown.at("/gone").booleanValue()).isTrue();
      assertThat(shown.at("/scheduled_deletion_date").asLong()).isEqualTo(date);
      assertThat(shown.at("/purge_date").asLong()).isEqualTo(date + Duration.ofDays(7).toMillis());
      assertThat(shown.at("/destruction_waits").booleanValue()).isFalse();
      assertThat(server.kms("yaoku-undelete-key", about(key), "/key_state")).isEqualTo("3");
      assertThat(server.kms("enable-key", about(key), "/key_info/key_state")).isEqualTo("2");
    }
  }

  @Test
  void aKeyOfACloudServiceIsMadeOnceAndOutsideTheQuota() throws IOException {
    try (LiveServer server = start(Map.of("quotas.keys", "1"))) {
      server.kms("create-key", "{'key_alias':'only'}", "/key_info/key_id");
      JsonNode made = server.kms("yaoku-create-default-key", "{'service':'obs'}");
      assertThat(made.at("/created").booleanValue()).isTrue();
      assertThat(made.at("/key_alias").asString()).isEqualTo("obs/default");
      JsonNode again = server.kms("yaoku-create-default-key", "{'service':'obs'}");
      assertThat(again.at("/created").booleanValue()).isFalse();
      assertThat(again.at("/key_id")).isEqualTo(made.at("/key_id"));

      JsonNode listed = server.kms("list-keys", "{}").at("/key_details/0");
      assertThat(listed.at("/key_id")).isEqualTo(made.at("/key_id"));
      assertThat(
              List.of(
                  listed.at("/default_key_flag").asString(),
                  listed.at("/key_state").asString(),
                  listed.at("/origin").asString(),
                  listed.at("/key_spec").asString(),
                  listed.at("/sys_enterprise_project_id").asString()))
          .containsExactly("1", "2", "kms", "AES_256", "0");
      String project = "/v1.0/" + server.known("project_id") + "/kms/";
      assertThat(send(server, "GET", project + "user-instances").at("/instance_num").intValue())
          .isEqualTo(1);
      assertThat(
              send(server, "GET", project + "user-quotas")
                  .at("/quotas/resources/0/used")
                  .intValue())
          .isEqualTo(1);
      assertThat(
              server
                  .kms("resource_instances/action", "{'action':'filter','limit':'10','offset':'0'}")
                  .at("/total_count")
                  .intValue())
          .isEqualTo(1);
    }
  }

  @Test
  void aKeyOfACloudServiceEncryptsAndIsOtherwiseLeftAlone() throws IOException {
    try (LiveServer server = start(Map.of())) {
      String key = server.kms("yaoku-create-default-key", "{'service':'evs'}", "/key_id");
      String blob = server.kms("encrypt-data", about(key, ",'plain_text':'hi'"), "/cipher_text");
      assertThat(server.kms("decrypt-data", "{'cipher_text':'" + blob + "'}", "/plain_text"))
          .isEqualTo("hi");
      server.kms("create-datakey", about(key, ",'key_spec':'AES_256'"), "/cipher_text");
      JsonNode before = server.kms("describe-key", about(key));

      Map<String, String> forbidden =
          Map.ofEntries(
              Map.entry("enable-key", ""),
              Map.entry("disable-key", ""),
              Map.entry("schedule-key-deletion", ",'pending_days':'7'"),
              Map.entry("cancel-key-deletion", ""),
              Map.entry("yaoku-undelete-key", ""),
              Map.entry("update-key-alias", ",'key_alias':'mine'"),
              Map.entry("update-key-description", ",'key_description':'mine'"),
              Map.entry(
                  "create-grant",
                  ",'grantee_principal':'" + "0".repeat(32) + "','operations':['describe-key']"),
              Map.entry("enable-key-rotation", ""),
              Map.entry("disable-key-rotation", ""),
              Map.entry("update-key-rotation-interval", ",'rotation_interval':'90'"),
              Map.entry("rotate-on-demand", ""),
              Map.entry("yaoku-rotate-now", ""),
              Map.entry("get-parameters-for-import", ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'"),
              Map.entry("delete-imported-key-material", ""),
              Map.entry("aliases", ",'alias':'alias/mine'"),
              Map.entry(key + "/tags", ",'tag':{'key':'k','value':'v'}"),
              Map.entry(key + "/tags/action", ",'action':'create','tags':[{'key':'k'}]"));
      forbidden.forEach((operation, more) ->
          assertThat(server.kms(operation, about(key, more)).at("/error/error_code").asString())
              .as(operation)
              .isEqualTo("KMS.0211"));
      assertThat(server.kms("describe-key", about(key))).isEqualTo(before);
    }
  }

  @Test
  void whoeverAsksTooMuchIsToldToWaitAsByTheGateway() throws IOException {
    try (LiveServer server = start(Map.of("limits.requests-per-user", "1"))) {
      List<HttpResponse<String>> answers =
          Stream.generate(() -> server.signed("GET", CLOCK, new byte[0], (_, value) -> value))
              .limit(20)
              .filter(answer -> answer.statusCode() == 429)
              .toList();
      assertThat(answers).isNotEmpty();
      assertThat(answers.getFirst().body()).contains("APIGW.0308");
      assertThat(answers.getFirst().headers().firstValue("Retry-After")).contains("1");
    }
  }

  /** The time stands still, so that no further second's worth is there. */
  @Test
  void allWhoAskInOneProjectShareItsLimitAndOtherProjectsHaveTheirs() throws IOException {
    Surroundings still =
        new Surroundings(InstantSource.system(), () -> 1_000_000, Randomness.kernel());
    Map<String, String> limit = Map.of("limits.requests-per-project", "2");
    try (LiveServer server = new LiveServer(scratch.resolve("data"), limit, still)) {
      Tenant first = Tenant.first(server);
      first.kms("list-keys", "{}").is(200);
      first.colleague().kms("describe-key", "{}").is(400);
      for (Tenant late : List.of(first, first.colleague())) {
        Tenant.Reply refused = late.kms("list-keys", "{}").is(429);
        assertThat(refused.code()).isEqualTo("APIGW.0308");
        assertThat(refused.raw().headers().firstValue("Retry-After")).contains("1");
      }
      first.elsewhere().kms("list-keys", "{}").is(200);
      Tenant.another(server).kms("list-keys", "{}").is(200);
    }
  }

  @Test
  void logInsCountLikeAllThatSomebodyAsks() throws IOException {
    try (LiveServer server = start(Map.of("limits.requests-per-user", "1"))) {
      HttpResponse<String> first =
          server.logIn(
              "{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'"
                  + server.known("user_name")
                  + "','password':'"
                  + server.known("password")
                  + "','domain':{'name':'"
                  + server.known("domain_name")
                  + "'}}}}}}");
      String token = first.headers().firstValue("X-Subject-Token").orElseThrow();
      String again =
          "{'auth':{'identity':{'methods':['token'],'token':{'id':'%s'}}}}".formatted(token);
      List<HttpResponse<String>> refused =
          Stream.generate(() -> server.logIn(again))
              .limit(20)
              .filter(answer -> answer.statusCode() == 429)
              .toList();
      assertThat(refused).isNotEmpty();
      assertThat(refused.getFirst().headers().firstValue("Retry-After")).contains("1");
      assertThat(refused.getFirst().body()).contains("Too Many Requests");
    }
  }

  @Test
  void namesThatNoServiceHasAreRefused() throws IOException {
    try (LiveServer server = start(Map.of())) {
      for (String name : List.of("Obs", "obs/default", "-", "a".repeat(33), "ö")) {
        byte[] body = ("{\"service\":\"" + name + "\"}").getBytes(UTF_8);
        HttpResponse<String> answer =
            server.signed(
                "POST",
                "/v1.0/" + server.known("project_id") + "/kms/yaoku-create-default-key",
                body,
                (_, value) -> value);
        assertThat(answer.statusCode()).as(name).isEqualTo(400);
        assertThat(answer.body()).contains("KMS.1101");
      }
      assertThat(server.kms("yaoku-create-default-key", "{}", "/error/error_code"))
          .isEqualTo("KMS.0204");
      assertThat(server.kms("list-keys", "{}").at("/total").intValue()).isZero();
    }
  }
}
