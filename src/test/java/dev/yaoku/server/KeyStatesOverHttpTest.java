package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Oaep;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every operation on a key in every state, over HTTP, with the contract's codes (semantics.md 1);
 * whatever is refused changes nothing that anybody can see.
 */
class KeyStatesOverHttpTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String GRANTEE = "13gg44z4g2sglzk0egw0u726zoyzvrs8";
  private static final String FAR_REGION = "cn-south-1";
  private static final AtomicInteger NAMES = new AtomicInteger();

  /** How far the server's clock is ahead while the operations are tried. */
  private static final Duration MOVED = Duration.ofDays(2);

  private static final List<String> STATES =
      List.of(
          "enabled",
          "disabled",
          "pending deletion",
          "pending import",
          "imported",
          "imported, disabled",
          "imported, pending deletion",
          "expired");

  /** What a key in a dedicated keystore can be, which takes no material from outside. */
  private static final List<String> FILED = List.of("enabled", "disabled", "pending deletion");

  @TempDir static Path scratch;
  private static LiveServer server;

  /**
   * Keys whose imported material has expired, by what was made with them before; the clock moved
   * once for all of them.
   */
  private static final List<Prepared> EXPIRED = new ArrayList<>();

  /** A key, and what an operation needs that was made while the key could still be used. */
  private record Prepared(String key, Map<String, String> made) {}

  private static Tenant tenant;
  private static KeySpaces spaces;
  private static KeySpaces.Program program;
  private static String healthy = "";

  /** A token for another key, and material wrapped for it. */
  private static Map<String, String> foreign = Map.of();

  @BeforeAll
  static void start() throws IOException {
    server =
        new LiveServer(
            scratch.resolve("data"),
            Map.of("dev.enabled", "true", "quotas.keys", "10000", "regions.others", FAR_REGION));
    tenant = Tenant.first(server);
    spaces = new KeySpaces(server);
    program = spaces.program(KeySpaces.space());
    healthy = made("AES_256", "ENCRYPT_DECRYPT", "kms");
    foreign = bring(made("AES_256", "ENCRYPT_DECRYPT", "external"), 0);
    long tomorrow = Instant.now().plus(Duration.ofDays(1)).getEpochSecond();
    for (int i = 0; i < 60; i++) {
      String key = made("AES_256", "ENCRYPT_DECRYPT", "external");
      bringMaterial(key, ",'expiration_time':'" + tomorrow + "'");
      EXPIRED.add(new Prepared(key, use(key)));
    }
    HttpResponse<String> moved =
        server.post(
            "/dev/clock", "application/json", "{\"forward_seconds\":" + MOVED.toSeconds() + "}");
    assertThat(moved.statusCode()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // Columns as in STATES; ~ where such a key cannot be
    "describe-key, 200, 200, 200, 200, 200, 200, 200, 200",
    "list-grants, 200, 200, 200, 200, 200, 200, 200, 200",
    "tags, 200, 200, 200, 200, 200, 200, 200, 200",
    "get-key-rotation-status, 200, 200, 200, 200, 200, 200, 200, 200",
    "enable-key, KMS.1201, 200, KMS.0210, KMS.1201, KMS.1201, 200, KMS.0210, KMS.1201",
    "disable-key, 200, KMS.1301, KMS.0210, KMS.1301, 200, KMS.1301, KMS.0210, KMS.1301",
    "schedule-key-deletion, 200, 200, KMS.1402, 200, 200, 200, KMS.1402, 200",
    "cancel-key-deletion, KMS.1501, KMS.1501, 200, KMS.1501, KMS.1501, KMS.1501, 200, KMS.1501",
    "update-key-alias, 200, 200, KMS.0210, 200, 200, 200, KMS.0210, 200",
    "update-key-description, 200, 200, KMS.0210, 200, 200, 200, KMS.0210, 200",
    "encrypt-data, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "create-datakey, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "create-datakey-without-plaintext, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210,"
        + " KMS.1301",
    "create-rsa-datakey-pair, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "create-ec-datakey-pair, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "encrypt-datakey, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "datakey-capsule/create, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "datakey-capsule/decrypt, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "sign, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, ~",
    "get-publickey, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, ~",
    "derive-shared-secret, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, ~",
    "generate-mac, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "create-grant, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "enable-key-rotation, 200, 200, KMS.0210, KMS.0312, KMS.0312, KMS.0312, KMS.0312, KMS.0312",
    "disable-key-rotation, KMS.0313, KMS.0313, KMS.0210, KMS.0312, KMS.0312, KMS.0312, KMS.0312,"
        + " KMS.0312",
    "update-key-rotation-interval, KMS.0313, KMS.0313, KMS.0210, KMS.0312, KMS.0312, KMS.0312,"
        + " KMS.0312, KMS.0312",
    "rotate-on-demand, KMS.0309, KMS.0309, KMS.0309, KMS.1301, KMS.0310, KMS.0209, KMS.0210,"
        + " KMS.1301",
    "get-parameters-for-import, KMS.0309, KMS.0309, KMS.0309, 200, 200, KMS.0310, KMS.0210, 200",
    "delete-imported-key-material, KMS.0309, KMS.0309, KMS.0309, KMS.2701, 200, 200, KMS.2701,"
        + " KMS.2701",
    "create tag, 204, 204, 204, 204, 204, 204, 204, 204",
    "change tags, 204, 204, 204, 204, 204, 204, 204, 204",
    "create alias, 201, 201, KMS.0210, 201, 201, 201, KMS.0210, 201",
    "associate alias, 200, 200, KMS.0210, 200, 200, 200, KMS.0210, 200",
    "delete alias, 204, 204, 204, 204, 204, 204, 204, 204",
    "list aliases, 200, 200, 200, 200, 200, 200, 200, 200",
    "delete tag, 204, 204, 204, 204, 204, 204, 204, 204",
    "decrypt-data, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "decrypt-data by key, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "decrypt-datakey, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "re-encrypt from, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "re-encrypt to, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, KMS.1301",
    "verify, 200, KMS.0209, KMS.0210, KMS.1301, 200, KMS.0209, KMS.0210, ~",
    "verify-mac, 200, KMS.0209, KMS.0210, ~, ~, ~, ~, ~",
    "revoke-grant, 200, 200, 200, 200, 200, 200, 200, 200",
    "retire-grant, 200, 200, 200, 200, 200, 200, 200, 200",
    "import-key-material, KMS.0309, KMS.0309, KMS.0309, 200, 200, KMS.0310, KMS.0210, 200",
    "yaoku-list-versions, 200, 200, 200, 200, 200, 200, 200, 200",
    "yaoku-rotate-now, 200, KMS.0209, KMS.0210, KMS.0312, KMS.0312, KMS.0312, KMS.0312, KMS.0312",
  })
  void everyOperationAnswersAsTheContractSaysInEveryState(
      String operation,
      String enabled,
      String disabled,
      String pendingDeletion,
      String pendingImport,
      String imported,
      String importedDisabled,
      String importedPendingDeletion,
      String expired) {
    List<String> wanted =
        List.of(
            enabled,
            disabled,
            pendingDeletion,
            pendingImport,
            imported,
            importedDisabled,
            importedPendingDeletion,
            expired);
    Map<String, String> expected = new LinkedHashMap<>();
    Map<String, String> found = new LinkedHashMap<>();
    for (int i = 0; i < STATES.size(); i++) {
      if (!wanted.get(i).equals("~")) {
        expected.put(STATES.get(i), wanted.get(i));
        found.put(STATES.get(i), outcome(operation, prepared(operation, STATES.get(i))));
      }
    }

    assertThat(found).isEqualTo(expected);
  }

  private static String outcome(String operation, Prepared subject) {
    String key = subject.key();
    List<String> before = seen(key);
    HttpResponse<String> answer = call(operation, subject);
    if (answer.statusCode() < 300) {
      return Integer.toString(answer.statusCode());
    }
    assertThat(seen(key)).as("what %s refused", operation).isEqualTo(before);
    String code = JSON.readTree(answer.body()).at("/error/error_code").asString();
    assertThat(answer.statusCode()).isEqualTo(code.equals("KMS.0207") ? 404 : 400);
    return code;
  }

  /** All that can be read about a key. */
  private static List<String> seen(String key) {
    return Stream.of(
            send("POST", "describe-key", about(key, "")),
            send("POST", "get-key-rotation-status", about(key, "")),
            send("POST", "list-grants", about(key, "")),
            send("POST", "list-retirable-grants", "{}"),
            send("POST", "yaoku-list-versions", about(key, "")),
            send("POST", "list-keys", "{'limit':1}"),
            send("GET", "user-quotas", ""),
            send("GET", "tags", ""),
            send("GET", key + "/tags", ""),
            send("GET", "aliases", ""))
        .peek(answer -> assertThat(answer.statusCode()).isEqualTo(200))
        .map(HttpResponse::body)
        .toList();
  }

  private static Prepared prepared(String operation, String state) {
    if (state.equals("expired")) {
      Prepared expired = EXPIRED.removeLast();
      if (operation.equals("import-key-material")) {
        expired.made().putAll(bring(expired.key(), 0));
      }
      return expired;
    }
    boolean external = state.startsWith("imported") || state.equals("pending import");
    String origin = external ? "external" : "kms";
    String key =
        switch (operation) {
          case "sign", "verify", "get-publickey" -> made("EC_P256", "SIGN_VERIFY", origin);
          case "derive-shared-secret" -> made("EC_P256", "KEY_AGREEMENT", origin);
          case "generate-mac", "verify-mac" -> made("HMAC_256", "GENERATE_VERIFY_MAC", origin);
          default -> made("AES_256", "ENCRYPT_DECRYPT", origin);
        };
    Map<String, String> made = new HashMap<>();
    boolean material = state.startsWith("imported") || NEEDS_USE.contains(operation);
    if (external && material) {
      bringWhatFits(operation, key);
    }
    if (NEEDS_USE.contains(operation)) {
      made.putAll(use(key));
      if (state.equals("pending import")) {
        server.kms("delete-imported-key-material", about(key, ""));
      }
    }
    switch (operation) {
      case "verify" ->
          made.put(
              "signature",
              state.equals("pending import")
                  ? "aGVsbG8="
                  : server.kms("sign", about(key, more("sign", Map.of())), "/signature"));
      case "verify-mac" ->
          made.put(
              "mac",
              server.kms("generate-mac", about(key, more("generate-mac", Map.of())), "/mac"));
      case "import-key-material" -> {
        if (external) {
          made.putAll(bring(key, state.startsWith("imported") ? 1 : 0));
        } else {
          made.putAll(foreign);
        }
      }
      default -> {
        // The key is enough.
      }
    }
    putInto(state, key);
    return new Prepared(key, made);
  }

  private static void putInto(String state, String key) {
    if (state.endsWith("disabled")) {
      server.kms("disable-key", about(key, ""), "/key_info/key_id");
    } else if (state.endsWith("pending deletion")) {
      server.kms("schedule-key-deletion", about(key, ",'pending_days':'7'"), "/key_id");
    }
  }

  private static final Set<String> NEEDS_USE =
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

  /** Ciphertext of a key, a grant on it, a tag and an alias. */
  private static Map<String, String> use(String key) {
    Map<String, String> made = new HashMap<>();
    made.put(
        "data", server.kms("encrypt-data", about(key, ",'plain_text':'hello'"), "/cipher_text"));
    made.put(
        "data key",
        server.kms("create-datakey", about(key, ",'datakey_length':'512'"), "/cipher_text"));
    made.put(
        "grant", server.kms("create-grant", about(key, more("create-grant", made)), "/grant_id"));
    String capsule = spaces.sealed(key, KeySpaces.allowing(program.id())).text("/datakey_capsule");
    made.put("capsule", capsule);
    assertThat(send("POST", key + "/tags", "{'tag':{'key':'kept','value':'v'}}").statusCode())
        .isEqualTo(204);
    String alias = "alias/kept-" + NAMES.incrementAndGet();
    assertThat(send("POST", "aliases", about(key, ",'alias':'" + alias + "'")).statusCode())
        .isEqualTo(201);
    made.put("alias", alias);
    return made;
  }

  /** What a program sends that may open a capsule. */
  private static String proof(@Nullable String capsule) {
    try {
      Instant until = Instant.now().plus(MOVED).plusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
      return JSON.writeValueAsString(program.proof(Objects.requireNonNull(capsule), until));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String made(String spec, String usage, String origin) {
    return server.kms(
        "create-key",
        "{'key_alias':'key-%d','key_spec':'%s','key_usage':'%s','origin':'%s'}"
            .formatted(NAMES.incrementAndGet(), spec, usage, origin),
        "/key_info/key_id");
  }

  /** A pair of one's own where the operation needs a pair, which never expires. */
  private static void bringWhatFits(String operation, String key) {
    switch (operation) {
      case "sign", "verify", "get-publickey", "derive-shared-secret" ->
          assertThat(broughtPair(key)).isEmpty();
      default -> bringMaterial(key, "");
    }
  }

  private static JsonNode broughtPair(String key) {
    try {
      return new Importer(server).bringPair(key, pair().getPrivate().getEncoded());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static void bringMaterial(String key, String more) {
    String members = more("import-key-material", bring(key, 0));
    assertThat(server.kms("import-key-material", about(key, members + more))).isEmpty();
  }

  /** A token and material wrapped for it. */
  private static Map<String, String> bring(String key, int material) {
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

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private static HttpResponse<String> call(String operation, Prepared subject) {
    String key = subject.key();
    Map<String, String> made = subject.made();
    return switch (operation) {
      case "list aliases" -> tenant.call("GET", "/kms/aliases?key_id=" + key, "").raw();
      case "replicate" ->
          tenant
              .send(
                  "POST",
                  ofRegions(key) + operation,
                  "{'replica_region':'%s','replica_project_id':'%s','key_alias':'far-%d'}"
                      .formatted(FAR_REGION, server.projectIn(FAR_REGION), NAMES.incrementAndGet()))
              .raw();
      case "update-primary-region" ->
          tenant
              .send("PUT", ofRegions(key) + operation, "{'primary_region':'" + FAR_REGION + "'}")
              .raw();
      case "delete tag" -> send("DELETE", key + "/tags/kept", "");
      case "delete alias" ->
          send("DELETE", "aliases", about(key, ",'aliases':['" + made.get("alias") + "']"));
      case "associate alias" ->
          send(
              "POST",
              "alias/associate",
              "{'target_key_id':'%s','alias':'alias/a%d'}".formatted(key, NAMES.incrementAndGet()));
      case "decrypt-data" -> send("POST", operation, "{'cipher_text':'" + made.get("data") + "'}");
      case "decrypt-data by key" ->
          send("POST", "decrypt-data", about(key, ",'cipher_text':'" + made.get("data") + "'"));
      case "re-encrypt from" ->
          send(
              "POST",
              "re-encrypt",
              "{'destination_key_id':'%s','cipher_text':'%s'}"
                  .formatted(healthy, made.get("data")));
      case "re-encrypt to" ->
          send(
              "POST",
              "re-encrypt",
              "{'destination_key_id':'%s','cipher_text':'%s'}"
                  .formatted(
                      key,
                      server.kms(
                          "encrypt-data",
                          about(healthy, ",'plain_text':'hello'"),
                          "/cipher_text")));
      case "tags" -> send("GET", key + "/tags", "");
      case "create tag" -> send("POST", key + "/tags", "{'tag':{'key':'k','value':'v'}}");
      case "change tags" ->
          send("POST", key + "/tags/action", "{'action':'create','tags':[{'key':'k'}]}");
      case "create alias" ->
          send("POST", "aliases", about(key, ",'alias':'alias/a" + NAMES.incrementAndGet() + "'"));
      default -> send("POST", operation, about(key, more(operation, made)));
    };
  }

  private static String ofRegions(String key) {
    return "/v2/" + tenant.project + "/kms/keys/" + key + "/";
  }

  private static HttpResponse<String> send(String method, String path, String body) {
    return server.signed(
        method,
        "/v1.0/" + server.known("project_id") + "/kms/" + path,
        body.replace('\'', '"').getBytes(UTF_8),
        (_, value) -> value);
  }

  private static String more(String operation, Map<String, String> made) {
    return switch (operation) {
      case "decrypt-datakey" ->
          ",'datakey_cipher_length':'64','cipher_text':'" + made.get("data key") + "'";
      case "verify" -> more("sign", made) + ",'signature':'" + made.get("signature") + "'";
      case "verify-mac" -> more("generate-mac", made) + ",'mac':'" + made.get("mac") + "'";
      case "revoke-grant", "retire-grant" -> ",'grant_id':'" + made.get("grant") + "'";
      case "import-key-material" ->
          ",'import_token':'%s','encrypted_key_material':'%s'"
              .formatted(made.get("token"), made.get("wrapped"));
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
      case "datakey-capsule/create" -> ",'datakey_length':'256','key_policy':'{}'";
      case "datakey-capsule/decrypt" ->
          ",'attestation_document':%s,'datakey_capsule':'%s'"
              .formatted(proof(made.get("capsule")), made.get("capsule"));
      case "sign" ->
          ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'ECDSA_SHA_256'";
      case "derive-shared-secret" ->
          ",'key_agreement_algorithm':'ECDH','public_key':'" + partner() + "'";
      case "generate-mac" -> ",'message':'aGVsbG8=','mac_algorithm':'HMAC_SHA_256'";
      case "create-grant" ->
          ",'grantee_principal':'" + GRANTEE + "','operations':['describe-key','encrypt-data']";
      case "update-key-rotation-interval" -> ",'rotation_interval':'90'";
      case "get-parameters-for-import" -> ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'";
      default -> "";
    };
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "describe-key, 200",
    "list-grants, 200",
    "tags, 200",
    "list aliases, 200",
    "get-key-rotation-status, 200",
    "yaoku-list-versions, 200",
    "encrypt-data, 200",
    "decrypt-data, 200",
    "decrypt-data by key, 200",
    "re-encrypt from, 200",
    "re-encrypt to, 200",
    "create-datakey, 200",
    "create-datakey-without-plaintext, 200",
    "create-rsa-datakey-pair, 200",
    "create-ec-datakey-pair, 200",
    "encrypt-datakey, 200",
    "decrypt-datakey, 200",
    "datakey-capsule/create, 200",
    "datakey-capsule/decrypt, 200",
    "delete alias, KMS.0207",
    "revoke-grant, KMS.2501",
    "retire-grant, KMS.2501",
    "enable-key, KMS.0211",
    "disable-key, KMS.0211",
    "schedule-key-deletion, KMS.0211",
    "cancel-key-deletion, KMS.0211",
    "update-key-alias, KMS.0211",
    "update-key-description, KMS.0211",
    "create-grant, KMS.0211",
    "enable-key-rotation, KMS.0211",
    "disable-key-rotation, KMS.0211",
    "update-key-rotation-interval, KMS.0211",
    "yaoku-rotate-now, KMS.0211",
    "rotate-on-demand, KMS.0211",
    "get-parameters-for-import, KMS.0211",
    "import-key-material, KMS.0211",
    "delete-imported-key-material, KMS.0211",
    "create tag, KMS.0211",
    "change tags, KMS.0211",
    "delete tag, KMS.0211",
    "create alias, KMS.0211",
    "associate alias, KMS.0211",
    "sign, KMS.0331",
    "verify, KMS.0331",
    "get-publickey, KMS.0331",
    "derive-shared-secret, KMS.0331",
    "generate-mac, KMS.0331",
    "verify-mac, KMS.0331",
  })
  void operationOnAKeyOfAService(String operation, String expected) {
    String name = "service" + NAMES.incrementAndGet();
    String key = server.kms("yaoku-create-default-key", "{'service':'" + name + "'}", "/key_id");
    Map<String, String> made = new HashMap<>();
    made.putAll(foreign);
    made.put("signature", "aGVsbG8=");
    made.put("mac", "00");
    made.put("grant", "0".repeat(64));
    made.put("alias", "alias/none");
    made.put(
        "capsule", spaces.sealed(key, KeySpaces.allowing(program.id())).text("/datakey_capsule"));
    made.put("data", server.kms("encrypt-data", about(key, ",'plain_text':'x'"), "/cipher_text"));
    made.put(
        "data key",
        server.kms("create-datakey", about(key, ",'datakey_length':'512'"), "/cipher_text"));
    assertThat(outcome(operation, new Prepared(key, made))).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // Columns: an enabled key, a disabled one, one that waits for deletion;
    // the same three while their keystore is disabled.
    "describe-key, 200, 200, 200, 200, 200, 200",
    "list-grants, 200, 200, 200, 200, 200, 200",
    "tags, 200, 200, 200, 200, 200, 200",
    "list aliases, 200, 200, 200, 200, 200, 200",
    "get-key-rotation-status, 200, 200, 200, 200, 200, 200",
    "yaoku-list-versions, 200, 200, 200, 200, 200, 200",
    "disable-key, 200, KMS.1301, KMS.0210, 200, KMS.1301, KMS.0210",
    "schedule-key-deletion, 200, 200, KMS.1402, 200, 200, KMS.1402",
    "update-key-alias, 200, 200, KMS.0210, 200, 200, KMS.0210",
    "update-key-description, 200, 200, KMS.0210, 200, 200, KMS.0210",
    "encrypt-data, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "decrypt-data, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "decrypt-data by key, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "re-encrypt from, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "re-encrypt to, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "create-datakey, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "create-datakey-without-plaintext, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "encrypt-datakey, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "decrypt-datakey, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "create-rsa-datakey-pair, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "create-ec-datakey-pair, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "datakey-capsule/create, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "datakey-capsule/decrypt, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "sign, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "verify, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "get-publickey, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "derive-shared-secret, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "generate-mac, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "verify-mac, 200, KMS.0209, KMS.0210, KMS.0340, KMS.0209, KMS.0210",
    "create-grant, 200, KMS.0209, KMS.0210, 200, KMS.0209, KMS.0210",
    "revoke-grant, 200, 200, 200, 200, 200, 200",
    "retire-grant, 200, 200, 200, 200, 200, 200",
    "create tag, 204, 204, 204, 204, 204, 204",
    "change tags, 204, 204, 204, 204, 204, 204",
    "delete tag, 204, 204, 204, 204, 204, 204",
    "create alias, 201, 201, KMS.0210, 201, 201, KMS.0210",
    "associate alias, 200, 200, KMS.0210, 200, 200, KMS.0210",
    "delete alias, 204, 204, 204, 204, 204, 204",
    "enable-key, KMS.1201, 200, KMS.0210, KMS.1201, 200, KMS.0210",
    "cancel-key-deletion, KMS.1501, KMS.1501, 200, KMS.1501, KMS.1501, 200",
    "enable-key-rotation, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338",
    "disable-key-rotation, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338",
    "update-key-rotation-interval, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338",
    "yaoku-rotate-now, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338",
    "rotate-on-demand, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338, KMS.0338",
    "get-parameters-for-import, KMS.0339, KMS.0339, KMS.0339, KMS.0339, KMS.0339, KMS.0339",
    "import-key-material, KMS.0339, KMS.0339, KMS.0339, KMS.0339, KMS.0339, KMS.0339",
    "delete-imported-key-material, KMS.0309, KMS.0309, KMS.0309, KMS.0309, KMS.0309, KMS.0309",
    "replicate, KMS.3801, KMS.3801, KMS.3801, KMS.3801, KMS.3801, KMS.3801",
    "update-primary-region, KMS.3803, KMS.3803, KMS.3803, KMS.3803, KMS.3803, KMS.3803",
  })
  void operationOnAKeyInADedicatedKeystore(
      String operation,
      String enabled,
      String disabled,
      String pendingDeletion,
      String enabledInADisabledOne,
      String disabledInADisabledOne,
      String pendingDeletionInADisabledOne) {
    List<String> found = new ArrayList<>();
    for (boolean usable : new boolean[] {true, false}) {
      for (String state : FILED) {
        found.add(outcome(operation, filed(operation, state, usable)));
      }
    }

    assertThat(found)
        .containsExactly(
            enabled,
            disabled,
            pendingDeletion,
            enabledInADisabledOne,
            disabledInADisabledOne,
            pendingDeletionInADisabledOne);
  }

  /**
   * A key in a keystore of its own.
   *
   * @param usable whether the keystore is enabled when the operation comes
   */
  private static Prepared filed(String operation, String state, boolean usable) {
    int number = NAMES.incrementAndGet();
    String order =
        "{'keystore_alias':'hsm-%d','hsm_cluster_id':'c-%d','hsm_ca_cert':'x'}"
            .formatted(number, number);
    String keystore =
        tenant.call("POST", "/keystores", order).is(200).text("/keystore/keystore_id");
    tenant.call("POST", "/keystores/" + keystore + "/enable", "").is(200);
    String kind =
        switch (operation) {
          case "sign", "verify", "get-publickey" -> ",'key_spec':'EC_P256'";
          case "derive-shared-secret" -> ",'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'";
          case "generate-mac", "verify-mac" -> ",'key_spec':'HMAC_256'";
          default -> "";
        };
    String key = tenant.key("filed-" + number, "'keystore_id':'" + keystore + "'" + kind);
    Map<String, String> made = new HashMap<>(foreign);
    if (NEEDS_USE.contains(operation)) {
      made.putAll(use(key));
    }
    if (operation.equals("verify")) {
      made.put("signature", server.kms("sign", about(key, more("sign", Map.of())), "/signature"));
    } else if (operation.equals("verify-mac")) {
      made.put(
          "mac", server.kms("generate-mac", about(key, more("generate-mac", Map.of())), "/mac"));
    }
    putInto(state, key);
    if (!usable) {
      tenant.call("POST", "/keystores/" + keystore + "/disable", "").is(200);
    }
    return new Prepared(key, made);
  }

  private static String partner() {
    return Base64.getEncoder().encodeToString(pair().getPublic().getEncoded());
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
      pairs.initialize(new ECGenParameterSpec("secp256r1"));
      return pairs.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
