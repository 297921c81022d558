package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Oaep;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every operation on a replica in every state, over HTTP, with the contract's codes (semantics.md 1
 * and 12); whatever is refused changes nothing that anybody can see.
 */
class ReplicaStatesOverHttpTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String GRANTEE = "13gg44z4g2sglzk0egw0u726zoyzvrs8";
  private static final String FAR_REGION = "cn-south-1";
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir static Path scratch;
  private static LiveServer server;
  private static String home = "";
  private static String far = "";
  private static Duration passed = Duration.ZERO;

  /** Of the other region. */
  private static KeySpaces spaces;

  private static KeySpaces.Program program;

  /** A key of the other region that can be used. */
  private static String healthy = "";

  /** States of a key whose material was never outside. */
  private static final Set<String> MADE_HERE = Set.of("enabled", "disabled", "pending deletion");

  /** What was made with a replica before its state changed. */
  private static final Map<String, Map<String, String>> MADE = new HashMap<>();

  @BeforeAll
  static void start() throws IOException {
    server =
        new LiveServer(
            scratch.resolve("data"),
            Map.of("dev.enabled", "true", "quotas.keys", "10000", "regions.others", FAR_REGION));
    home = server.known("project_id");
    far = server.projectIn(FAR_REGION);
    spaces = new KeySpaces(server, far);
    program = spaces.program(KeySpaces.space());
    HttpResponse<String> made = send(far, "POST", "create-key", "{'key_alias':'healthy'}");
    healthy = JSON.readTree(made.body()).at("/key_info/key_id").asString();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // of a key made here: enabled, disabled, pending deletion; of an imported one: enabled, without
    // material since its primary lost it, disabled, pending deletion, and expired
    "describe-key, 200, 200, 200, 200, 200, 200, 200, 200",
    "list-grants, 200, 200, 200, 200, 200, 200, 200, 200",
    "tags, 200, 200, 200, 200, 200, 200, 200, 200",
    "get-key-rotation-status, 200, 200, 200, 200, 200, 200, 200, 200",
    "enable-key, KMS.1201, 200, KMS.0210, KMS.1201, KMS.1201, 200, KMS.0210, KMS.1201",
    "disable-key, 200, KMS.1301, KMS.0210, 200, KMS.1301, KMS.1301, KMS.0210, KMS.1301",
    "schedule-key-deletion, 200, 200, KMS.1402, 200, 200, 200, KMS.1402, 200",
    "cancel-key-deletion, KMS.1501, KMS.1501, 200, KMS.1501, KMS.1501, KMS.1501, 200, KMS.1501",
    "update-key-alias, 200, 200, KMS.0210, 200, 200, 200, KMS.0210, 200",
    "update-key-description, 200, 200, KMS.0210, 200, 200, 200, KMS.0210, 200",
    "encrypt-data, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "create-datakey, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "create-datakey-without-plaintext, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210,"
        + " KMS.1301",
    "create-rsa-datakey-pair, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "create-ec-datakey-pair, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "encrypt-datakey, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "sign, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "get-publickey, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "derive-shared-secret, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "generate-mac, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "create-grant, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "enable-key-rotation, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106,"
        + " KMS.0106",
    "disable-key-rotation, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106,"
        + " KMS.0106",
    "update-key-rotation-interval, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106,"
        + " KMS.0106, KMS.0106",
    "rotate-on-demand, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106,"
        + " KMS.0106",
    "yaoku-rotate-now, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106,"
        + " KMS.0106",
    "get-parameters-for-import, KMS.1404, KMS.1404, KMS.1404, KMS.1404, KMS.1404, KMS.1404,"
        + " KMS.1404, KMS.1404",
    "import-key-material, KMS.1404, KMS.1404, KMS.1404, KMS.1404, KMS.1404, KMS.1404, KMS.1404,"
        + " KMS.1404",
    "delete-imported-key-material, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106,"
        + " KMS.0106, KMS.0106",
    "create tag, 204, 204, 204, 204, 204, 204, 204, 204",
    "change tags, 204, 204, 204, 204, 204, 204, 204, 204",
    "create alias, 201, 201, KMS.0210, 201, 201, 201, KMS.0210, 201",
    "replicate, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106, KMS.0106",
    "update-primary-region, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "yaoku-list-versions, 200, 200, 200, 200, 200, 200, 200, 200",
    "list aliases, 200, 200, 200, 200, 200, 200, 200, 200",
    "decrypt-data, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "decrypt-data by key, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "decrypt-datakey, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "re-encrypt from, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "re-encrypt to, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "datakey-capsule/create, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "datakey-capsule/decrypt, 200, KMS.0209, KMS.0210, 200, KMS.1301, KMS.0209, KMS.0210, KMS.1301",
    "verify, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "verify-mac, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "revoke-grant, 200, 200, 200, 200, 200, 200, 200, 200",
    "retire-grant, 200, 200, 200, 200, 200, 200, 200, 200",
    "delete tag, 204, 204, 204, 204, 204, 204, 204, 204",
    "associate alias, 200, 200, KMS.0210, 200, 200, 200, KMS.0210, 200",
    "delete alias, 204, 204, 204, 204, 204, 204, 204, 204",
  })
  void operationOnAReplica(
      String operation,
      String enabled,
      String disabled,
      String pendingDeletion,
      String imported,
      String withoutMaterial,
      String importedDisabled,
      String importedPendingDeletion,
      String expired) {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("enabled", enabled);
    expected.put("disabled", disabled);
    expected.put("pending deletion", pendingDeletion);
    expected.put("imported", imported);
    expected.put("without material", withoutMaterial);
    expected.put("imported, disabled", importedDisabled);
    expected.put("imported, pending deletion", importedPendingDeletion);
    expected.put("expired", expired);
    expected.values().removeIf("~"::equals);
    Map<String, String> found = new LinkedHashMap<>();
    expected
        .keySet()
        .forEach(state -> found.put(state, outcome(far, operation, replicaFor(operation, state))));

    assertThat(found).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "replicate, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0211",
    // It has no replicas yet.
    "update-primary-region, KMS.3803, KMS.3803, KMS.3803, KMS.3803, KMS.3803, KMS.0211",
  })
  void operationOnAKeyThatMayBecomeAPrimary(
      String operation,
      String enabled,
      String disabled,
      String pendingDeletion,
      String pendingImport,
      String imported,
      String ofAService) {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("enabled", enabled);
    expected.put("disabled", disabled);
    expected.put("pending deletion", pendingDeletion);
    expected.put("pending import", pendingImport);
    expected.put("imported", imported);
    expected.put("of a service", ofAService);
    Map<String, String> found = new LinkedHashMap<>();
    expected
        .keySet()
        .forEach(state -> {
          String key =
              switch (state) {
                case "of a service" ->
                    server.kms(
                        "yaoku-create-default-key",
                        "{'service':'s" + NAMES.incrementAndGet() + "'}",
                        "/key_id");
                case "pending import" -> made("AES_256", "ENCRYPT_DECRYPT", "external");
                default -> keyFor(operation, state);
              };
          bringInto(home, state, key);
          found.put(state, outcome(home, operation, key));
        });

    assertThat(found).isEqualTo(expected);
  }

  private static void bringInto(String project, String state, String key) {
    if (state.endsWith("disabled")) {
      assertThat(send(project, "POST", "disable-key", about(key, "")).statusCode()).isEqualTo(200);
    } else if (state.endsWith("pending deletion")) {
      String body = about(key, ",'pending_days':'7'");
      assertThat(send(project, "POST", "schedule-key-deletion", body).statusCode()).isEqualTo(200);
    }
  }

  /** What an operation on a replica needs that is made while the replica can be used. */
  private static Map<String, String> use(String operation, String key) {
    return switch (operation) {
      case "decrypt-data", "decrypt-data by key", "re-encrypt from" ->
          Map.of("data", got("encrypt-data", key, ",'plain_text':'x'", "/cipher_text"));
      case "decrypt-datakey" ->
          Map.of("data", got("create-datakey", key, ",'datakey_length':'512'", "/cipher_text"));
      case "datakey-capsule/decrypt" ->
          Map.of(
              "capsule",
              spaces.sealed(key, KeySpaces.allowing(program.id())).text("/datakey_capsule"));
      case "verify" -> Map.of("signature", got("sign", key, more("sign"), "/signature"));
      case "verify-mac" -> Map.of("mac", got("generate-mac", key, more("generate-mac"), "/mac"));
      case "revoke-grant", "retire-grant" ->
          Map.of("grant", got("create-grant", key, more("create-grant"), "/grant_id"));
      case "delete tag" -> {
        call(far, "create tag", key);
        yield Map.of();
      }
      case "delete alias" -> {
        String alias = "alias/kept-" + NAMES.incrementAndGet();
        send(far, "POST", "aliases", about(key, ",'alias':'" + alias + "'"));
        yield Map.of("alias", alias);
      }
      default -> Map.of();
    };
  }

  private static String got(String operation, String key, String more, String pointer) {
    HttpResponse<String> answer = send(far, "POST", operation, about(key, more));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).at(pointer).asString();
  }

  /** Imported material comes to the replica, goes from it and comes back by the primary alone. */
  @Test
  void aReplicaHasTheImportedMaterialThatItsPrimaryHas() {
    String primary = keyFor("encrypt-data", "imported");
    String replica = replicaOf(primary);
    String text = got("encrypt-data", replica, ",'plain_text':'x'", "/cipher_text");

    assertThat(codesOfUse(replica, text)).containsExactly("200", "200");
    assertThat(shown(replica, "/key_info/key_state")).isEqualTo("2");

    deleteMaterial(primary);
    assertThat(codesOfUse(replica, text)).containsExactly("KMS.1301", "KMS.1301");
    assertThat(shown(replica, "/key_info/key_state")).isEqualTo("5");

    bringMaterial(primary, "");
    assertThat(codesOfUse(replica, text)).containsExactly("200", "200");
    assertThat(shown(replica, "/key_info/key_state")).isEqualTo("2");
  }

  private static List<String> codesOfUse(String replica, String text) {
    return Stream.of(
            send(far, "POST", "encrypt-data", about(replica, more("encrypt-data"))),
            send(far, "POST", "decrypt-data", "{'cipher_text':'" + text + "'}"))
        .map(ReplicaStatesOverHttpTest::code)
        .toList();
  }

  private static String shown(String replica, String pointer) {
    HttpResponse<String> answer = send(far, "POST", "describe-key", about(replica, ""));
    return JSON.readTree(answer.body()).at(pointer).asString();
  }

  private static void deleteMaterial(String key) {
    HttpResponse<String> answer =
        send(home, "POST", "delete-imported-key-material", about(key, ""));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
  }

  private static String replicaFor(String operation, String state) {
    boolean kept = MADE_HERE.contains(state);
    String source = keyFor(operation, kept ? "enabled" : state);
    String replica = replicaOf(source);
    MADE.put(replica, use(operation, replica));
    if (state.equals("without material")) {
      deleteMaterial(source);
    } else if (state.equals("expired")) {
      pass(Duration.ofDays(2));
    }
    bringInto(far, state, replica);
    return replica;
  }

  private static String replicaOf(String source) {
    HttpResponse<String> made = replicate(home, source);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    return JSON.readTree(made.body()).at("/key_id").asString();
  }

  private static HttpResponse<String> replicate(String project, String key) {
    String body =
        "{'replica_region':'%s','replica_project_id':'%s','key_alias':'replica-%d'}"
            .formatted(FAR_REGION, far, NAMES.incrementAndGet());
    return server.in(project, "POST", keyPath(project, key) + "/replicate", body);
  }

  private static String keyPath(String project, String key) {
    return "/v2/" + project + "/kms/keys/" + key;
  }

  private static String outcome(String project, String operation, String key) {
    List<String> before = seen(project, key);
    HttpResponse<String> answer = call(project, operation, key);
    if (answer.statusCode() < 300) {
      return Integer.toString(answer.statusCode());
    }
    assertThat(seen(project, key)).as("what %s refused", operation).isEqualTo(before);
    assertThat(answer.statusCode()).isEqualTo(400);
    return code(answer);
  }

  private static String code(HttpResponse<String> answer) {
    return answer.statusCode() == 200
        ? "200"
        : JSON.readTree(answer.body()).at("/error/error_code").asString();
  }

  /** All that can be read about a key. */
  private static List<String> seen(String project, String key) {
    return Stream.of(
            send(project, "POST", "describe-key", about(key, "")),
            send(project, "POST", "get-key-rotation-status", about(key, "")),
            send(project, "POST", "list-grants", about(key, "")),
            send(project, "GET", key + "/tags", ""),
            send(project, "GET", "aliases", ""))
        .peek(answer -> assertThat(answer.statusCode()).isEqualTo(200))
        .map(HttpResponse::body)
        .toList();
  }

  private static String keyFor(String operation, String state) {
    boolean external = !MADE_HERE.contains(state);
    String origin = external ? "external" : "kms";
    String key =
        switch (operation) {
          case "sign", "verify", "get-publickey" -> made("EC_P256", "SIGN_VERIFY", origin);
          case "derive-shared-secret" -> made("EC_P256", "KEY_AGREEMENT", origin);
          case "generate-mac", "verify-mac" -> made("HMAC_256", "GENERATE_VERIFY_MAC", origin);
          default -> made("AES_256", "ENCRYPT_DECRYPT", origin);
        };
    if (external) {
      long tomorrow = now().plus(Duration.ofDays(1)).getEpochSecond();
      bringMaterial(key, state.equals("expired") ? ",'expiration_time':" + tomorrow : "");
    }
    return key;
  }

  private static String made(String spec, String usage, String origin) {
    return server.kms(
        "create-key",
        "{'key_alias':'key-%d','key_spec':'%s','key_usage':'%s','origin':'%s'}"
            .formatted(NAMES.incrementAndGet(), spec, usage, origin),
        "/key_info/key_id");
  }

  private static void bringMaterial(String key, String more) {
    JsonNode parameters =
        server.kms(
            "get-parameters-for-import", about(key, ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'"));
    String wrapped = Oaep.encrypted(parameters.at("/public_key").asString(), new byte[32]);
    String token = parameters.at("/import_token").asString();
    String members = ",'import_token':'%s','encrypted_key_material':'%s'".formatted(token, wrapped);
    assertThat(server.kms("import-key-material", about(key, members + more))).isEmpty();
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private static HttpResponse<String> call(String project, String operation, String key) {
    Map<String, String> made = MADE.getOrDefault(key, Map.of());
    return switch (operation) {
      case "list aliases" -> send(project, "GET", "aliases?key_id=" + key, "");
      case "decrypt-data" ->
          send(project, "POST", operation, "{'cipher_text':'" + made.get("data") + "'}");
      case "decrypt-data by key" ->
          send(
              project,
              "POST",
              "decrypt-data",
              about(key, ",'cipher_text':'" + made.get("data") + "'"));
      case "re-encrypt from" -> reEncrypt(made.get("data"), healthy);
      case "re-encrypt to" ->
          reEncrypt(got("encrypt-data", healthy, ",'plain_text':'x'", "/cipher_text"), key);
      case "decrypt-datakey" ->
          send(
              project,
              "POST",
              operation,
              about(key, ",'datakey_cipher_length':'64','cipher_text':'" + made.get("data") + "'"));
      case "datakey-capsule/decrypt" ->
          send(
              project,
              "POST",
              operation,
              about(
                  key,
                  ",'attestation_document':%s,'datakey_capsule':'%s'"
                      .formatted(proof(made.get("capsule")), made.get("capsule"))));
      case "verify" ->
          send(
              project,
              "POST",
              operation,
              about(key, more("sign") + ",'signature':'" + made.get("signature") + "'"));
      case "verify-mac" ->
          send(
              project,
              "POST",
              operation,
              about(key, more("generate-mac") + ",'mac':'" + made.get("mac") + "'"));
      case "revoke-grant", "retire-grant" ->
          send(project, "POST", operation, about(key, ",'grant_id':'" + made.get("grant") + "'"));
      case "delete tag" -> send(project, "DELETE", key + "/tags/k", "");
      case "delete alias" ->
          send(
              project, "DELETE", "aliases", about(key, ",'aliases':['" + made.get("alias") + "']"));
      case "associate alias" ->
          send(
              project,
              "POST",
              "alias/associate",
              "{'target_key_id':'%s','alias':'alias/a%d'}".formatted(key, NAMES.incrementAndGet()));
      case "tags" -> send(project, "GET", key + "/tags", "");
      case "create tag" -> send(project, "POST", key + "/tags", "{'tag':{'key':'k','value':'v'}}");
      case "change tags" ->
          send(project, "POST", key + "/tags/action", "{'action':'create','tags':[{'key':'k'}]}");
      case "create alias" ->
          send(
              project,
              "POST",
              "aliases",
              about(key, ",'alias':'alias/a" + NAMES.incrementAndGet() + "'"));
      case "replicate" -> replicate(project, key);
      case "update-primary-region" ->
          server.in(
              project,
              "PUT",
              keyPath(project, key) + "/update-primary-region",
              "{'primary_region':'" + FAR_REGION + "'}");
      default -> send(project, "POST", operation, about(key, more(operation)));
    };
  }

  /** What a program sends that may open a capsule. */
  private static String proof(@Nullable String capsule) {
    try {
      Instant until = now().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
      return JSON.writeValueAsString(program.proof(Objects.requireNonNull(capsule), until));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The server's time. */
  private static Instant now() {
    return Instant.now().plus(passed);
  }

  private static void pass(Duration time) {
    String body = "{\"forward_seconds\":" + time.toSeconds() + "}";
    assertThat(server.post("/dev/clock", "application/json", body).statusCode()).isEqualTo(200);
    passed = passed.plus(time);
  }

  private static HttpResponse<String> reEncrypt(@Nullable String cipherText, String to) {
    return send(
        far,
        "POST",
        "re-encrypt",
        "{'destination_key_id':'%s','cipher_text':'%s'}".formatted(to, cipherText));
  }

  private static HttpResponse<String> send(
      String project, String method, String path, String body) {
    return server.in(project, method, "/v1.0/" + project + "/kms/" + path, body);
  }

  private static String more(String operation) {
    return switch (operation) {
      case "schedule-key-deletion" -> ",'pending_days':'7'";
      case "update-key-alias" -> ",'key_alias':'renamed-" + NAMES.incrementAndGet() + "'";
      case "update-key-description" -> ",'key_description':'new'";
      case "encrypt-data" -> ",'plain_text':'hello'";
      case "create-rsa-datakey-pair" -> ",'key_spec':'RSA_2048'";
      case "create-ec-datakey-pair" -> ",'key_spec':'ECC_NIST_P256'";
      case "encrypt-datakey" ->
          ",'datakey_plain_length':'64','plain_text':'"
              + "00".repeat(64)
              + "F5A5FD42D16A20302798EF6ED309979B43003D2320D9F0E8EA9831A92759FB4B'";
      case "sign" ->
          ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'ECDSA_SHA_256'";
      case "derive-shared-secret" ->
          ",'key_agreement_algorithm':'ECDH','public_key':'" + partner() + "'";
      case "generate-mac" -> ",'message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256'";
      case "create-grant" ->
          ",'grantee_principal':'" + GRANTEE + "','operations':['describe-key','encrypt-data']";
      case "datakey-capsule/create" -> ",'datakey_length':'256','key_policy':'{}'";
      case "update-key-rotation-interval" -> ",'rotation_interval':'90'";
      case "import-key-material" ->
          ",'import_token':'%s','encrypted_key_material':'%s'"
              .formatted("AAAA".repeat(60), "AAAA".repeat(86));
      // Not by RSA: a pair for each takes seconds where there is no native code.
      case "get-parameters-for-import" -> ",'wrapping_algorithm':'SM2_ENCRYPT'";
      default -> "";
    };
  }

  private static String partner() {
    try {
      KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
      pairs.initialize(new ECGenParameterSpec("secp256r1"));
      return Base64.getEncoder().encodeToString(pairs.generateKeyPair().getPublic().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
