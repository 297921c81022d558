package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.crypto.Oaep;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which keys take material or a schedule, in which states, and from whom. */
class ImportRefusalsTest extends ImportWorld {
  @Test
  void keysMadeHereTakeNoMaterialAndKeysOfCustomersNoSchedule() {
    bring(1);
    assertThat(on("EnableKeyRotation")).isEqualTo("KMS.0312");
    assertThat(on("RotateKeyNow")).isEqualTo("KMS.0312");
    on("DisableKey");
    String parameters = Calls.json("'wrapping_algorithm':'" + OAEP + "'");
    assertThat(calls.call("CreateParametersForImport", Calls.about(key, parameters)).code())
        .isEqualTo("KMS.0310");
    key = world.key().id().text();
    assertThat(calls.call("CreateParametersForImport", Calls.about(key, parameters)).code())
        .isEqualTo("KMS.0309");
    assertThat(on("DeleteImportedKeyMaterial")).isEqualTo("KMS.0309");
    assertThat(on("RotateOnDemand")).isEqualTo("KMS.0309");
  }

  /** Rows of semantics.md 1 that are about imported material. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // operation,              2 enabled, 3 disabled, 4 to be deleted, 5 no material
    "CreateParametersForImport, 200,      KMS.0310,   KMS.0210,        200",
    "ImportKeyMaterial,         200,      KMS.0310,   KMS.0210,        200",
    "DeleteImportedKeyMaterial, 200,      200,        KMS.2701,        KMS.2701",
    "RotateOnDemand,            200,      KMS.0209,   KMS.0210,        KMS.1301",
    "EnableKeyRotation,         KMS.0312, KMS.0312,   KMS.0312,        KMS.0312",
    "UpdateKeyRotationInterval, KMS.0312, KMS.0312,   KMS.0312,        KMS.0312",
    "DisableKeyRotation,        KMS.0312, KMS.0312,   KMS.0312,        KMS.0312",
    "ShowKeyRotationStatus,     200,      200,        200,             200",
    "EncryptData,               200,      KMS.0209,   KMS.0210,        KMS.1301",
  })
  void inEveryState(
      String operation, String enabled, String disabled, String deleted, String pending) {
    List<String> found = new ArrayList<>();
    for (String state : List.of("2", "3", "4", "5")) {
      key = externalKey();
      String token = "";
      byte[] encrypted = {};
      if (!state.equals("5")) {
        bring(1);
        bring(2);
      }
      if (!state.equals("4")) {
        Parameters parameters = parameters(key);
        token = parameters.token();
        encrypted = Oaep.encrypted(parameters.publicKey(), material(3));
      }
      switch (state) {
        case "3" -> on("DisableKey");
        case "4" -> calls.call("DeleteKey", Calls.about(key, Calls.json("'pending_days':'7'")));
        default -> {
          // It is.
        }
      }
      String more =
          switch (operation) {
            case "CreateParametersForImport" -> "'wrapping_algorithm':'" + OAEP + "'";
            case "ImportKeyMaterial" ->
                "'import_token':'"
                    + (token.isEmpty() ? "AAAA" : token)
                    + "','encrypted_key_material':'"
                    + Base64.getEncoder()
                        .encodeToString(encrypted.length == 0 ? new byte[256] : encrypted)
                    + "'";
            case "UpdateKeyRotationInterval" -> "'rotation_interval':30";
            case "EncryptData" -> "'plain_text':'hello'";
            default -> "";
          };
      Calls.Reply reply = calls.call(operation, Calls.about(key, Calls.json(more)));
      found.add(reply.code().isEmpty() ? Integer.toString(reply.status()) : reply.code());
    }
    assertThat(found).containsExactly(enabled, disabled, deleted, pending);
  }

  @Test
  void aKeyOfAServiceTakesNoMaterial() {
    key = world.defaultKey().id().text();
    String parameters = Calls.json("'wrapping_algorithm':'" + OAEP + "'");
    assertThat(calls.call("CreateParametersForImport", Calls.about(key, parameters)).code())
        .isEqualTo("KMS.0211");
    assertThat(on("DeleteImportedKeyMaterial")).isEqualTo("KMS.0211");
    assertThat(on("RotateOnDemand")).isEqualTo("KMS.0211");
    String interval = Calls.json("'rotation_interval':30");
    assertThat(calls.call("UpdateKeyRotationInterval", Calls.about(key, interval)).code())
        .isEqualTo("KMS.0211");
  }

  @Test
  void aKeyInAKeystoreIsNeitherRotatedNorImportedInto() {
    String keystore =
        calls
            .call(
                "CreateKeyStore",
                Calls.json("{'keystore_alias':'ks','hsm_cluster_id':'c-1','hsm_ca_cert':'x'}"))
            .text("/keystore/keystore_id");
    calls.call("EnableKeyStore", java.util.Map.of("keystore_id", keystore), "");
    key =
        calls
            .call("CreateKey", Calls.json("{'key_alias':'in-ks','keystore_id':'" + keystore + "'}"))
            .text("/key_info/key_id");
    String parameters = Calls.json("'wrapping_algorithm':'" + OAEP + "'");
    assertThat(calls.call("CreateParametersForImport", Calls.about(key, parameters)).code())
        .isEqualTo("KMS.0339");
    assertThat(on("EnableKeyRotation")).isEqualTo("KMS.0338");
    assertThat(on("RotateKeyNow")).isEqualTo("KMS.0338");
  }

  @Test
  void anIntervalIsFromThirtyDaysToAYear() {
    key = world.key().id().text();
    on("EnableKeyRotation");
    for (String bad : List.of("29", "366", "'x'", "-30", "30.5")) {
      String member = Calls.json("'rotation_interval':" + bad);
      assertThat(calls.call("UpdateKeyRotationInterval", Calls.about(key, member)).code())
          .as(bad)
          .isEqualTo("KMS.3001");
    }
    assertThat(on("UpdateKeyRotationInterval")).isEqualTo("KMS.0204");
    assertThat(
            calls
                .call(
                    "UpdateKeyRotationInterval",
                    Calls.about(key, Calls.json("'rotation_interval':'365'")))
                .body())
        .isEqualTo("{}");
    assertThat(on("EnableKeyRotation")).isEqualTo("KMS.2901");
    String ignored = Calls.json("'rotation_interval':0");
    assertThat(calls.call("DisableKeyRotation", Calls.about(key, ignored)).body()).isEqualTo("{}");
    assertThat(on("DisableKeyRotation")).isEqualTo("KMS.0313");
  }

  private String as(dev.yaoku.access.Caller caller, String operation, String more) {
    return calls
        .call(
            caller,
            operation,
            java.util.Map.of(),
            List.of(),
            Calls.about(key, Calls.json(more)).getBytes(StandardCharsets.UTF_8))
        .code();
  }

  @Test
  void whoMayNotIsRefusedAndStrangersLearnNothing() {
    bring(1);
    String algorithm = "'wrapping_algorithm':'" + OAEP + "'";
    String delivery =
        "'import_token':'AAAA','encrypted_key_material':'"
            + Base64.getEncoder().encodeToString(new byte[256])
            + "'";
    java.util.Map<String, String> bodies =
        java.util.Map.of(
            "CreateParametersForImport", algorithm,
            "ImportKeyMaterial", delivery,
            "DeleteImportedKeyMaterial", "",
            "EnableKeyRotation", "",
            "DisableKeyRotation", "",
            "UpdateKeyRotationInterval", "'rotation_interval':30",
            "ShowKeyRotationStatus", "",
            "RotateOnDemand", "",
            "RotateKeyNow", "",
            "ListKeyVersions", "");
    bodies.forEach((operation, more) ->
        assertThat(as(world.mallory(), operation, more)).as(operation).isEqualTo("KMS.0207"));
    world.denied.addAll(
        List.of(
            Action.GET_IMPORT_PARAMETERS,
            Action.IMPORT_MATERIAL,
            Action.DELETE_MATERIAL,
            Action.ENABLE_ROTATION,
            Action.DISABLE_ROTATION,
            Action.UPDATE_ROTATION,
            Action.GET_ROTATION,
            Action.ROTATE_ON_DEMAND));
    bodies.forEach((operation, more) ->
        assertThat(as(world.alice(), operation, more)).as(operation).isEqualTo("KMS.0306"));
    assertThat(described("key_state")).isEqualTo("2");
  }
}
