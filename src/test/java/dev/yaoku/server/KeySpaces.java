package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Calls about key spaces, and a program that signs for its access point. */
final class KeySpaces {
  static final JsonMapper JSON = new JsonMapper();
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final LiveServer server;
  private final String project;

  KeySpaces(LiveServer server) {
    this(server, server.known("project_id"));
  }

  /** In one of the first user's projects. */
  KeySpaces(LiveServer server, String project) {
    this.server = server;
    this.project = project;
  }

  /** What came back. */
  record Reply(int status, String body) {
    JsonNode json() {
      return JSON.readTree(body);
    }

    String text(String pointer) {
      assertThat(json().at(pointer).isString()).as(pointer + " in " + body).isTrue();
      return json().at(pointer).stringValue();
    }

    Reply is(int expected) {
      assertThat(status).as(body).isEqualTo(expected);
      return this;
    }

    /** {@code ok}, or the error code. */
    String outcome() {
      return status < 300 ? "ok" : json().at("/error/error_code").asString(body);
    }

    void isRefused(int expected, String code) {
      is(expected);
      assertThat(outcome()).isEqualTo(code);
    }
  }

  Reply send(String method, String path, String body) {
    HttpResponse<String> answer =
        server.signed(
            project,
            method,
            "/v1.0/" + project + "/kms/" + path,
            body.getBytes(UTF_8),
            (_, value) -> value);
    return new Reply(answer.statusCode(), answer.body());
  }

  Reply send(String method, String path) {
    return send(method, path, "");
  }

  Reply post(String path, ObjectNode body) {
    return send("POST", path, body.toString());
  }

  /** An object of texts. */
  static ObjectNode object(String... namesAndTexts) {
    ObjectNode object = JSON.createObjectNode();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      object.put(namesAndTexts[i], namesAndTexts[i + 1]);
    }
    return object;
  }

  static String name() {
    return "name-" + NAMES.incrementAndGet();
  }

  static String space() {
    return UUID.randomUUID().toString();
  }

  String key() {
    return server.kms("create-key", "{'key_alias':'" + name() + "'}", "/key_info/key_id");
  }

  String policy(String keySpace, String policy) {
    return post(
            "key-policies",
            object("keyspace_id", keySpace, "policy_name", name(), "policy", policy))
        .is(201)
        .text("/policy_id");
  }

  Reply update(String policy, String text) {
    return send("PUT", "key-policies/" + policy, object("policy", text).toString());
  }

  static String allowing(String... accessPoints) {
    ObjectNode policy = JSON.createObjectNode();
    for (String accessPoint : accessPoints) {
      policy.withArray("allowed_access_point").add(accessPoint);
    }
    return policy.toString();
  }

  /** A custom access point with its private key. */
  Program program(String keySpace) {
    String id =
        post(
                "access-points",
                object("keyspace_id", keySpace, "access_point_name", name(), "type", "3"))
            .is(201)
            .text("/access_point_id");
    return new Program(
        id, send("POST", "access-points/" + id + "/get-privatekey").is(200).text("/private_key"));
  }

  String cluster(String keySpace, byte[] publicKey, String clusterId) {
    return post(
            "access-points",
            object(
                "keyspace_id",
                keySpace,
                "access_point_name",
                name(),
                "type",
                "2",
                "identity",
                Base64.getEncoder().encodeToString(publicKey),
                "cluster_id",
                clusterId))
        .is(201)
        .text("/access_point_id");
  }

  /** A capsule with a policy of its own. */
  Reply sealed(String key, String policy) {
    return post(
            "datakey-capsule/create",
            object("key_id", key, "datakey_length", "256", "key_policy", policy))
        .is(200);
  }

  /** A capsule with a stored policy. */
  Reply sealedUnder(String key, String policy) {
    return post(
            "datakey-capsule/create",
            object("key_id", key, "datakey_length", "256", "policy_id", policy))
        .is(200);
  }

  Reply open(String key, String capsule, Map<String, String> document) {
    ObjectNode body = object("key_id", key, "datakey_capsule", capsule);
    ObjectNode members = body.putObject("attestation_document");
    document.forEach(members::put);
    return post("datakey-capsule/decrypt", body);
  }

  /**
   * Who holds the private key of an access point.
   *
   * @param privateKey Base64 of PKCS#8
   */
  record Program(String id, String privateKey) {
    private PrivateKey key() throws GeneralSecurityException {
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(privateKey)));
    }

    int bits() throws GeneralSecurityException {
      return ((RSAPrivateCrtKey) key()).getModulus().bitLength();
    }

    String publicKey() throws GeneralSecurityException {
      RSAPrivateCrtKey key = (RSAPrivateCrtKey) key();
      return Base64.getEncoder()
          .encodeToString(
              KeyFactory.getInstance("RSA")
                  .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent()))
                  .getEncoded());
    }

    private Map<String, String> document(Signature signature, String capsule, String until)
        throws GeneralSecurityException {
      signature.initSign(key());
      signature.update((capsule + "\n" + until).getBytes(UTF_8));
      return Map.of(
          "custom_signature",
          Base64.getEncoder().encodeToString(signature.sign()),
          "custom_public_key",
          publicKey(),
          "expire_time",
          until);
    }

    /** Signed with PKCS#1 v1.5. */
    Map<String, String> proof(String capsule, Instant until) throws GeneralSecurityException {
      return document(Signature.getInstance("SHA256withRSA"), capsule, until.toString());
    }

    /** Signed with PSS. */
    Map<String, String> pss(String capsule, Instant until, int salt)
        throws GeneralSecurityException {
      Signature signature = Signature.getInstance("RSASSA-PSS");
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, salt, 1));
      return document(signature, capsule, until.toString());
    }
  }
}
