package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.yaoku.cli.RequestSigner;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A user's tests wait thirty days in a moment, and only there (SECURITY_DESIGN M13). */
class DevClockTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path scratch;
  private final HttpClient http = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    http.close();
  }

  private Yaoku start(boolean dev) {
    Map<String, String> settings = new HashMap<>();
    settings.put("data", scratch.resolve("data").toString());
    settings.put("listen.address", "127.0.0.1:0");
    settings.put("admin.address", "off");
    settings.put("log.requests", "false");
    settings.put("keys.purge-grace", "0s");
    if (dev) {
      settings.put("dev.enabled", "true");
    }
    return Yaoku.start(
        ConfigReader.read("", Map.of(), settings), Surroundings.ofThisMachine(), _ -> {});
  }

  private Map<String, String> credentials() throws IOException {
    Map<String, String> read = new HashMap<>();
    try (Stream<String> lines = Files.lines(scratch.resolve("data/credentials"))) {
      lines
          .filter(line -> line.contains(" = "))
          .forEach(line -> read.put(line.split(" = ", 2)[0], line.split(" = ", 2)[1]));
    }
    return read;
  }

  private HttpResponse<String> send(Yaoku yaoku, String path, String type, String body)
      throws Exception {
    Map<String, String> known = credentials();
    RequestSigner signer =
        new RequestSigner(
            known.getOrDefault("ak", ""),
            known.getOrDefault("sk", ""),
            known.getOrDefault("project_id", ""));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + yaoku.port() + path));
    signer
        .sign("POST", "127.0.0.1:" + yaoku.port(), path, body.getBytes(UTF_8), Instant.now())
        .forEach((name, value) -> {
          if (!name.equals("host")) {
            request.header(name, value);
          }
        });
    request.header("content-type", type).POST(HttpRequest.BodyPublishers.ofString(body));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode kms(Yaoku yaoku, String operation, String body) throws Exception {
    String path = "/v1.0/" + credentials().get("project_id") + "/kms/" + operation;
    return JSON.readTree(send(yaoku, path, "application/json", body).body());
  }

  private HttpResponse<String> forward(Yaoku yaoku, Duration duration) throws Exception {
    String body = "{\"forward_seconds\":" + duration.toSeconds() + "}";
    return send(yaoku, "/dev/clock", "application/json", body);
  }

  private String about(String key, String more) {
    return "{\"key_id\":\"" + key + "\"" + more + "}";
  }

  @Test
  void thirtyDaysPassInAMoment() throws Exception {
    try (Yaoku yaoku = start(true)) {
      String key =
          kms(yaoku, "create-key", "{\"key_alias\":\"old\"}").at("/key_info/key_id").asString();
      String doomed =
          kms(yaoku, "create-key", "{\"key_alias\":\"new\"}").at("/key_info/key_id").asString();
      kms(yaoku, "enable-key-rotation", about(key, ""));
      kms(yaoku, "update-key-rotation-interval", about(key, ",\"rotation_interval\":30"));
      kms(yaoku, "schedule-key-deletion", about(doomed, ",\"pending_days\":\"7\""));
      String blob =
          kms(yaoku, "encrypt-data", about(key, ",\"plain_text\":\"hello\""))
              .at("/cipher_text")
              .asString();

      assertThat(forward(yaoku, Duration.ofDays(30)).statusCode()).isEqualTo(200);

      JsonNode status = kms(yaoku, "get-key-rotation-status", about(key, ""));
      assertThat(status.at("/number_of_rotations").intValue()).isEqualTo(1);
      assertThat(kms(yaoku, "describe-key", about(doomed, "")).at("/error/error_code").asString())
          .isEqualTo("KMS.0207");
      assertThat(kms(yaoku, "decrypt-data", "{\"cipher_text\":\"" + blob + "\"}").toString())
          .contains("\"hello\"");
      assertThat(yaoku.wiring().keys().clocks().suspect()).isFalse();
    }
  }

  @Test
  void theClockMovesForwardOnlyAndOnlyForSignedJson() throws Exception {
    try (Yaoku yaoku = start(true)) {
      String day = "{\"forward_seconds\":86400}";
      assertThat(send(yaoku, "/dev/clock", "application/json", "{\"forward_seconds\":-1}").body())
          .contains("KMS.0308");
      assertThat(send(yaoku, "/dev/clock", "application/json", "{}").body()).contains("KMS.0204");
      assertThat(send(yaoku, "/dev/clock", "text/plain", day).statusCode()).isEqualTo(400);
      assertThat(
              http.send(
                      HttpRequest.newBuilder(
                              URI.create("http://127.0.0.1:" + yaoku.port() + "/dev/clock"))
                          .header("content-type", "application/json")
                          .POST(HttpRequest.BodyPublishers.ofString(day))
                          .build(),
                      HttpResponse.BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(401);
      assertThat(yaoku.wiring().keys().clocks().counter())
          .isBefore(Instant.now().plus(Duration.ofHours(1)));
    }
  }

  @Test
  void anOrdinaryServerHasNoSuchRoute() throws Exception {
    try (Yaoku yaoku = start(false)) {
      assertThat(forward(yaoku, Duration.ofDays(1)).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void onlyTheStartOfADevServerKnowsTheClass() {
    ArchRuleDefinition.noClasses()
        .that()
        .doNotHaveFullyQualifiedName(DevTime.class.getName())
        .and()
        .doNotHaveFullyQualifiedName(Yaoku.class.getName())
        .and()
        .haveSimpleNameNotEndingWith("Test")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(DevTime.class.getName())
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.yaoku"));
  }
}
