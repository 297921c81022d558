package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.service.KeyWorld;
import dev.yaoku.service.Rules;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server without the SM algorithms makes nothing of theirs, and keeps what it has. */
class SmSwitchTest {
  @TempDir Path directory;

  private static Rules rules() {
    Rules usual = KeyWorld.roomy();
    return new Rules(
        usual.regions(),
        usual.names(),
        usual.keysPerProjectMax(),
        usual.tagsPerKeyMax(),
        usual.aliasesPerKeyMax(),
        usual.grantsPerKeyMax(),
        usual.grantsCascade(),
        usual.purgeGrace(),
        usual.cachedKeysMax(),
        usual.cachedBytesMax(),
        usual.cachedFor(),
        false,
        usual.freeAliasMoves(),
        usual.rsaPairsAhead(),
        usual.keySpaces());
  }

  @Test
  void nothingOfTheSmAlgorithmsIsMade() {
    try (KeyWorld world = KeyWorld.in(directory, rules())) {
      Blobs blobs = new Blobs(new Calls(world));
      for (String spec : new String[] {"SM2", "SM4", "HMAC_SM3"}) {
        assertThat(code(blobs, "CreateKey", "{'key_alias':'k','key_spec':'" + spec + "'}"))
            .isEqualTo("KMS.1110");
        assertThat(
                code(
                    blobs,
                    "CreateKey",
                    "{'key_alias':'k','origin':'external','key_spec':'" + spec + "'}"))
            .as("external %s", spec)
            .isEqualTo("KMS.1110");
      }
      String aes = blobs.key("aes", "AES_256");
      String about = "{'key_id':'" + aes + "'";
      assertThat(code(blobs, "CreateEcDatakeyPair", about + ",'key_spec':'SM2'}"))
          .isEqualTo("KMS.1110");
      // Only lengths: no SM algorithm computes with them.
      assertThat(code(blobs, "CreateDatakey", about + ",'key_spec':'SM4'}")).isEmpty();
      assertThat(code(blobs, "CreateDatakey", about + ",'key_spec':'HMAC_SM3'}")).isEmpty();
      String external =
          blobs.call("CreateKey", "{'key_alias':'e','origin':'external'}").text("/key_info/key_id");
      assertThat(
              code(
                  blobs,
                  "CreateParametersForImport",
                  "{'key_id':'" + external + "','wrapping_algorithm':'SM2_ENCRYPT'}"))
          .isEqualTo("KMS.1110");
    }
  }

  @Test
  void keysFromBeforeTheSwitchGoOnWorking() {
    try (KeyWorld world = KeyWorld.in(directory, KeyWorld.roomy())) {
      Blobs before = new Blobs(new Calls(world));
      String sm4 = before.key("sm4", "SM4");
      String sm2 =
          before
              .call("CreateKey", "{'key_alias':'sm2','key_spec':'SM2','key_usage':'SIGN_VERIFY'}")
              .text("/key_info/key_id");
      String mac =
          before
              .call("CreateKey", "{'key_alias':'m','key_spec':'HMAC_SM3'}")
              .text("/key_info/key_id");
      String blob =
          before
              .call("EncryptData", "{'key_id':'" + sm4 + "','plain_text':'hello'}")
              .text("/cipher_text");
      world.restart(rules());
      Blobs after = new Blobs(new Calls(world));

      assertThat(code(after, "CreateKey", "{'key_alias':'x','key_spec':'SM4'}"))
          .isEqualTo("KMS.1110");
      assertThat(after.call("DecryptData", Blobs.opening(blob)).text("/plain_text"))
          .isEqualTo("hello");
      for (String[] call :
          new String[][] {
            {"EncryptData", sm4, ",'plain_text':'x'"},
            {"CreateDatakey", sm4, ""},
            {"RotateKeyNow", sm4, ""},
            {
              "Sign", sm2, ",'message':'QQ==','message_type':'RAW','signing_algorithm':'SM2DSA_SM3'"
            },
            {"ShowPublicKey", sm2, ""},
            {"GenerateMac", mac, ",'message':'QQ==','mac_algorithm':'HMAC_SM3'"}
          }) {
        assertThat(code(after, call[0], "{'key_id':'" + call[1] + "'" + call[2] + "}"))
            .as(call[0])
            .isEmpty();
      }
    }
  }

  /** A replica is a key that is made. */
  @Test
  void keysFromBeforeTheSwitchGetNoReplicas() {
    try (KeyWorld world = KeyWorld.in(directory, KeyWorld.roomy())) {
      Blobs before = new Blobs(new Calls(world));
      Map<String, String> keys = new HashMap<>();
      for (String spec : new String[] {"SM4", "SM2", "HMAC_SM3", "AES_256"}) {
        keys.put(
            spec,
            before
                .call("CreateKey", "{'key_alias':'k-" + spec + "','key_spec':'" + spec + "'}")
                .text("/key_info/key_id"));
      }
      world.restart(rules());
      Calls after = new Calls(world);

      keys.forEach((spec, key) ->
          assertThat(replicate(after, key).code())
              .as(spec)
              .isEqualTo(spec.equals("AES_256") ? "" : "KMS.1110"));
    }
  }

  private static Calls.Reply replicate(Calls calls, String key) {
    return calls.call(
        "ReplicateKey",
        Map.of("key_id", key),
        Calls.json(
            "{'replica_region':'%s','replica_project_id':'%s','key_alias':'replica'}"
                .formatted(KeyWorld.FAR_REGION, KeyWorld.FAR_PROJECT)));
  }

  private static String code(Blobs blobs, String operation, String body) {
    return blobs.call(operation, body).code();
  }
}
