package dev.yaoku.server;

import static dev.yaoku.server.KeyCalls.NAMES;
import static dev.yaoku.server.KeyCalls.about;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.KeyCalls.Prepared;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every operation on a replica in every state, over HTTP, with the contract's codes (semantics.md 1
 * and 12); whatever is refused changes nothing that anybody can see.
 */
class ReplicaStatesOverHttpTest {
  private static final String PROMOTION = "update-primary-region";

  @TempDir static Path scratch;
  private static Replicas replicas;

  @BeforeAll
  static void start() throws IOException {
    replicas = new Replicas(scratch);
  }

  @AfterAll
  static void stop() {
    replicas.close();
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
        .forEach(state ->
            found.put(
                state, outcome(replicas.far, operation, replicas.replicaFor(operation, state))));

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
                    replicas.server.kms(
                        "yaoku-create-default-key",
                        "{'service':'s" + NAMES.incrementAndGet() + "'}",
                        "/key_id");
                case "pending import" ->
                    replicas.home.made("AES_256", "ENCRYPT_DECRYPT", "external");
                default -> replicas.keyFor(operation, state);
              };
          Replicas.bringInto(replicas.home, state, key);
          found.put(state, outcome(replicas.home, operation, new Prepared(key, Map.of())));
        });

    assertThat(found).isEqualTo(expected);
  }

  /** Imported material comes to the replica, goes from it and comes back by the primary alone. */
  @Test
  void aReplicaHasTheImportedMaterialThatItsPrimaryHas() {
    String primary = replicas.keyFor("encrypt-data", "imported");
    String replica = replicas.replicaOf(primary);
    String text = replicas.got("encrypt-data", replica, ",'plain_text':'x'", "/cipher_text");

    assertThat(codesOfUse(replica, text)).containsExactly("200", "200");
    assertThat(shown(replica, "/key_info/key_state")).isEqualTo("2");

    replicas.deleteMaterial(primary);
    assertThat(codesOfUse(replica, text)).containsExactly("KMS.1301", "KMS.1301");
    assertThat(shown(replica, "/key_info/key_state")).isEqualTo("5");

    replicas.bringMaterial(primary, "");
    assertThat(codesOfUse(replica, text)).containsExactly("200", "200");
    assertThat(shown(replica, "/key_info/key_state")).isEqualTo("2");
  }

  /** As only a primary takes material, a replica that waits for it takes the role. */
  @Test
  void aReplicaWithoutMaterialTakesTheRoleOnceItsPrimaryIsGone() {
    String primary = replicas.keyFor("encrypt-data", "imported");
    String replica = replicas.replicaOf(primary);
    replicas.deleteMaterial(primary);
    Replicas.bringInto(replicas.home, "pending deletion", primary);
    assertThat(outcome(replicas.far, PROMOTION, new Prepared(replica, Map.of())))
        .isEqualTo("KMS.1301");

    replicas.pass(Duration.ofDays(7));

    assertThat(outcome(replicas.far, PROMOTION, new Prepared(replica, Map.of()))).isEqualTo("200");
    assertThat(shown(replica, "/key_info/multi_region_key_type")).isEqualTo("PRIMARY");
    assertThat(shown(replica, "/key_info/key_state")).isEqualTo("5");
    assertThat(outcome(replicas.far, "get-parameters-for-import", new Prepared(replica, Map.of())))
        .isEqualTo("200");
  }

  private static List<String> codesOfUse(String replica, String text) {
    return Stream.of(
            replicas.far.send("POST", "encrypt-data", about(replica, ",'plain_text':'hello'")),
            replicas.far.send("POST", "decrypt-data", "{'cipher_text':'" + text + "'}"))
        .map(answer -> answer.statusCode() == 200 ? "200" : KeyCalls.code(answer))
        .toList();
  }

  private static String shown(String replica, String pointer) {
    return KeyCalls.text(replicas.far.send("POST", "describe-key", about(replica, "")), pointer);
  }

  private static String outcome(KeyCalls in, String operation, Prepared subject) {
    List<String> before = seen(in, subject.key());
    HttpResponse<String> answer = in.call(operation, subject);
    if (answer.statusCode() < 300) {
      return Integer.toString(answer.statusCode());
    }
    assertThat(seen(in, subject.key())).as("what %s refused", operation).isEqualTo(before);
    assertThat(answer.statusCode()).isEqualTo(400);
    return KeyCalls.code(answer);
  }

  /** All that can be read about a key. */
  private static List<String> seen(KeyCalls in, String key) {
    return Stream.of(
            in.send("POST", "describe-key", about(key, "")),
            in.send("POST", "get-key-rotation-status", about(key, "")),
            in.send("POST", "list-grants", about(key, "")),
            in.send("GET", key + "/tags", ""),
            in.send("GET", "aliases", ""))
        .peek(answer -> assertThat(answer.statusCode()).isEqualTo(200))
        .map(HttpResponse::body)
        .toList();
  }
}
