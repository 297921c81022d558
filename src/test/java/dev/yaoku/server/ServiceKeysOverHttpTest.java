package dev.yaoku.server;

import static dev.yaoku.server.KeyCalls.NAMES;
import static dev.yaoku.server.KeyCalls.about;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.KeyCalls.Prepared;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every operation on a key of a service, over HTTP: it is used, and nobody changes it. */
class ServiceKeysOverHttpTest {
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
    String key =
        keys.server.kms("yaoku-create-default-key", "{'service':'" + name + "'}", "/key_id");
    Map<String, String> made = new HashMap<>();
    made.putAll(keys.foreign);
    made.put("signature", "aGVsbG8=");
    made.put("mac", "00");
    made.put("grant", "0".repeat(64));
    made.put("alias", "alias/none");
    made.put(
        "capsule",
        keys.spaces.sealed(key, KeySpaces.allowing(keys.program.id())).text("/datakey_capsule"));
    made.put(
        "data", keys.server.kms("encrypt-data", about(key, ",'plain_text':'x'"), "/cipher_text"));
    made.put(
        "data key",
        keys.server.kms("create-datakey", about(key, ",'datakey_length':'512'"), "/cipher_text"));
    assertThat(keys.outcome(operation, new Prepared(key, made))).isEqualTo(expected);
  }
}
