package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every route of a whole server gets hundreds of requests that nobody should send. Whatever comes:
 * no failure of the server's own, an error that says its code and request id, nothing changed, and
 * one event where it is known whose request it was.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SEED = 20261124;
  private static final int SALT_BYTES = 16;
  private static final String NOWHERE = "00000000-0000-4000-8000-000000000000";
  private static final String FOREIGN_PROJECT = "f".repeat(32);

  /** Refused though nothing is wrong with the server: it has no more room, or no such part. */
  private static final Set<Integer> BUSY = Set.of(503);

  /** Members that real requests have, and one that none has. */
  private static final List<String> MEMBERS =
      List.of(
          "key_id",
          "key_alias",
          "key_spec",
          "key_usage",
          "key_description",
          "origin",
          "limit",
          "marker",
          "offset",
          "key_state",
          "pending_days",
          "plain_text",
          "cipher_text",
          "sequence",
          "encryption_context",
          "additional_authenticated_data",
          "encryption_algorithm",
          "datakey_length",
          "datakey_plain_length",
          "datakey_cipher_length",
          "random_data_length",
          "message",
          "signature",
          "signing_algorithm",
          "message_type",
          "mac",
          "mac_algorithm",
          "tags",
          "tag",
          "action",
          "matches",
          "keystore_alias",
          "hsm_cluster_id",
          "alias",
          "aliases",
          "target_key_id",
          "grant_id",
          "operations",
          "grantee_principal",
          "retiring_principal",
          "wrapping_algorithm",
          "import_token",
          "encrypted_key_material",
          "encrypted_privatekey",
          "expiration_time",
          "rotation_interval",
          "destination_key_id",
          "source_key_id",
          "public_key",
          "key_agreement_algorithm",
          "recipient",
          "with_plain_text",
          "auth",
          "forward_seconds",
          "keyspace_id",
          "policy",
          "policy_id",
          "policy_name",
          "key_policy",
          "access_point_name",
          "type",
          "identity",
          "cluster_id",
          "description",
          "pin_type",
          "keystore_id",
          "datakey_capsule",
          "attestation_document",
          "nobody_knows_this");

  /** No value of any member. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "{}",
          "[]",
          "[[]]",
          "{\"a\":{\"b\":[]}}",
          "\"!\"",
          "\"\\u0000!\"",
          "-1",
          "1e999",
          "99999999999999999999999999",
          "0.5",
          "\"" + "ä!".repeat(5_000) + "\"",
          "\"\\ud800!\"",
          "\"../../etc/passwd!\"",
          "\"' OR 1=1 --!\"",
          "\"${jndi:ldap://x}!\"",
          "[null]",
          "[true]",
          "\"%00!\"",
          "\"\uD83D\uDD11!\"");

  @TempDir static Path scratch;
  private final CapturedLog log = new CapturedLog();
  private final Disclosures disclosures = new Disclosures();
  private LiveServer server;
  private String project;
  private String key;
  private Map<String, List<String>> stateBefore;
  private int sent;

  /** What was refused to the one known caller since the log was read, by request id. */
  private final Map<String, String> refused = new HashMap<>();

  private EventTail tail;

  @BeforeAll
  void start() throws IOException {
    server =
        new LiveServer(
            scratch.resolve("data"),
            Map.of("quotas.keys", "1000", "audit.refusals-in-full", "10000"));
    project = server.known("project_id");
    key = server.kms("create-key", "{'key_alias':'victim'}", "/key_info/key_id");
    byte[] material = new byte[32];
    Arrays.fill(material, (byte) 0xa7);
    Importer importer = new Importer(server);
    String imported = importer.key("AES_256", "ENCRYPT_DECRYPT");
    importer.bring(imported, material.clone());
    server.kms("encrypt-data", "{'key_id':'" + imported + "','plain_text':'x'}", "/cipher_text");
    disclosures.secret(material);
    disclosures.secret(Files.readAllBytes(scratch.resolve("data/root.key")));
    disclosures.secret(server.known("sk"));
    disclosures.secret(server.known("password"));
    tail = new EventTail(scratch.resolve("data/yaoku.db"));
    stateBefore = state();
    assertThat(stateBefore.get("key")).hasSize(2);
    assertThat(stateBefore.get("user")).isNotEmpty();
  }

  @AfterAll
  void stop() {
    server.close();
    log.close();
    assertThat(sent).isGreaterThan(1_000);
    assertThat(log.text()).contains("share a file system"); // so it is the server's
    disclosures.holdsNoSecret("the log", log.text());
    assertThat(log.text()).doesNotContain("ERROR ");
  }

  private static Map<String, List<String>> state() {
    return StoreDump.of(scratch.resolve("data"));
  }

  private List<Route> routes() {
    return server.yaoku.wiring().server().routes();
  }

  private List<Route> routesOfTheProved() {
    return routes().stream().filter(route -> route.entry() == Route.Entry.PROVED).toList();
  }

  /** The path of a route with things in it that are not there. */
  private String path(Route route) {
    return route
        .path()
        .replace("{project_id}", project)
        .replace("{key_id}", NOWHERE)
        .replace("{keystore_id}", NOWHERE)
        .replace("{policy_id}", NOWHERE)
        .replace("{access_point_id}", NOWHERE)
        .replace("{key...}", "none")
        .replaceAll("\\{[a-z_.]+}", "none");
  }

  private void send(Route route, byte[] body) {
    send(route, path(route), body);
  }

  private HttpResponse<String> send(Route route, String path, byte[] body) {
    HttpResponse<String> answer = server.signed(route.method(), path, body, (_, v) -> v);
    check(route.operation(), body, answer);
    boolean read = answer.statusCode() != 413; // or nobody has proved to be the sender
    if (route.entry() == Route.Entry.PROVED && answer.statusCode() >= 400 && read) {
      refused.put(idOf(answer), route.operation() + " with " + clip(new String(body, UTF_8)));
    }
    return answer;
  }

  private static String idOf(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  private void check(String what, byte[] body, HttpResponse<String> answer) {
    sent++;
    String said = what + " with " + clip(new String(body, UTF_8)) + " answered " + answer.body();
    assertThat(answer.headers().firstValue("x-request-id")).as(said).isPresent();
    int status = answer.statusCode();
    assertThat(status < 500 || BUSY.contains(status)).as(said).isTrue();
    if (status >= 400) {
      assertThat(codeOf(answer)).as(said).isNotEmpty();
      disclosures.tellsNothing(said, answer.body() + answer.headers().map());
    } else {
      disclosures.holdsNoSecret(said, answer.body() + answer.headers().map());
    }
  }

  private static String clip(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  /**
   * Of the KMS, of the gateway before it, or of the identity service; HEAD has its status alone.
   */
  private static String codeOf(HttpResponse<String> answer) {
    String body = answer.body();
    if (answer.request().method().equals("HEAD")) {
      assertThat(body).isEmpty();
      return String.valueOf(answer.statusCode());
    }
    try {
      JsonNode error = JSON.readTree(body);
      for (String at : List.of("/error/error_code", "/error_code", "/error/code")) {
        if (!error.at(at).isMissingNode()) {
          return error.at(at).asString();
        }
      }
    } catch (JacksonException e) {
      throw new AssertionError("no JSON: " + body, e);
    }
    return "";
  }

  private void nothingChanged() {
    assertThat(state()).isEqualTo(stateBefore);
    eachRefusalLeftOneEvent();
  }

  private void eachRefusalLeftOneEvent() {
    Map<String, Long> events =
        tail.news().stream()
            .map(row -> new String(row.entry(), SALT_BYTES, row.entry().length - SALT_BYTES, UTF_8))
            .map(event -> JSON.readTree(event).at("/request_id").asString(""))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    Map<String, Long> others = new TreeMap<>();
    refused.forEach((id, what) -> {
      long left = events.getOrDefault(id, 0L);
      if (left != 1) {
        others.put(what, left);
      }
    });
    refused.clear();
    assertThat(others).as("refusals without one event").isEmpty();
  }

  @Test
  void bodiesThatAreNoJsonObjectAreRefusedByEveryRoute() {
    for (Route route : routes()) {
      for (byte[] body : noObjects()) {
        send(route, body);
      }
    }
    nothingChanged();
  }

  /** Bodies that are no JSON object, or are not well-formed, or too long. */
  static List<byte[]> noObjects() {
    List<byte[]> bodies = new ArrayList<>();
    for (String text :
        List.of(
            "{",
            "[]",
            "\"x\"",
            "1",
            "nul",
            "{\"a\":1,\"a\":2}",
            "{}{}",
            "{\"a\":}",
            "{'a':1}",
            "{\"a\":1,}",
            "<xml/>",
            "\u0000",
            "{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}")) {
      bodies.add(text.getBytes(UTF_8));
    }
    bodies.add(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
    bodies.add(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xc0, (byte) 0x80, '"', '}'});
    bodies.add(filled(20_000));
    return bodies;
  }

  /** No value of any member. */
  static List<String> values() {
    return VALUES;
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }

  @Test
  void aBodyThatIsTooLongIsRefusedByEveryRoute() {
    byte[] body = filled(200_000);
    for (Route route : routes()) {
      send(route, body);
    }
    nothingChanged();
  }

  @Test
  void membersOfAnyKindAndLengthChangeNothing() {
    Random random = new Random(SEED);
    for (Route route : routes()) {
      for (int i = 0; i < 40; i++) {
        send(route, junk(random).getBytes(UTF_8));
      }
    }
    nothingChanged();
    assertThat(sent).isGreaterThan(1_000);
  }

  /** Members with values that none of them can have; a key, if it is named, that is not there. */
  static String junk(Random random) {
    StringBuilder body = new StringBuilder("{");
    List<String> left = new ArrayList<>(MEMBERS);
    if (random.nextBoolean()) {
      left.remove("key_id");
      body.append("\"key_id\":\"").append(NOWHERE).append('"');
    }
    for (int members = 1 + random.nextInt(6); members > 0; members--) {
      String member = left.remove(random.nextInt(left.size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      body.append(body.length() > 1 ? "," : "").append('"').append(member).append("\":");
      body.append(value);
    }
    return body.append('}').toString();
  }

  @Test
  void oneWrongMemberBesideAKeyThatIsThereChangesNothing() {
    for (Route route : routes()) {
      if (!route.method().equals("POST") || !route.path().contains("/kms/")) {
        continue;
      }
      for (String member : MEMBERS) {
        if (!member.equals("key_id")) {
          String body = "{\"key_id\":\"!" + key + "\",\"" + member + "\":\"!\"}";
          send(route, body.getBytes(UTF_8));
        }
      }
    }
    nothingChanged();
  }

  @Test
  void anotherProjectInThePathIsRefusedByEveryRoute() {
    for (Route route : routesOfTheProved()) {
      if (route.path().contains("{project_id}")) {
        String path = path(route).replace(project, FOREIGN_PROJECT);
        HttpResponse<String> answer = send(route, path, "{}".getBytes(UTF_8));
        assertThat(answer.statusCode()).as(route.operation()).isEqualTo(403);
      }
    }
    nothingChanged();
  }

  @Test
  void everyRouteRefusesASpoiltSignatureAlike() {
    for (Route route : routesOfTheProved()) {
      byte[] body = ("{\"key_id\":\"" + key + "\"}").getBytes(UTF_8);
      HttpResponse<String> answer =
          server.signed(route.method(), path(route), body, BadInputTest::spoilt);
      assertThat(answer.statusCode()).as(route.operation()).isEqualTo(401);
      assertThat(codeOf(answer)).isNotEmpty();
      HttpResponse<String> unsigned =
          server.send(
              server
                  .to(path(route))
                  .method(
                      route.method(), java.net.http.HttpRequest.BodyPublishers.ofByteArray(body)));
      assertThat(unsigned.statusCode()).as(route.operation()).isEqualTo(401);
    }
    nothingChanged();
  }

  private static String spoilt(String name, String value) {
    if (!name.equals("authorization")) {
      return value;
    }
    char last = value.charAt(value.length() - 1);
    return value.substring(0, value.length() - 1) + (last == '0' ? '1' : '0');
  }

  @Test
  void everyRouteRefusesOtherMethods() {
    Set<String> taken = new java.util.HashSet<>();
    routes().forEach(route -> taken.add(route.method() + path(route)));
    for (Route route : routes()) {
      for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "POST", "BREW")) {
        if (!taken.contains(method + path(route))) {
          HttpResponse<String> answer =
              server.signed(method, path(route), "{}".getBytes(UTF_8), (_, v) -> v);
          assertThat(answer.statusCode()).as(method + " " + route.path()).isBetween(400, 499);
        }
      }
    }
    nothingChanged();
  }

  @Test
  void unknownPathsAreNoApis() {
    for (String path :
        List.of(
            "/v1.0/" + project + "/kms/nothing",
            "/v1.0/" + project + "/kms/create-key/more",
            "/v9/" + project + "/kms/create-key",
            "/v1.0/" + project,
            "/kms",
            "/v1.0//kms/create-key",
            "/health/none/x",
            "/metrics")) {
      HttpResponse<String> answer = server.signed("POST", path, "{}".getBytes(UTF_8), (_, v) -> v);
      assertThat(answer.statusCode()).as(path).isBetween(400, 499);
      check(path, new byte[0], answer);
    }
    nothingChanged();
  }
}
