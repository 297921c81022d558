package dev.yaoku.server;

import static dev.yaoku.server.KeySpaces.allowing;
import static dev.yaoku.server.KeySpaces.name;
import static dev.yaoku.server.KeySpaces.object;
import static dev.yaoku.server.KeySpaces.space;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.KeySpaces.Program;
import dev.yaoku.server.KeySpaces.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Key policies, access points and PINs over HTTP, with every code of theirs. */
class KeySpacesTest {
  private static final String NOWHERE = "00000000-0000-4000-8000-000000000000";
  private static final String POINT = "5a3c2f0e-7a51-4d3b-9b1e-1f0f6f1f2a10";

  @TempDir static Path scratch;
  private static LiveServer server;
  private static KeySpaces calls;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of("quotas.access-points", "40"));
    calls = new KeySpaces(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static ObjectNode policyOrder(String policy) {
    return object("keyspace_id", space(), "policy_name", name(), "policy", policy);
  }

  private static ObjectNode pointOrder(String type) {
    return object("keyspace_id", space(), "access_point_name", name(), "type", type);
  }

  @Test
  void onlyKeySpacesOfTheSettingAreThereAndAPrivateKeyIsHandedOutOnce() throws IOException {
    String keySpace = space();
    Map<String, String> settings =
        Map.of("keyspaces.allowed", keySpace, "keyspaces.private-key-once", "true");
    try (LiveServer strict = new LiveServer(scratch.resolve("strict"), settings)) {
      KeySpaces there = new KeySpaces(strict);
      for (String what : List.of("access-points", "key-policies")) {
        there.send("GET", what + "?keyspace_id=" + keySpace).is(200);
        there.send("GET", what + "?keyspace_id=" + space()).isRefused(400, "KMS.0308");
      }
      there.post("access-points", pointOrder("3")).isRefused(400, "KMS.0308");
      there.post("key-policies", policyOrder("{}")).isRefused(400, "KMS.0308");

      String once = "access-points/" + there.program(keySpace).id() + "/get-privatekey";
      there.send("POST", once).isRefused(403, "KMS.0306");
      there.program(keySpace); // that of another point is handed out
    }
  }

  private static Reply show(String policy) {
    return calls.send("GET", "key-policies/" + policy);
  }

  // Policies

  @Test
  void aPolicyIsStoredShownChangedAndDeleted() {
    String keySpace = space().toUpperCase(java.util.Locale.ROOT);
    ObjectNode order = policyOrder(allowing(POINT)).put("keyspace_id", keySpace);
    String id =
        calls
            .post("key-policies", order.put("description", "of the shop"))
            .is(201)
            .text("/policy_id");

    Reply shown = show(id).is(200);
    assertThat(shown.text("/keyspace_id")).isEqualTo(keySpace.toLowerCase(java.util.Locale.ROOT));
    assertThat(shown.text("/description")).isEqualTo("of the shop");
    assertThat(shown.text("/created_by")).isEqualTo(server.known("user_id"));
    assertThat(shown.text("/policy/version")).isEqualTo("1.0");
    assertThat(shown.text("/last_modify_time")).isEqualTo(shown.text("/create_time"));
    assertThat(show(id.toUpperCase(java.util.Locale.ROOT)).is(200).body()).isEqualTo(shown.body());

    Reply changed =
        calls.update(id, "{\"validityPeriod\":{\"end_time\":\"2027-08-18T00:00:00Z\"}}").is(200);
    assertThat(changed.text("/description")).isEqualTo("of the shop");
    assertThat(changed.text("/policy/validity_period/end_time")).isEqualTo("2027-08-18T00:00:00Z");
    assertThat(changed.json().at("/policy/allowed_access_point").isMissingNode()).isTrue();
    calls
        .send(
            "PUT",
            "key-policies/" + id,
            "{\"policy\":{\"allowed_access_point\":[]},\"description\":\"\"}")
        .is(200);
    assertThat(show(id).text("/description")).isEmpty();
    assertThat(show(id).json().at("/policy/allowedAccessPoint").isEmpty()).isTrue();

    assertThat(calls.send("DELETE", "key-policies/" + id).is(204).body()).isEmpty();
    show(id).isRefused(404, "KMS.0207");
    calls.send("DELETE", "key-policies/" + id).isRefused(404, "KMS.0207");
    calls.update(id, "{}").isRefused(404, "KMS.0207");
  }

  @Test
  void bothSpellingsAreReadAndBothAreWritten() {
    String spelt =
        "{\"version\":\"2\",\"validityPeriod\":{\"start_time\":\"1787000000000\"},\"allowedAccessPoint\":[\""
            + POINT
            + "\"],\"allowed_data_security_zone\":[\"z\"]}";
    String twice =
        "{\"validityPeriod\":{\"start_time\":1787000000000},\"validity_period\":{\"start_time\":\"2026-08-17T20:53:20Z\"},\"allowedAccessPoint\":[\""
            + POINT
            + "\"],\"allowed_access_point\":[\""
            + POINT.toUpperCase(java.util.Locale.ROOT)
            + "\"],\"allowed_data_security_zone\":[\"z\"],\"version\":\"2\"}";
    JsonNode first = show(calls.policy(space(), spelt)).json().at("/policy");
    JsonNode second = show(calls.policy(space(), twice)).json().at("/policy");

    assertThat(first).isEqualTo(second);
    assertThat(first.at("/validityPeriod/start_time").stringValue())
        .isEqualTo("2026-08-17T20:53:20Z");
    assertThat(first.at("/validityPeriod")).isEqualTo(first.at("/validity_period"));
    assertThat(first.at("/allowedAccessPoint/0").stringValue()).isEqualTo(POINT);
    assertThat(first.at("/allowed_data_security_zone/0").stringValue()).isEqualTo("z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "x",
        "[]",
        "null",
        "1",
        "{}{}",
        "{\"version\":\"1\",\"version\":\"1\"}",
        "{\"version\":\"\"}",
        "{\"version\":1.0}",
        "{\"version\":\"123456789012345678901234567890123\"}",
        "{\"effect\":\"Deny\"}",
        "{\"Version\":\"1.0\"}",
        "{\"validity_period\":[]}",
        "{\"validity_period\":\"\"}",
        "{\"validity_period\":{\"startTime\":\"2026-08-18T00:00:00Z\"}}",
        "{\"validity_period\":{\"start_time\":\"2026-08-18\"}}",
        "{\"validity_period\":{\"start_time\":\"2026-02-30T00:00:00Z\"}}",
        "{\"validity_period\":{\"start_time\":\"2026-08-18T00:00:00+01:00\"}}",
        "{\"validity_period\":{\"start_time\":true}}",
        "{\"validity_period\":{\"start_time\":-1}}",
        "{\"validity_period\":{\"start_time\":\"999999999999999999\"}}",
        "{\"validity_period\":{},\"validityPeriod\":{\"end_time\":\"2026-08-18T00:00:00Z\"}}",
        "{\"allowed_access_point\":{}}",
        "{\"allowed_access_point\":\"5a3c2f0e-7a51-4d3b-9b1e-1f0f6f1f2a10\"}",
        "{\"allowed_access_point\":[\"*\"]}",
        "{\"allowed_access_point\":[\"\"]}",
        "{\"allowed_access_point\":[null]}",
        "{\"allowed_access_point\":[],\"allowedAccessPoint\":[\"5a3c2f0e-7a51-4d3b-9b1e-1f0f6f1f2a10\"]}",
        "{\"allowed_data_security_zone\":[1]}",
        "{\"allowed_data_security_zone\":[\"\\u0000\"]}",
        "{\"allowed_data_security_zone\":[\"\\ud800\"]}",
        "{\"version\":[[[[[[[[[[[[]]]]]]]]]]]]}",
      })
  void aPolicyThatCouldBeMisreadIsRefused(String policy) {
    calls.post("key-policies", policyOrder(policy)).isRefused(400, "KMS.0308");
    ObjectNode capsule = object("key_id", NOWHERE, "datakey_length", "256", "key_policy", policy);
    calls.post("datakey-capsule/create", capsule).isRefused(400, "KMS.0308");
  }

  @Test
  void aPolicyHasAtMost8192CharactersAndEndsAfterItBegins() {
    String long8192 = "{\"allowed_data_security_zone\":[\"" + "钥".repeat(8192 - 35) + "\"]}";
    assertThat(long8192).hasSize(8192);
    calls.post("key-policies", policyOrder(long8192)).is(201);
    calls.post("key-policies", policyOrder(long8192 + " ")).isRefused(400, "KMS.0308");
    String backwards =
        "{\"validity_period\":{\"start_time\":\"2026-08-18T00:00:01Z\",\"end_time\":\"2026-08-18T00:00:00Z\"}}";
    calls.post("key-policies", policyOrder(backwards)).isRefused(400, "KMS.2801");
    calls.update(calls.policy(space(), "{}"), backwards).isRefused(400, "KMS.2801");
    calls
        .post(
            "datakey-capsule/create",
            object("key_id", calls.key(), "datakey_length", "128", "key_policy", backwards))
        .isRefused(400, "KMS.2801");
    calls.policy(space(), backwards.replace("01Z", "00Z"));
    // Epoch milliseconds are rounded to the second, and never to a longer period.
    String inside =
        "{\"validity_period\":{\"start_time\":\"1787000000001\",\"end_time\":\"1787000000999\"}}";
    calls.post("key-policies", policyOrder(inside)).isRefused(400, "KMS.2801");
  }

  @Test
  void namesAndDescriptionsOfPolicies() {
    ObjectNode order = policyOrder("{}");
    calls.post("key-policies", order).is(201);
    calls.post("key-policies", order).isRefused(400, "KMS.1104");
    calls.post("key-policies", order.deepCopy().put("keyspace_id", space())).is(201);
    for (String bad : List.of("a b", "§", "x".repeat(256), "a\u0000")) {
      calls
          .post("key-policies", policyOrder("{}").put("policy_name", bad))
          .isRefused(400, "KMS.1101");
    }
    calls
        .post("key-policies", policyOrder("{}").put("policy_name", "a:/_-Z9".repeat(36) + "abc"))
        .is(201);
    calls.post("key-policies", policyOrder("{}").put("description", "é".repeat(255))).is(201);
    calls
        .post("key-policies", policyOrder("{}").put("description", "é".repeat(256)))
        .isRefused(400, "KMS.1103");
    calls
        .send(
            "PUT",
            "key-policies/" + calls.policy(space(), "{}"),
            "{\"policy\":\"{}\",\"description\":\"" + "x".repeat(256) + "\"}")
        .isRefused(400, "KMS.1103");
    for (String member : List.of("keyspace_id", "policy_name", "policy")) {
      calls.post("key-policies", policyOrder("{}").without(member)).isRefused(400, "KMS.0204");
      calls.post("key-policies", policyOrder("{}").put(member, "")).isRefused(400, "KMS.0204");
    }
    calls.send("PUT", "key-policies/" + NOWHERE, "").isRefused(400, "KMS.0204");
    for (String bad :
        List.of("x", NOWHERE + "0", NOWHERE.replace('-', '0'), "g" + NOWHERE.substring(1))) {
      calls
          .post("key-policies", policyOrder("{}").put("keyspace_id", bad))
          .isRefused(400, "KMS.0308");
    }
  }

  @Test
  void whatIsMissingOrMalformedInAPath() {
    String[][] bare = {
      {"GET", "key-policies/%s"},
      {"DELETE", "key-policies/%s"},
      {"DELETE", "access-points/%s"},
      {"POST", "access-points/%s/enable"},
      {"POST", "access-points/%s/disable"},
      {"POST", "access-points/%s/get-privatekey"},
    };
    for (String[] call : bare) {
      calls.send(call[0], call[1].formatted(NOWHERE)).isRefused(404, "KMS.0207");
      calls.send(call[0], call[1].formatted("no-id")).isRefused(400, "KMS.0205");
    }
    calls.update(NOWHERE, "{}").isRefused(404, "KMS.0207");
    calls.update("no-id", "{}").isRefused(400, "KMS.0205");
  }

  // Pages

  @Test
  void pagesGoOnAfterTheLastIdAlsoWhenThatIsGone() {
    String keySpace = space();
    TreeSet<String> ids = new TreeSet<>();
    for (int i = 0; i < 5; i++) {
      ids.add(calls.policy(keySpace, "{}"));
    }
    calls.policy(space(), "{}");
    List<String> found = new ArrayList<>();
    String marker = "";
    do {
      Reply page =
          calls
              .send("GET", "key-policies?keyspace_id=" + keySpace + "&limit=2&marker=" + marker)
              .is(200);
      page.json()
          .at("/keyspace_policies")
          .forEach(one -> found.add(one.at("/policy_id").stringValue()));
      assertThat(page.json().at("/page_info/current_count").intValue())
          .isEqualTo(page.json().at("/keyspace_policies").size());
      marker = page.text("/page_info/next_marker");
      if (!marker.isEmpty()) {
        assertThat(marker).isEqualTo(found.getLast());
        calls.send("DELETE", "key-policies/" + marker).is(204);
      }
    } while (!marker.isEmpty());
    assertThat(found).containsExactlyElementsOf(ids);
  }

  @ParameterizedTest
  @ValueSource(strings = {"key-policies", "access-points"})
  void whatAListTakes(String list) {
    String in = list + "?keyspace_id=" + space();
    Reply empty = calls.send("GET", in).is(200);
    assertThat(empty.text("/page_info/next_marker")).isEmpty();
    assertThat(empty.json().at("/page_info/current_count").intValue()).isZero();
    calls.send("GET", in + "&limit=100000").is(200);
    calls.send("GET", in + "&marker=" + NOWHERE).is(200);
    calls.send("GET", list).isRefused(400, "KMS.0204");
    calls.send("GET", list + "?keyspace_id=x").isRefused(400, "KMS.0308");
    for (String bad : List.of("0", "-1", "x", "1.5")) {
      calls.send("GET", in + "&limit=" + bad).isRefused(400, "KMS.1601");
    }
    calls.send("GET", in + "&marker=5").isRefused(400, "KMS.1602");
  }

  // Access points

  private static PublicKey publicKey(String algorithm, @Nullable String curve)
      throws GeneralSecurityException {
    KeyPairGenerator pairs = KeyPairGenerator.getInstance(algorithm);
    if (curve != null) {
      pairs.initialize(new ECGenParameterSpec(curve));
    }
    return pairs.generateKeyPair().getPublic();
  }

  private static String base64(PublicKey key) {
    return Base64.getEncoder().encodeToString(key.getEncoded());
  }

  @Test
  void anAccessPointIsEnabledUntilItIsDisabled() throws GeneralSecurityException {
    String keySpace = space();
    Program program = calls.program(keySpace);
    assertThat(program.bits()).isEqualTo(3072);
    String list = "access-points?keyspace_id=" + keySpace;
    for (int expected : new int[] {0, 0, 1, 1}) {
      calls
          .send("POST", "access-points/" + program.id() + (expected == 0 ? "/disable" : "/enable"))
          .is(204);
      JsonNode one = calls.send("GET", list).json().at("/access_points/0");
      assertThat(one.at("/state").intValue()).isEqualTo(expected);
      assertThat(one.at("/type").intValue()).isEqualTo(3);
      assertThat(one.at("/created_by").stringValue()).isEqualTo(server.known("user_id"));
      assertThat(one.has("identity") || one.has("private_key") || one.has("description")).isFalse();
    }
    calls.send("POST", "access-points/" + program.id() + "/disable").is(204);
    assertThat(
            calls
                .send("POST", "access-points/" + program.id() + "/get-privatekey")
                .is(200)
                .text("/private_key"))
        .isEqualTo(program.privateKey());
    calls.send("DELETE", "access-points/" + program.id()).is(204);
    assertThat(calls.send("GET", list).json().at("/access_points").isEmpty()).isTrue();
  }

  @Test
  void whatEachKindOfAccessPointNeeds() throws GeneralSecurityException {
    for (String bad : List.of("0", "4", "x", "1.0", "-1", "03")) {
      calls.post("access-points", pointOrder(bad)).isRefused(400, "KMS.0308");
    }
    calls.post("access-points", pointOrder("1")).isRefused(400, "KMS.0204");
    String machine =
        calls
            .post("access-points", pointOrder("1").put("identity", "i-1").put("type", 1))
            .is(201)
            .text("/access_point_id");
    calls.send("POST", "access-points/" + machine + "/get-privatekey").isRefused(400, "KMS.0308");
    calls
        .post("access-points", pointOrder("1").put("identity", "x".repeat(8193)))
        .isRefused(400, "KMS.0308");
    ObjectNode cluster =
        pointOrder("2").put("identity", base64(publicKey("RSA", null))).put("cluster_id", "c-1");
    calls.post("access-points", cluster.deepCopy().without("identity")).isRefused(400, "KMS.0204");
    calls
        .post("access-points", cluster.deepCopy().without("cluster_id"))
        .isRefused(400, "KMS.0204");
    calls
        .post("access-points", cluster.deepCopy().put("cluster_id", "x".repeat(256)))
        .isRefused(400, "KMS.0308");
    String id = calls.post("access-points", cluster).is(201).text("/access_point_id");
    calls.send("POST", "access-points/" + id + "/get-privatekey").isRefused(400, "KMS.0308");
    for (PublicKey none : List.of(publicKey("EC", "secp384r1"), publicKey("Ed25519", null))) {
      calls
          .post(
              "access-points", pointOrder("2").put("identity", base64(none)).put("cluster_id", "c"))
          .isRefused(400, "KMS.0308");
    }
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder().encodeToString(publicKey("EC", "secp256r1").getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    calls
        .post("access-points", pointOrder("2").put("identity", pem).put("cluster_id", "c"))
        .is(201);
    calls.post("access-points", pointOrder("3").put("identity", "passed over")).is(201);
    for (String member : List.of("keyspace_id", "access_point_name", "type")) {
      calls.post("access-points", pointOrder("3").without(member)).isRefused(400, "KMS.0204");
    }
    calls.post("access-points", pointOrder("3").put("keyspace_id", "x")).isRefused(400, "KMS.0308");
    calls
        .post("access-points", pointOrder("3").put("access_point_name", "a b"))
        .isRefused(400, "KMS.1101");
    calls
        .post("access-points", pointOrder("3").put("description", "x".repeat(256)))
        .isRefused(400, "KMS.1103");
    calls.post("access-points", cluster).isRefused(400, "KMS.1104");
  }

  // PINs

  @Test
  void pinsAreMadeAndForgotten() {
    assertThat(calls.post("create-pin", object("pin_type", "PlainText")).is(200).text("/pin"))
        .matches("[0-9A-F]{16}");
    String order = "{\"keystore_alias\":\"" + name() + "\",\"hsm_cluster_id\":\"" + name() + "\"}";
    String path = "/v1.0/" + server.known("project_id") + "/keystores";
    String keystore =
        KeySpaces.JSON
            .readTree(server.post(path, "application/json", order).body())
            .at("/keystore/keystore_id")
            .asString("");
    for (String known : List.of("0", "1", "2", keystore)) {
      String pin = calls.post("create-pin", object("keystore_id", known)).is(200).text("/pin");
      assertThat(Base64.getDecoder().decode(pin)).hasSize(92).startsWith(0x59, 1, 1, 0x8c);
      assertThat(calls.post("create-pin", object("keystore_id", known)).text("/pin"))
          .isNotEqualTo(pin);
    }
    calls.send("POST", "create-pin", "").isRefused(400, "KMS.0204");
    calls.post("create-pin", object("pin_type", "CipherText")).isRefused(400, "KMS.0204");
    calls.post("create-pin", object("keystore_id", NOWHERE)).isRefused(400, "KMS.8003");
    calls.post("create-pin", object("pin_type", "plaintext")).isRefused(400, "KMS.0308");
  }
}
