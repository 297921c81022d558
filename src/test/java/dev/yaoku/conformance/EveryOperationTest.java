package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What holds for every operation, tried on each of them. */
class EveryOperationTest {
  /** Asked by anyone, so that nobody is recorded. */
  private static final Set<String> OPEN =
      Set.of("ShowVersions", "ShowVersion", "ShowIdentityVersion");

  /** They prove something else than a signature. */
  private static final Set<String> LOG_INS = Set.of("CreateToken", "CreateTokenWithIdToken");

  /** They read, or compute with what is there, and leave everything as it was. */
  private static final Set<String> CHANGE_NOTHING =
      Set.of(
          "CheckAccess",
          "CreateDatakey",
          "CreateDatakeyWithoutPlaintext",
          "CreateEcDatakeyPair",
          "CreatePin",
          "CreateRandom",
          "CreateRsaDatakeyPair",
          "CreateDatakeyCapsule",
          "DecryptData",
          "DecryptDatakey",
          "DecryptDatakeyCapsule",
          "DeriveSharedSecret",
          "EncryptData",
          "EncryptDatakey",
          "FilterResources",
          "GenerateMac",
          "ListGrants",
          "ListKeyDetail",
          "ListKeyVersions",
          "ListKeys",
          "ListKmsByTags",
          "ListRetirableGrants",
          "MoveClock", // of a --dev server: nothing that is stored
          "PutIdentityProtocol",
          "ReEncrypt",
          "ShowKey",
          "ShowKeyRotationStatus",
          "ShowPublicKey",
          "Sign",
          "UpdateIdentityProtocol",
          "UpdateLoginProtect", // which can be said to be off only
          "ValidateSignature",
          "VerifyMac");

  private static final Set<String> READ = Set.of("GET", "HEAD");

  /** Sent again they are refused before it comes to that: a token is used up, a name is taken. */
  private static final Set<String> REFUSED_ANYHOW =
      Set.of("CreateAccessPoint", "ImportKeyMaterial");

  @TempDir Path scratch;

  private static Reply again(Walk walk, Reply first) {
    var answer = walk.server.send(HttpRequest.newBuilder(first.raw().request(), (_, _) -> true));
    return new Reply(answer.statusCode(), answer);
  }

  /** What the log says of a request; beside it the server sums up what strangers did. */
  private static List<JsonNode> ofRequest(AuditLog log, Reply reply) throws Exception {
    String id = reply.raw().headers().firstValue("X-Request-Id").orElseThrow();
    return log.news().stream().filter(e -> e.at("/request_id").asString().equals(id)).toList();
  }

  @Test
  void everyAnswerIsPrecededByExactlyOneEventThatSaysWhoDidWhat() throws Exception {
    Path data = scratch.resolve("data");
    try (Walk walk = new Walk(data)) {
      AuditLog log = new AuditLog(data);
      log.news();
      for (Step step : Steps.ALL) {
        Reply reply = walk.take(step).reply();
        List<JsonNode> events = ofRequest(log, reply);
        if (OPEN.contains(step.operation())) {
          assertThat(events).as(step.operation()).isEmpty();
          continue;
        }
        assertThat(events).as(step.operation()).hasSize(1);
        JsonNode event = events.getFirst();
        assertThat(event.at("/code").asInt()).as(step + " " + event).isEqualTo(reply.status());
        assertThat(event.toString())
            .as(step.operation())
            .contains(walk.server.known("user_id"))
            .doesNotContain(walk.server.known("password"))
            .doesNotContain(walk.server.known("sk"));
      }
    }
  }

  @Test
  void everyRefusalOfAKnownCallerIsRecordedOnceToo() throws Exception {
    Path data = scratch.resolve("data");
    String nowhere = "0".repeat(32);
    try (Walk walk = new Walk(data, Map.of("audit.refusals-in-full", "10000")).run()) {
      AuditLog log = new AuditLog(data);
      log.news();
      for (Step step : Steps.ALL) {
        if (!step.target().startsWith("/v1.0/$project/")) {
          continue;
        }
        String target = walk.fill(step.target().replace("$project", nowhere), walk.known());
        Reply reply = walk.send(step, target, step.body().isEmpty() ? "" : "{}");
        assertThat(reply.status()).as(step.operation()).isEqualTo(403);
        List<JsonNode> events = ofRequest(log, reply);
        assertThat(events).as(step.operation()).hasSize(1);
        assertThat(events.getFirst().toString()).contains(reply.code());
      }
    }
  }

  @Test
  void aChangeCannotBeSentAgainWhereTheOperatorForbidsIt() throws Exception {
    Path data = scratch.resolve("data");
    Set<String> repeated = new TreeSet<>();
    Set<String> refused = new TreeSet<>();
    try (Walk walk = new Walk(data, Map.of("auth.replay", "refuse-changes"))) {
      // Equal requests of one second share a signature, so that each is made in one of its own.
      AtomicReference<Instant> second = new AtomicReference<>(Instant.now().minusSeconds(600));
      walk.client.clock = () -> second.updateAndGet(s -> s.plusSeconds(1));
      for (Step step : Steps.ALL) {
        Reply first = walk.take(step).reply();
        if (LOG_INS.contains(step.operation())) {
          continue; // nobody signs them
        }
        Reply repeat = again(walk, first);
        if (REFUSED_ANYHOW.contains(step.operation())) {
          assertThat(repeat.status()).as(step.operation()).isEqualTo(400);
        }
        if (repeat.status() == 401) {
          assertThat(repeat.code()).as(step.operation()).isIn("APIGW.0301", "401", "IAM.0001");
          refused.add(step.operation());
        } else {
          repeated.add(step.operation());
        }
      }
    }
    List<String> changes = new ArrayList<>();
    for (Step step : Steps.ALL) {
      boolean reads = READ.contains(step.method()) || CHANGE_NOTHING.contains(step.operation());
      if (!reads
          && !LOG_INS.contains(step.operation())
          && !REFUSED_ANYHOW.contains(step.operation())) {
        changes.add(step.operation());
      }
    }
    assertThat(refused).containsExactlyInAnyOrderElementsOf(new TreeSet<>(changes));
    assertThat(repeated).doesNotContainAnyElementsOf(changes);
  }
}
