package dev.yaoku.server;

import static dev.yaoku.server.KeyCalls.NAMES;
import static dev.yaoku.server.KeyCalls.about;
import static dev.yaoku.server.OperationsOnKeys.NEEDS_USE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.KeyCalls.Prepared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every operation on a key in a dedicated keystore, over HTTP, in every state that the key and its
 * keystore can have.
 */
class FiledKeysOverHttpTest {
  @TempDir static Path scratch;
  private static OperationsOnKeys keys;

  @BeforeAll
  static void start() throws IOException {
    keys = new OperationsOnKeys(scratch);
  }

  @AfterAll
  static void stop() {
    keys.close();
  }

  /** What a key in a dedicated keystore can be, which takes no material from outside. */
  private static final List<String> FILED = List.of("enabled", "disabled", "pending deletion");

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
    "rotate-on-demand, KMS.0309, KMS.0309, KMS.0309, KMS.0309, KMS.0309, KMS.0309",
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
        found.add(keys.outcome(operation, filed(operation, state, usable)));
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
        keys.tenant.call("POST", "/keystores", order).is(200).text("/keystore/keystore_id");
    keys.tenant.call("POST", "/keystores/" + keystore + "/enable", "").is(200);
    String kind =
        switch (operation) {
          case "sign", "verify", "get-publickey" -> ",'key_spec':'EC_P256'";
          case "derive-shared-secret" -> ",'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'";
          case "generate-mac", "verify-mac" -> ",'key_spec':'HMAC_256'";
          default -> "";
        };
    String key = keys.tenant.key("filed-" + number, "'keystore_id':'" + keystore + "'" + kind);
    Map<String, String> made = new HashMap<>(keys.foreign);
    if (NEEDS_USE.contains(operation)) {
      made.putAll(keys.use(key));
    }
    if (operation.equals("verify")) {
      made.put(
          "signature",
          keys.server.kms("sign", about(key, keys.calls.more("sign", Map.of())), "/signature"));
    } else if (operation.equals("verify-mac")) {
      made.put(
          "mac",
          keys.server.kms(
              "generate-mac", about(key, keys.calls.more("generate-mac", Map.of())), "/mac"));
    }
    keys.putInto(state, key);
    if (!usable) {
      keys.tenant.call("POST", "/keystores/" + keystore + "/disable", "").is(200);
    }
    return new Prepared(key, made);
  }
}
