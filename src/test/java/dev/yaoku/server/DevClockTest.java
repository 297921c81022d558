package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
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

  /** Bodies that nobody should send, and one that could be sent, in every way but the right one. */
  @Test
  void badInputMovesNoClockAndLeavesOneEventEach() throws IOException {
    try (LiveServer server = startWithAllRefusals()) {
      EventTail log = new EventTail(scratch.resolve("data/yaoku.db"));
      Set<String> refused = new TreeSet<>();
      for (byte[] body : badBodies()) {
        HttpResponse<String> answer = server.signed("POST", "/dev/clock", body, (_, v) -> v);
        String said = clip(new String(body, UTF_8)) + " answered " + answer.body();
        assertThat(answer.statusCode()).as(said).isBetween(400, 499);
        assertThat(answer.body()).as(said).contains("\"error_code\":\"");
        if (answer.statusCode() != 413) { // of which nobody has proved to be the sender
          refused.add(answer.headers().firstValue("x-request-id").orElseThrow());
        }
      }

      assertThat(refused).hasSizeGreaterThan(200);
      assertThat(requestsIn(log)).containsAll(refused).doesNotHaveDuplicates();
      assertThat(server.yaoku.wiring().keys().clocks().counter())
          .isBefore(Instant.now().plusSeconds(60));
    }
  }

  private LiveServer startWithAllRefusals() throws IOException {
    Map<String, String> settings = Map.of("dev.enabled", "true", "audit.refusals-in-full", "10000");
    return new LiveServer(scratch.resolve("data"), settings);
  }

  private static List<String> requestsIn(EventTail log) {
    return log.news().stream()
        .map(row -> EventTail.json(row).at("/request_id").asString(""))
        .filter(id -> !id.isEmpty())
        .toList();
  }

  private static List<byte[]> badBodies() {
    List<byte[]> bodies = new ArrayList<>(BadInputs.noObjects());
    for (String value : BadInputs.VALUES) {
      bodies.add(forward(value).getBytes(UTF_8));
    }
    for (String value :
        List.of("0", "-0", "-86400", "1.5", "1e3", "0x10", "316224001", "9223372036854775808")) {
      bodies.add(forward(value).getBytes(UTF_8));
      bodies.add(forward('"' + value + '"').getBytes(UTF_8));
    }
    for (String value : List.of("", " 1", "1 ", "+1", "1_000", "\u0661", "86400\\u0000")) {
      bodies.add(forward('"' + value + '"').getBytes(UTF_8));
    }
    bodies.add("{\"forward_seconds\":1,\"forward_seconds\":1}".getBytes(UTF_8));
    bodies.add("{\"FORWARD_SECONDS\":1}".getBytes(UTF_8));
    bodies.add(("{\"forward_seconds\":1,\"x\":\"" + "x".repeat(1_024) + "\"}").getBytes(UTF_8));
    Random random = new Random(20261129);
    for (int i = 0; i < 400; i++) {
      bodies.add(BadInputs.junk(random).getBytes(UTF_8));
    }
    return bodies;
  }

  private static String forward(String value) {
    return "{\"forward_seconds\":" + value + "}";
  }

  private static String clip(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  /** Clocks count nanoseconds, of which 292 years are too many. */
  @Test
  void theClockMovesAHundredYearsAndNoFurther() throws IOException {
    try (LiveServer server = start(true)) {
      Instant begin = Instant.now();
      for (int i = 1; i <= 9; i++) {
        assertThat(forward(server, Duration.ofDays(3_660)).statusCode()).isEqualTo(200);
      }
      HttpResponse<String> tooFar = forward(server, Duration.ofDays(3_660));
      assertThat(tooFar.statusCode()).isEqualTo(400);
      assertThat(tooFar.body()).contains("KMS.0308", "36525 days");

      assertThat(forward(server, Duration.ofDays(36_525 - 9 * 3_660)).statusCode()).isEqualTo(200);
      assertThat(forward(server, Duration.ofSeconds(1)).statusCode()).isEqualTo(400);
      assertThat(server.yaoku.wiring().keys().clocks().counter())
          .isAfter(begin.plus(Duration.ofDays(36_525)));
    }
  }

  /** Otherwise nothing would be destroyed there any more. */
  @Test
  void aStoreThatIsKeptGoesOnWhereItsTimeHadComeTo() throws IOException {
    String doomed;
    Instant moved;
    try (LiveServer server = start(true)) {
      forward(server, Duration.ofDays(400));
      doomed = server.kms("create-key", "{'key_alias':'doomed'}", "/key_info/key_id");
      server.kms("schedule-key-deletion", about(doomed, ",'pending_days':'7'"));
      moved = server.yaoku.wiring().keys().clocks().counter();
    }
    try (LiveServer server = start(true)) {
      assertThat(server.yaoku.wiring().keys().clocks().suspect()).isFalse();
      assertThat(server.yaoku.wiring().keys().clocks().counter())
          .isBetween(moved.minusSeconds(60), moved.plusSeconds(60));
      assertThat(server.kms("describe-key", about(doomed, ""), "/key_info/key_state"))
          .isEqualTo("4");

      assertThat(forward(server, Duration.ofDays(8)).statusCode()).isEqualTo(200);
      assertThat(server.kms("describe-key", about(doomed, ""), "/error/error_code"))
          .isEqualTo("KMS.0207");
      assertThat(forward(server, Duration.ofDays(3_660)).statusCode()).isEqualTo(200);
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
