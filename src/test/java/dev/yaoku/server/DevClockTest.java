package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's tests wait thirty days in a moment, and only there (SECURITY_DESIGN M13). */
class DevClockTest {
  @TempDir Path scratch;

  private LiveServer start(boolean dev) throws IOException {
    Map<String, String> more = new HashMap<>();
    more.put("keys.purge-grace", "0s");
    if (dev) {
      more.put("dev.enabled", "true");
    }
    return new LiveServer(scratch.resolve("data"), more);
  }

  private static HttpResponse<String> forward(LiveServer server, Duration duration) {
    String body = "{\"forward_seconds\":" + duration.toSeconds() + "}";
    return server.post("/dev/clock", "application/json", body);
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  @Test
  void thirtyDaysPassInAMoment() throws IOException {
    try (LiveServer server = start(true)) {
      String key = server.kms("create-key", "{'key_alias':'old'}", "/key_info/key_id");
      String doomed = server.kms("create-key", "{'key_alias':'new'}", "/key_info/key_id");
      server.kms("enable-key-rotation", about(key, ""));
      server.kms("update-key-rotation-interval", about(key, ",'rotation_interval':30"));
      server.kms("schedule-key-deletion", about(doomed, ",'pending_days':'7'"));
      String blob = server.kms("encrypt-data", about(key, ",'plain_text':'hello'"), "/cipher_text");

      assertThat(forward(server, Duration.ofDays(30)).statusCode()).isEqualTo(200);

      assertThat(
              server
                  .kms("get-key-rotation-status", about(key, ""))
                  .at("/number_of_rotations")
                  .intValue())
          .isEqualTo(1);
      assertThat(server.kms("describe-key", about(doomed, ""), "/error/error_code"))
          .isEqualTo("KMS.0207");
      assertThat(server.kms("decrypt-data", "{'cipher_text':'" + blob + "'}", "/plain_text"))
          .isEqualTo("hello");
      assertThat(server.yaoku.wiring().keys().clocks().suspect()).isFalse();
    }
  }

  @Test
  void theClockMovesForwardOnlyAndOnlyForSignedJson() throws IOException {
    try (LiveServer server = start(true)) {
      String json = "application/json";
      String day = "{\"forward_seconds\":86400}";
      assertThat(server.post("/dev/clock", json, "{\"forward_seconds\":-1}").body())
          .contains("KMS.0308");
      assertThat(server.post("/dev/clock", json, "{}").body()).contains("KMS.0204");
      assertThat(server.post("/dev/clock", "text/plain", day).statusCode()).isEqualTo(400);
      HttpRequest.Builder unsigned =
          server
              .to("/dev/clock")
              .header("content-type", json)
              .POST(HttpRequest.BodyPublishers.ofString(day));
      assertThat(server.send(unsigned).statusCode()).isEqualTo(401);
      assertThat(server.yaoku.wiring().keys().clocks().counter())
          .isBefore(Instant.now().plus(Duration.ofHours(1)));
    }
  }

  @Test
  void anOrdinaryServerHasNoSuchRoute() throws IOException {
    try (LiveServer server = start(false)) {
      assertThat(forward(server, Duration.ofDays(1)).statusCode()).isEqualTo(404);
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
