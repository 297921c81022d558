package dev.yaoku.server;

import static dev.yaoku.server.KeyCalls.FAR_REGION;
import static dev.yaoku.server.KeyCalls.NAMES;
import static dev.yaoku.server.KeyCalls.about;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.KeyCalls.Prepared;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/** A server with two regions, and replicas in the second of them in every state. */
final class Replicas implements AutoCloseable {
  /** States of a key whose material was never outside. */
  private static final Set<String> MADE_HERE = Set.of("enabled", "disabled", "pending deletion");

  final LiveServer server;
  final KeyCalls home;
  final KeyCalls far;
  private final KeySpaces spaces;
  private final KeySpaces.Program program;

  /** How far the server's clock is ahead. */
  private Duration ahead = Duration.ZERO;

  /** A server of one's own in a folder. */
  Replicas(Path folder) throws IOException {
    server =
        new LiveServer(
            folder.resolve("data"),
            Map.of("dev.enabled", "true", "quotas.keys", "10000", "regions.others", FAR_REGION));
    String farProject = server.projectIn(FAR_REGION);
    spaces = new KeySpaces(server, farProject);
    program = spaces.program(KeySpaces.space());
    InstantSource clock = () -> Instant.now().plus(ahead);
    home = new KeyCalls(server, server.known("project_id"), program, clock);
    far = new KeyCalls(server, farProject, program, clock);
  }

  @Override
  public void close() {
    server.close();
  }

  /** A replica, and what the operation needs that was made while the replica could be used. */
  Prepared replicaFor(String operation, String state) {
    boolean kept = MADE_HERE.contains(state);
    String source = keyFor(operation, kept ? "enabled" : state);
    String replica = replicaOf(source);
    Prepared prepared = new Prepared(replica, use(operation, replica));
    if (state.equals("without material")) {
      deleteMaterial(source);
    } else if (state.equals("expired")) {
      pass(Duration.ofDays(2));
    }
    bringInto(far, state, replica);
    return prepared;
  }

  /** Makes a replica of a key. */
  String replicaOf(String source) {
    return KeyCalls.text(home.call("replicate", new Prepared(source, Map.of())), "/key_id");
  }

  /** A key that an operation is for, imported where the state says so. */
  String keyFor(String operation, String state) {
    boolean external = !MADE_HERE.contains(state);
    String origin = external ? "external" : "kms";
    String key = home.madeFor(operation, origin);
    if (external) {
      long tomorrow = Instant.now().plus(ahead).plus(Duration.ofDays(1)).getEpochSecond();
      bringMaterial(key, state.equals("expired") ? ",'expiration_time':" + tomorrow : "");
    }
    return key;
  }

  /** Imports material, with more members. */
  void bringMaterial(String key, String more) {
    assertThat(new Importer(server).bring(key, new byte[32], more)).isEmpty();
  }

  void deleteMaterial(String key) {
    HttpResponse<String> answer = home.send("POST", "delete-imported-key-material", about(key, ""));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
  }

  /** Disables a key, or schedules its deletion. */
  static void bringInto(KeyCalls in, String state, String key) {
    if (state.endsWith("disabled")) {
      assertThat(in.send("POST", "disable-key", about(key, "")).statusCode()).isEqualTo(200);
    } else if (state.endsWith("pending deletion")) {
      String body = about(key, ",'pending_days':'7'");
      assertThat(in.send("POST", "schedule-key-deletion", body).statusCode()).isEqualTo(200);
    }
  }

  private Map<String, String> use(String operation, String key) {
    return switch (operation) {
      case "decrypt-data", "decrypt-data by key", "re-encrypt from" ->
          Map.of("data", got("encrypt-data", key, ",'plain_text':'x'", "/cipher_text"));
      case "decrypt-datakey" ->
          Map.of("data key", got("create-datakey", key, ",'datakey_length':'512'", "/cipher_text"));
      case "datakey-capsule/decrypt" ->
          Map.of(
              "capsule",
              spaces.sealed(key, KeySpaces.allowing(program.id())).text("/datakey_capsule"));
      case "verify" ->
          Map.of("signature", got("sign", key, far.more("sign", Map.of()), "/signature"));
      case "verify-mac" ->
          Map.of("mac", got("generate-mac", key, far.more("generate-mac", Map.of()), "/mac"));
      case "revoke-grant", "retire-grant" ->
          Map.of(
              "grant", got("create-grant", key, far.more("create-grant", Map.of()), "/grant_id"));
      case "delete tag" -> {
        far.send("POST", key + "/tags", "{'tag':{'key':'kept','value':'v'}}");
        yield Map.of();
      }
      case "import-key-material" ->
          Map.of("token", "AAAA".repeat(60), "wrapped", "AAAA".repeat(86));
      case "delete alias" -> {
        String alias = "alias/kept-" + NAMES.incrementAndGet();
        far.send("POST", "aliases", about(key, ",'alias':'" + alias + "'"));
        yield Map.of("alias", alias);
      }
      default -> Map.of();
    };
  }

  /** What an operation on a replica answers. */
  String got(String operation, String key, String more, String pointer) {
    return KeyCalls.text(far.send("POST", operation, about(key, more)), pointer);
  }

  /** Lets time pass for the server. */
  void pass(Duration time) {
    String body = "{\"forward_seconds\":" + time.toSeconds() + "}";
    assertThat(server.post("/dev/clock", "application/json", body).statusCode()).isEqualTo(200);
    ahead = ahead.plus(time);
  }
}
