package dev.yaoku.server;

import static dev.yaoku.server.KeyCalls.NAMES;
import static dev.yaoku.server.KeyCalls.about;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Oaep;
import dev.yaoku.server.KeyCalls.Prepared;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Keys of a server in every state, with what operations on them need that was made before. */
final class OperationsOnKeys implements AutoCloseable {
  /** Operations that need what is made with the key before. */
  static final Set<String> NEEDS_USE =
      Set.of(
          "decrypt-data",
          "decrypt-data by key",
          "decrypt-datakey",
          "re-encrypt from",
          "datakey-capsule/decrypt",
          "revoke-grant",
          "retire-grant",
          "delete tag",
          "delete alias");

  final LiveServer server;
  final Tenant tenant;
  final KeySpaces spaces;
  final KeySpaces.Program program;

  /** In the first project. */
  final KeyCalls calls;

  /** A token for another key, and material wrapped for it. */
  final Map<String, String> foreign;

  /** How far the server's clock is ahead. */
  private Duration ahead = Duration.ZERO;

  /** A server of one's own in a folder. */
  OperationsOnKeys(Path folder) throws IOException {
    this(folder, Map.of());
  }

  /** The same with more settings. */
  OperationsOnKeys(Path folder, Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.putAll(
        Map.of(
            "dev.enabled", "true", "quotas.keys", "10000", "regions.others", KeyCalls.FAR_REGION));
    server = new LiveServer(folder.resolve("data"), settings);
    tenant = Tenant.first(server);
    spaces = new KeySpaces(server);
    program = spaces.program(KeySpaces.space());
    calls = new KeyCalls(server, tenant.project, program, () -> Instant.now().plus(ahead));
    foreign = bring(calls.made("AES_256", "ENCRYPT_DECRYPT", "external"), 0);
  }

  @Override
  public void close() {
    server.close();
  }

  /** Lets time pass. */
  void pass(Duration time) {
    ahead = ahead.plus(time);
    tenant.send("POST", "/dev/clock", "{'forward_seconds':" + time.toSeconds() + "}").is(200);
  }

  /** The status of what succeeds, the code of what is refused, which changes nothing. */
  String outcome(String operation, Prepared subject) {
    String key = subject.key();
    List<String> before = seen(key);
    HttpResponse<String> answer = calls.call(operation, subject);
    if (answer.statusCode() < 300) {
      return Integer.toString(answer.statusCode());
    }
    assertThat(seen(key)).as("what %s refused", operation).isEqualTo(before);
    String code = KeyCalls.code(answer);
    assertThat(answer.statusCode()).isEqualTo(code.equals("KMS.0207") ? 404 : 400);
    return code;
  }

  /** All that can be read about a key. */
  private List<String> seen(String key) {
    return Stream.of(
            calls.send("POST", "describe-key", about(key, "")),
            calls.send("POST", "get-key-rotation-status", about(key, "")),
            calls.send("POST", "list-grants", about(key, "")),
            calls.send("POST", "list-retirable-grants", "{}"),
            calls.send("POST", "yaoku-list-versions", about(key, "")),
            calls.send("POST", "list-keys", "{'limit':1}"),
            calls.send("GET", "user-quotas", ""),
            calls.send("GET", "tags", ""),
            calls.send("GET", key + "/tags", ""),
            calls.send("GET", "aliases", ""))
        .peek(answer -> assertThat(answer.statusCode()).isEqualTo(200))
        .map(HttpResponse::body)
        .toList();
  }

  void putInto(String state, String key) {
    if (state.endsWith("disabled")) {
      server.kms("disable-key", about(key, ""), "/key_info/key_id");
    } else if (state.endsWith("pending deletion")) {
      server.kms("schedule-key-deletion", about(key, ",'pending_days':'7'"), "/key_id");
    }
  }

  /** Ciphertext of a key, a grant on it, a tag and an alias. */
  Map<String, String> use(String key) {
    Map<String, String> made = new HashMap<>();
    made.put(
        "data", server.kms("encrypt-data", about(key, ",'plain_text':'hello'"), "/cipher_text"));
    made.put(
        "data key",
        server.kms("create-datakey", about(key, ",'datakey_length':'512'"), "/cipher_text"));
    made.put(
        "grant",
        server.kms("create-grant", about(key, calls.more("create-grant", made)), "/grant_id"));
    String capsule = spaces.sealed(key, KeySpaces.allowing(program.id())).text("/datakey_capsule");
    made.put("capsule", capsule);
    assertThat(calls.send("POST", key + "/tags", "{'tag':{'key':'kept','value':'v'}}").statusCode())
        .isEqualTo(204);
    String alias = "alias/kept-" + NAMES.incrementAndGet();
    assertThat(calls.send("POST", "aliases", about(key, ",'alias':'" + alias + "'")).statusCode())
        .isEqualTo(201);
    made.put("alias", alias);
    return made;
  }

  /** A token and material wrapped for it. */
  Map<String, String> bring(String key, int material) {
    JsonNode parameters =
        server.kms(
            "get-parameters-for-import", about(key, ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'"));
    return Map.of(
        "wrapped", wrapped(parameters.at("/public_key").asString(), material),
        "token", parameters.at("/import_token").asString());
  }

  private static String wrapped(String publicKey, int first) {
    byte[] material = new byte[32];
    material[0] = (byte) first;
    return Oaep.encrypted(publicKey, material);
  }
}
