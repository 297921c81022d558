package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyState;
import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every operation on a key in every state, with the contract's codes (semantics.md 1). State 1 does
 * not exist here; 200 and 204 are successes.
 */
class StateMatrixTest {
  @TempDir static Path directory;
  private static KeyWorld world;
  private static Calls calls;

  @BeforeAll
  static void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    calls = new Calls(world);
  }

  @AfterAll
  static void close() {
    world.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // operation,              2 enabled, 3 disabled, 4 to be deleted, 5 no material, default key
    "ListKeyDetail,                  200, 200,      200,      200,      200",
    "ShowKmsTags,                    200, 200,      200,      200,      200",
    "EnableKey,                 KMS.1201, 200,      KMS.0210, KMS.1201, KMS.0211",
    "DisableKey,                     200, KMS.1301, KMS.0210, KMS.1301, KMS.0211",
    "DeleteKey,                      200, 200,      KMS.1402, 200,      KMS.0211",
    "CancelKeyDeletion,         KMS.1501, KMS.1501, 200,      KMS.1501, KMS.0211",
    "UpdateKeyAlias,                 200, 200,      KMS.0210, 200,      KMS.0211",
    "UpdateKeyDescription,           200, 200,      KMS.0210, 200,      KMS.0211",
    "EncryptData,                    200, KMS.0209, KMS.0210, KMS.1301, 200",
    "DecryptData,                    200, KMS.0209, KMS.0210, KMS.1301, 200",
    "CreateDatakey,                  200, KMS.0209, KMS.0210, KMS.1301, 200",
    "CreateDatakeyWithoutPlaintext,  200, KMS.0209, KMS.0210, KMS.1301, 200",
    "EncryptDatakey,                 200, KMS.0209, KMS.0210, KMS.1301, 200",
    "DecryptDatakey,                 200, KMS.0209, KMS.0210, KMS.1301, 200",
    "CreateDatakeyCapsule,           200, KMS.0209, KMS.0210, KMS.1301, 200",
    // A genuine capsule with a document that proves nothing: it comes as far as that.
    "DecryptDatakeyCapsule,     KMS.3804, KMS.0209, KMS.0210, KMS.1301, KMS.3804",
    "ShowKeyRotationStatus,          200, 200,      200,      200,      200",
    "EnableKeyRotation,              200, 200,      KMS.0210, 200,      KMS.0211",
    "RotateKeyNow,                   200, KMS.0209, KMS.0210, KMS.1301, KMS.0211",
    "ListKeyVersions,                200, 200,      200,      200,      200",
    "ReplicateKey,                   200, KMS.0209, KMS.0210, KMS.1301, KMS.0211",
    "UpdatePrimaryRegion,       KMS.3803, KMS.3803, KMS.3803, KMS.3803, KMS.0211",
    "CreateKmsTag,                   204, 204,      204,      204,      KMS.0211",
    "BatchCreateKmsTags,             204, 204,      204,      204,      KMS.0211",
    "DeleteTag,                      204, 204,      204,      204,      KMS.0211",
  })
  void everyOperationAnswersAsTheContractSaysInEveryState(
      String operation,
      String enabled,
      String disabled,
      String pendingDeletion,
      String pendingImport,
      String defaultKey) {
    Map<String, String> expected = new LinkedHashMap<>();
    expected.put("enabled", enabled);
    expected.put("disabled", disabled);
    expected.put("pendingDeletion", pendingDeletion);
    expected.put("pendingImport", pendingImport);
    expected.put("default", defaultKey);
    Map<String, String> found = new LinkedHashMap<>();
    expected.keySet().forEach(state -> found.put(state, outcome(operation, state)));

    assertThat(found).isEqualTo(expected);
  }

  /** Makes a key, uses it while it still can be, puts it into the state, and calls. */
  private static String outcome(String operation, String state) {
    Key key = state.equals("default") ? world.defaultKey() : world.key();
    String cipherText =
        calls.call("EncryptData", body("EncryptData", key, "")).text("/cipher_text");
    String dataKey =
        calls.call("CreateDatakey", body("CreateDatakey", key, "")).text("/cipher_text");
    String capsule =
        calls
            .call("CreateDatakeyCapsule", body("CreateDatakeyCapsule", key, ""))
            .text("/datakey_capsule");
    if (!state.equals("default")) {
      calls.call("CreateKmsTag", path(key), Calls.json("{'tag':{'key':'present'}}"));
    }
    put(key, state);
    String used =
        switch (operation) {
          case "DecryptDatakey" -> dataKey;
          case "DecryptDatakeyCapsule" -> capsule;
          default -> cipherText;
        };
    Calls.Reply reply = calls.call(operation, path(key), body(operation, key, used));
    if (state.equals("default")) {
      // Only one key can have the name.
      world.store.write(tx -> {
        tx.purge(key.id());
        return true;
      });
    }
    return reply.code().isEmpty() ? Integer.toString(reply.status()) : reply.code();
  }

  private static Map<String, String> path(Key key) {
    return Map.of("key_id", key.id().text(), "key", "present");
  }

  private static void put(Key key, String state) {
    KeyReference reference = new KeyReference.Id(key.id());
    switch (state) {
      case "disabled" -> world.services().lifecycle().disable(world.alice(), reference);
      case "pendingDeletion" ->
          world
              .services()
              .lifecycle()
              .scheduleDeletion(world.alice(), reference, Duration.ofDays(7));
      case "pendingImport" -> removeMaterial(key.id());
      default -> {
        // It is.
      }
    }
  }

  /** What deleting imported material will do. */
  private static void removeMaterial(KeyId id) {
    world.store.write(
        tx -> tx.update(tx.lockKey(id).orElseThrow().in(new KeyState.PendingImport())));
    world.services().keys().changedAll();
  }

  private static String body(String operation, Key key, String cipherText) {
    String more =
        switch (operation) {
          case "DeleteKey" -> "'pending_days':'7'";
          case "UpdateKeyAlias" -> "'key_alias':'renamed-" + key.id() + "'";
          case "UpdateKeyDescription" -> "'key_description':'new'";
          case "EncryptData" -> "'plain_text':'hello'";
          case "DecryptData" -> "'cipher_text':'" + cipherText + "'";
          case "EncryptDatakey" ->
              "'datakey_plain_length':'64','plain_text':'"
                  + HexFormat.of().formatHex(new byte[64])
                  + "F5A5FD42D16A20302798EF6ED309979B43003D2320D9F0E8EA9831A92759FB4B'";
          case "DecryptDatakey" ->
              "'datakey_cipher_length':'32','cipher_text':'" + cipherText + "'";
          case "CreateDatakeyCapsule" -> "'datakey_length':'256','key_policy':'{}'";
          case "DecryptDatakeyCapsule" ->
              "'attestation_document':{},'datakey_capsule':'" + cipherText + "'";
          case "CreateKmsTag" -> "'tag':{'key':'k'}";
          case "ReplicateKey" ->
              "'replica_region':'%s','replica_project_id':'%s','key_alias':'replica-%s'"
                  .formatted(KeyWorld.FAR_REGION, KeyWorld.FAR_PROJECT, key.id());
          case "UpdatePrimaryRegion" -> "'primary_region':'" + KeyWorld.FAR_REGION + "'";
          case "BatchCreateKmsTags" -> "'action':'create','tags':[{'key':'k'}]";
          default -> "";
        };
    return Calls.about(key.id().text(), Calls.json(more));
  }
}
