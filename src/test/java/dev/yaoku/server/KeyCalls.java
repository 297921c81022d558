package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Every operation on a key of one project, as a test sends it over HTTP. */
final class KeyCalls {
  private static final JsonMapper JSON = new JsonMapper();

  private static final String GRANTEE = "13gg44z4g2sglzk0egw0u726zoyzvrs8";

  /** Where replicas are made. */
  static final String FAR_REGION = "cn-south-1";

  /** Of which no two are alike. */
  static final AtomicInteger NAMES = new AtomicInteger();

  /** A key, and what an operation needs that was made while the key could still be used. */
  record Prepared(String key, Map<String, String> made) {}

  private final LiveServer server;
  private final String project;
  private final KeySpaces.Program program;
  private final InstantSource clock;

  /** A key that can be used. */
  private final String healthy;

  /**
   * Calls by the server's first user.
   *
   * @param program who may open capsules
   * @param clock the server's time
   */
  KeyCalls(LiveServer server, String project, KeySpaces.Program program, InstantSource clock) {
    this.server = server;
    this.project = project;
    this.program = program;
    this.clock = clock;
    this.healthy = text(send("POST", "create-key", "{'key_alias':'healthy'}"), "/key_info/key_id");
  }

  /** A new key. */
  String made(String spec, String usage, String origin) {
    String order =
        "{'key_alias':'key-%d','key_spec':'%s','key_usage':'%s','origin':'%s'}"
            .formatted(NAMES.incrementAndGet(), spec, usage, origin);
    return text(send("POST", "create-key", order), "/key_info/key_id");
  }

  /** A new key of a kind that an operation is for. */
  String madeFor(String operation, String origin) {
    return switch (operation) {
      case "sign", "verify", "get-publickey" -> made("EC_P256", "SIGN_VERIFY", origin);
      case "derive-shared-secret" -> made("EC_P256", "KEY_AGREEMENT", origin);
      case "generate-mac", "verify-mac" -> made("HMAC_256", "GENERATE_VERIFY_MAC", origin);
      default -> made("AES_256", "ENCRYPT_DECRYPT", origin);
    };
  }

  static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  /** What an answer has there, which must be a success. */
  static String text(HttpResponse<String> answer, String pointer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return JSON.readTree(answer.body()).at(pointer).asString();
  }

  /** Its error code. */
  static String code(HttpResponse<String> refused) {
    return JSON.readTree(refused.body()).at("/error/error_code").asString();
  }

  /** What the server answers. */
  HttpResponse<String> call(String operation, Prepared subject) {
    String key = subject.key();
    Map<String, String> made = subject.made();
    return switch (operation) {
      case "list aliases" -> send("GET", "aliases?key_id=" + key, "");
      case "replicate" ->
          ofRegions(
              "POST",
              key + "/replicate",
              "{'replica_region':'%s','replica_project_id':'%s','key_alias':'far-%d'}"
                  .formatted(FAR_REGION, server.projectIn(FAR_REGION), NAMES.incrementAndGet()));
      case "update-primary-region" ->
          ofRegions(
              "PUT", key + "/update-primary-region", "{'primary_region':'" + FAR_REGION + "'}");
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
                      text(
                          send("POST", "encrypt-data", about(healthy, ",'plain_text':'hello'")),
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

  private HttpResponse<String> ofRegions(String method, String path, String body) {
    return server.in(project, method, "/v2/" + project + "/kms/keys/" + path, body);
  }

  /** Sends any request of the KMS. */
  HttpResponse<String> send(String method, String path, String body) {
    return server.in(project, method, "/v1.0/" + project + "/kms/" + path, body);
  }

  /** What an operation's body has beside the id of the key. */
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
      case "yaoku-check-access" ->
          ",'user':'" + server.known("user_id") + "','action':'encrypt-data'";
      case "update-key-rotation-interval" -> ",'rotation_interval':'90'";
      // Not by RSA: a pair for each takes seconds where there is no native code.
      case "get-parameters-for-import" -> ",'wrapping_algorithm':'SM2_ENCRYPT'";
      default -> "";
    };
  }

  /** What a program sends that may open a capsule. */
  private String proof(@Nullable String capsule) {
    try {
      Instant until = clock.instant().plusSeconds(600).truncatedTo(ChronoUnit.SECONDS);
      return JSON.writeValueAsString(program.proof(Objects.requireNonNull(capsule), until));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
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
