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
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every operation on a key, as a test sends it over HTTP, and what it needs that was made before.
 */
final class OperationsOnKeys implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private static final String GRANTEE = "13gg44z4g2sglzk0egw0u726zoyzvrs8";

  private static final String FAR_REGION = "cn-south-1";

  /** Of which no two are alike. */
  static final AtomicInteger NAMES = new AtomicInteger();

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

  /** A key, and what an operation needs that was made while the key could still be used. */
  record Prepared(String key, Map<String, String> made) {}

  final LiveServer server;
  final Tenant tenant;
  final KeySpaces spaces;
  final KeySpaces.Program program;

  /** A key that can be used. */
  private final String healthy;

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
        Map.of("dev.enabled", "true", "quotas.keys", "10000", "regions.others", FAR_REGION));
    server = new LiveServer(folder.resolve("data"), settings);
    tenant = Tenant.first(server);
    spaces = new KeySpaces(server);
    program = spaces.program(KeySpaces.space());
    healthy = made("AES_256", "ENCRYPT_DECRYPT", "kms");
    foreign = bring(made("AES_256", "ENCRYPT_DECRYPT", "external"), 0);
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
  private List<String> seen(String key) {
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
  private String proof(@Nullable String capsule) {
    try {
      Instant until = Instant.now().plus(ahead).plusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
      return JSON.writeValueAsString(program.proof(Objects.requireNonNull(capsule), until));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  String made(String spec, String usage, String origin) {
    return server.kms(
        "create-key",
        "{'key_alias':'key-%d','key_spec':'%s','key_usage':'%s','origin':'%s'}"
            .formatted(NAMES.incrementAndGet(), spec, usage, origin),
        "/key_info/key_id");
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

  static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  /** What the server answers. */
  HttpResponse<String> call(String operation, Prepared subject) {
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

  private String ofRegions(String key) {
    return "/v2/" + tenant.project + "/kms/keys/" + key + "/";
  }

  HttpResponse<String> send(String method, String path, String body) {
    return server.signed(
        method,
        "/v1.0/" + server.known("project_id") + "/kms/" + path,
        body.replace('\'', '"').getBytes(UTF_8),
        (_, value) -> value);
  }

  String more(String operation, Map<String, String> made) {
    return switch (operation) {
      case "decrypt-datakey" ->
          ",'datakey_cipher_length':'64','cipher_text':'" + made.get("data key") + "'";
      case "verify" -> more("sign", made) + ",'signature':'" + made.get("signature") + "'";
      case "verify-mac" -> more("generate-mac", made) + ",'mac':'" + made.get("mac") + "'";
      case "revoke-grant", "retire-grant", "yaoku-revoke-grant-tree" ->
          ",'grant_id':'" + made.get("grant") + "'";
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
      // Not by RSA: a pair for each takes seconds where there is no native code.
      case "get-parameters-for-import" -> ",'wrapping_algorithm':'SM2_ENCRYPT'";
      default -> "";
    };
  }

  private static String partner() {
    return Base64.getEncoder().encodeToString(pair().getPublic().getEncoded());
  }

  static KeyPair pair() {
    try {
      KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
      pairs.initialize(new ECGenParameterSpec("secp256r1"));
      return pairs.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
