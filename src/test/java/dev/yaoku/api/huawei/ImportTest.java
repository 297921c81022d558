package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.yaoku.access.Action;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.crypto.Oaep;
import dev.yaoku.service.KeyWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Import of key material, as clients see it. */
class ImportTest {
  private static final String OAEP = "RSAES_OAEP_SHA_256";

  @TempDir Path directory;
  private final AtomicInteger names = new AtomicInteger();
  private KeyWorld world;
  private Calls calls;
  private String key = "";

  @BeforeEach
  void makeAKey() {
    world = KeyWorld.in(directory);
    calls = new Calls(world);
    key = externalKey();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private String externalKey() {
    return calls
        .call(
            "CreateKey",
            Calls.json("{'key_alias':'ext-" + names.incrementAndGet() + "','origin':'external'}"))
        .text("/key_info/key_id");
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Parameters(String token, byte[] publicKey) {}

  private Parameters parameters(String id) {
    Calls.Reply reply =
        calls.call(
            "CreateParametersForImport",
            Calls.about(id, Calls.json("'wrapping_algorithm':'" + OAEP + "'")));
    assertThat(reply.code()).isEmpty();
    assertThat(reply.json().at("/expiration_time").isNumber()).isTrue();
    return new Parameters(
        reply.text("/import_token"), Base64.getDecoder().decode(reply.text("/public_key")));
  }

  private static byte[] material(int seed) {
    byte[] material = new byte[32];
    Arrays.fill(material, (byte) seed);
    return material;
  }

  private String send(String id, String token, byte[] encrypted, String more) {
    String members =
        "'import_token':'"
            + token
            + "','encrypted_key_material':'"
            + Base64.getEncoder().encodeToString(encrypted)
            + "'"
            + more;
    Calls.Reply reply = calls.call("ImportKeyMaterial", Calls.about(id, Calls.json(members)));
    return reply.code().isEmpty() ? reply.body() : reply.code();
  }

  private String bring(byte[] material, String more) {
    Parameters parameters = parameters(key);
    return send(key, parameters.token(), Oaep.encrypted(parameters.publicKey(), material), more);
  }

  private String bring(int seed) {
    return bring(material(seed), "");
  }

  private String described(String member) {
    return calls.call("ListKeyDetail", Calls.about(key, "")).text("/key_info/" + member);
  }

  private String encrypt() {
    return calls
        .call("EncryptData", Calls.about(key, Calls.json("'plain_text':'hello'")))
        .text("/cipher_text");
  }

  private String decrypt(String cipherText) {
    Calls.Reply reply =
        calls.call("DecryptData", Calls.json("{'cipher_text':'" + cipherText + "'}"));
    return reply.code().isEmpty() ? reply.text("/plain_text") : reply.code();
  }

  private String on(String operation) {
    Calls.Reply reply = calls.call(operation, Calls.about(key, ""));
    return reply.code().isEmpty() ? reply.body() : reply.code();
  }

  @Test
  void materialThatWaitsIsListedFirstWithStateZero() {
    bring(1);
    bring(material(2), ",'expiration_time':'1900000000'");
    tools.jackson.databind.JsonNode versions =
        calls.call("ListKeyVersions", Calls.about(key, "")).json().at("/versions");

    assertThat(versions.size()).isEqualTo(2);
    assertThat(versions.at("/0/version").intValue()).isEqualTo(2);
    assertThat(versions.at("/0/state").intValue()).isZero();
    assertThat(versions.at("/0/expiration_time").stringValue()).isEqualTo("1900000000000");
    assertThat(versions.at("/1/version").intValue()).isEqualTo(1);
    assertThat(versions.at("/1/state").intValue()).isEqualTo(2);
    assertThat(versions.at("/1/expiration_time").stringValue()).isEmpty();
    assertThat(on("RotateOnDemand")).contains(key);
    versions = calls.call("ListKeyVersions", Calls.about(key, "")).json().at("/versions");
    assertThat(versions.at("/0/state").intValue()).isEqualTo(2);
    assertThat(versions.at("/1/state").intValue()).isEqualTo(2);
  }

  @Test
  void importedMaterialWorksLikeAnyOther() {
    assertThat(described("key_state")).isEqualTo("5");
    assertThat(bring(1)).isEqualTo("{}");
    assertThat(described("key_state")).isEqualTo("2");
    assertThat(described("expiration_time")).isEmpty();
    assertThat(decrypt(encrypt())).isEqualTo("hello");
  }

  @Test
  void aTokenHasTheFormOfTheContractAndSaysNothing() {
    Parameters parameters = parameters(key);
    assertThat(parameters.token()).matches("[0-9a-zA-Z+/=]{200,6144}");
    assertThat(Base64.getDecoder().decode(parameters.token())).hasSize(178).startsWith(0x59, 1);
    Object rows =
        world.store.read(tx -> tx.importTokens(new dev.yaoku.key.KeyId(key)).getFirst().toString());
    assertThat(rows.toString()).doesNotContain(parameters.token());
  }

  @Test
  void onlyTheSameMaterialComesBack() {
    assertThat(bring(1)).isEqualTo("{}");
    String cipherText = encrypt();
    assertThat(on("DeleteImportedKeyMaterial")).isEqualTo("{}");
    assertThat(described("key_state")).isEqualTo("5");
    assertThat(decrypt(cipherText)).isEqualTo("KMS.1301");
    assertThat(on("DeleteImportedKeyMaterial")).isEqualTo("KMS.2701");

    assertThat(bring(2)).isEqualTo("KMS.2606");
    assertThat(bring(1)).isEqualTo("{}");

    assertThat(decrypt(cipherText)).isEqualTo("hello");
  }

  @Test
  void deletedMaterialIsNotStoredAnyMore() {
    bring(1);
    on("DeleteImportedKeyMaterial");
    int left =
        world.store.read(
            tx -> tx.versions(new dev.yaoku.key.KeyId(key)).getFirst().wrapped().length);
    assertThat(left).isZero();
  }

  @Test
  void aCancelledDeletionOfAKeyWithoutMaterialStillWaitsForIt() {
    bring(1);
    on("DeleteImportedKeyMaterial");
    calls.call("DeleteKey", Calls.about(key, Calls.json("'pending_days':'7'")));
    on("CancelKeyDeletion");
    assertThat(described("key_state")).isEqualTo("5");
  }

  @Test
  void tokensAreRefusedByWhatIsWrongWithThem() {
    Parameters own = parameters(key);
    byte[] encrypted = Oaep.encrypted(own.publicKey(), material(1));
    String other = externalKey();
    Parameters others = parameters(other);

    assertThat(send(key, others.token(), encrypted, "")).isEqualTo("KMS.2603");
    assertThat(send(key, "AAAA".repeat(60), encrypted, "")).isEqualTo("KMS.2605");
    byte[] forged = Base64.getDecoder().decode(own.token());
    forged[100] ^= 1;
    String forgedToken = Base64.getEncoder().encodeToString(forged);
    assertThat(send(key, forgedToken, encrypted, "")).isEqualTo("KMS.2605");
    Parameters second = parameters(key);
    assertThat(send(key, second.token(), encrypted, "")).isEqualTo("KMS.0311");
    assertThat(send(key, own.token(), encrypted, "")).isEqualTo("{}");
    assertThat(send(key, own.token(), encrypted, "")).isEqualTo("KMS.2605");
  }

  @Test
  void aTokenLivesADay() {
    Parameters parameters = parameters(key);
    byte[] encrypted = Oaep.encrypted(parameters.publicKey(), material(1));
    world.pass(Duration.ofHours(24));
    assertThat(send(key, parameters.token(), encrypted, "")).isEqualTo("KMS.2601");

    assertThat(world.services().expiries().endDue()).isEqualTo(1);
    assertThat(world.services().expiries().endDue()).isZero();

    assertThat(send(key, parameters.token(), encrypted, "")).isEqualTo("KMS.2601");
    int left =
        world.store.read(
            tx -> tx.importTokens(new dev.yaoku.key.KeyId(key)).getFirst().wrapped().length);
    assertThat(left).isZero();
    world.pass(Duration.ofDays(8));
    world.services().expiries().endDue();
    assertThat(send(key, parameters.token(), encrypted, "")).isEqualTo("KMS.2605");
  }

  @Test
  void aTokenSurvivesARestart() {
    Parameters parameters = parameters(key);
    world.restart();
    calls = new Calls(world);
    assertThat(
            send(key, parameters.token(), Oaep.encrypted(parameters.publicKey(), material(1)), ""))
        .isEqualTo("{}");
  }

  @Test
  void tenAttemptsInVainEndAToken() {
    Parameters parameters = parameters(key);
    byte[] noise = new byte[256];
    for (int i = 0; i < 10; i++) {
      assertThat(send(key, parameters.token(), noise, "")).isEqualTo("KMS.0311");
    }
    byte[] right = Oaep.encrypted(parameters.publicKey(), material(1));
    assertThat(send(key, parameters.token(), right, "")).isEqualTo("KMS.2605");
  }

  @Test
  void aKeyHasAtMostTwentyLiveTokens() {
    for (int i = 0; i < 20; i++) {
      parameters(key);
    }
    Calls.Reply reply =
        calls.call(
            "CreateParametersForImport",
            Calls.about(key, Calls.json("'wrapping_algorithm':'" + OAEP + "'")));
    assertThat(reply.status()).isEqualTo(429);
    world.pass(Duration.ofHours(25));
    parameters(key);
  }

  @Test
  void materialOfAnotherLengthIsRefused() {
    assertThat(bring(new byte[16], "")).isEqualTo("KMS.2604");
    assertThat(bring(new byte[31], "")).isEqualTo("KMS.2604");
    assertThat(bring(new byte[0], "")).isEqualTo("KMS.2604");
  }

  @Test
  void expiredMaterialIsOutOfReachAtOnceAndDestroyedLate() {
    long end = KeyWorld.START.plus(Duration.ofDays(1)).getEpochSecond();
    assertThat(bring(material(1), ",'expiration_time':" + end)).isEqualTo("{}");
    assertThat(described("expiration_time")).isEqualTo(end + "000");
    String cipherText = encrypt();
    world.pass(Duration.ofDays(1));

    assertThat(described("key_state")).isEqualTo("5");
    assertThat(described("expiration_time")).isEmpty();
    assertThat(decrypt(cipherText)).isEqualTo("KMS.1301");
    assertThat(on("DisableKey")).isEqualTo("KMS.1301");
    assertThat(world.services().expiries().endDue()).isEqualTo(1);
    assertThat(world.services().expiries().endDue()).isZero();
    assertThat(calls.call("ListKeys", Calls.json("{'key_state':'5'}")).body()).contains(key);
    assertThat(wrapped()).isPositive();

    world.pass(Duration.ofDays(7));
    assertThat(world.services().expiries().endDue()).isEqualTo(1);
    assertThat(world.services().expiries().endDue()).isZero();
    assertThat(wrapped()).isZero();
    assertThat(bring(2)).isEqualTo("KMS.2606");
    assertThat(bring(1)).isEqualTo("{}");
    assertThat(decrypt(cipherText)).isEqualTo("hello");
  }

  private int wrapped() {
    return world.store.read(
        tx -> tx.versions(new dev.yaoku.key.KeyId(key)).getFirst().wrapped().length);
  }

  @Test
  void aClockThatJumpsHidesMaterialOnlyWhileItIsWrong() {
    long end = KeyWorld.START.plus(Duration.ofDays(1)).getEpochSecond();
    bring(material(1), ",'expiration_time':'" + end + "'");
    String cipherText = encrypt();
    world.jump(Duration.ofDays(3650));
    assertThat(decrypt(cipherText)).isEqualTo("KMS.1301");
    assertThat(world.services().expiries().endDue()).isZero();
    world.jump(Duration.ofDays(-3650));
    assertThat(decrypt(cipherText)).isEqualTo("hello");
  }

  @Test
  void anExpiryMustLieAheadAndCanLieFar() {
    assertThat(bring(material(1), ",'expiration_time':'1'")).isEqualTo("KMS.2602");
    assertThat(bring(material(1), ",'expiration_time':'-5'")).isEqualTo("KMS.2602");
    assertThat(bring(material(1), ",'expiration_time':'tomorrow'")).isEqualTo("KMS.0308");
    assertThat(bring(material(1), ",'expiration_time':'2999886177'")).isEqualTo("{}");
    assertThat(described("expiration_time")).isEqualTo("2999886177000");
  }

  @Test
  void newMaterialOfAnEnabledKeyWaitsForRotateOnDemand() {
    bring(1);
    assertThat(on("RotateOnDemand")).isEqualTo("KMS.0310");
    String old = encrypt();
    assertThat(bring(1)).isEqualTo("KMS.2606");
    assertThat(bring(2)).isEqualTo("{}");
    assertThat(bring(3)).isEqualTo("{}");
    Calls.Reply status = calls.call("ShowKeyRotationStatus", Calls.about(key, ""));
    assertThat(status.json().at("/key_materials").size()).isEqualTo(2);
    assertThat(status.json().at("/key_materials/0/state").intValue()).isZero();
    assertThat(status.json().at("/key_materials/1/state").intValue()).isEqualTo(2);

    assertThat(on("RotateOnDemand")).isEqualTo("{\"key_id\":\"" + key + "\"}");

    assertThat(on("RotateOnDemand")).isEqualTo("KMS.0310");
    String fresh = encrypt();
    assertThat(decrypt(old)).isEqualTo("hello");
    assertThat(decrypt(fresh)).isEqualTo("hello");
    status = calls.call("ShowKeyRotationStatus", Calls.about(key, ""));
    assertThat(status.json().at("/number_of_rotations").intValue()).isEqualTo(1);
    assertThat(status.json().at("/key_rotation_enabled").booleanValue()).isFalse();
    assertThat(status.json().at("/rotation_interval").intValue()).isZero();

    on("DeleteImportedKeyMaterial");
    assertThat(bring(2)).isEqualTo("KMS.2606");
    assertThat(bring(1)).isEqualTo("{}");
    assertThat(described("key_state")).isEqualTo("5");
    assertThat(bring(3)).isEqualTo("{}");
    assertThat(described("key_state")).isEqualTo("2");
    assertThat(decrypt(old)).isEqualTo("hello");
    assertThat(decrypt(fresh)).isEqualTo("hello");
  }

  /** A call in the second region. */
  private Calls.Reply far(String operation, String path, String members) {
    byte[] body = Calls.json(members).getBytes(StandardCharsets.UTF_8);
    return calls.call(
        world.aliceFarAway(), operation, java.util.Map.of("key_id", path), List.of(), body);
  }

  private String decryptFar(String cipherText) {
    Calls.Reply reply = far("DecryptData", "", "{'cipher_text':'" + cipherText + "'}");
    return reply.code().isEmpty() ? reply.text("/plain_text") : reply.code();
  }

  private String replicated() {
    return calls
        .call(
            "ReplicateKey",
            java.util.Map.of("key_id", key),
            Calls.json(
                "{'replica_region':'%s','replica_project_id':'%s','key_alias':'far'}"
                    .formatted(KeyWorld.FAR_REGION, KeyWorld.FAR_PROJECT)))
        .text("/key_id");
  }

  @Test
  void whatHappensToThePrimarysMaterialHappensToItsReplicas() {
    bring(1);
    String old = encrypt();
    String replica = replicated();
    String about = "{'key_id':'" + replica + "'}";
    assertThat(decryptFar(old)).isEqualTo("hello");
    bring(2);
    bring(3);
    on("RotateOnDemand");
    String fresh = encrypt();
    assertThat(decryptFar(fresh)).isEqualTo("hello");

    on("DeleteImportedKeyMaterial");
    assertThat(far("ListKeyDetail", "", about).text("/key_info/key_state")).isEqualTo("5");
    assertThat(decryptFar(old)).isEqualTo("KMS.1301");
    assertThat(bring(3)).isEqualTo("{}");
    assertThat(far("ListKeyDetail", "", about).text("/key_info/key_state")).isEqualTo("2");
    assertThat(decryptFar(fresh)).isEqualTo("hello");
    assertThat(decryptFar(old)).isEqualTo("KMS.1301");
    assertThat(bring(1)).isEqualTo("{}");
    assertThat(decryptFar(old)).isEqualTo("hello");
  }

  @Test
  void aReplicaThatBecomesPrimaryKnowsTheMaterialThatItHad() {
    bring(1);
    String old = encrypt();
    String replica = replicated();
    String about = "{'key_id':'" + replica + "'";
    far("UpdatePrimaryRegion", replica, "{'primary_region':'" + KeyWorld.FAR_REGION + "'}");
    assertThat(on("DeleteImportedKeyMaterial")).isEqualTo("KMS.0106");
    assertThat(far("DeleteImportedKeyMaterial", "", about + "}").status()).isEqualTo(200);
    assertThat(decrypt(old)).isEqualTo("KMS.1301");

    assertThat(bringFar(about, 2)).isEqualTo("KMS.2606");
    assertThat(bringFar(about, 1)).isEmpty();
    assertThat(decrypt(old)).isEqualTo("hello");
    assertThat(decryptFar(old)).isEqualTo("hello");
  }

  @Test
  void aPrivateKeyIsNothingToASymmetricKey() {
    assertThat(bring(material(1), ",'encrypted_privatekey':'junk'")).isEqualTo("{}");
    assertThat(bring(material(2), ",'encrypted_privatekey':'" + "QUJD".repeat(60) + "'"))
        .isEqualTo("{}");
  }

  @Test
  void aPrimaryKnowsTheMaterialThatOnlyAnotherMemberEverHad() {
    bring(1);
    String old = encrypt();
    bring(2);
    on("RotateOnDemand");
    on("DeleteImportedKeyMaterial");
    assertThat(bring(2)).isEqualTo("{}");
    String replica = replicated();
    String about = "{'key_id':'" + replica + "'";
    far("UpdatePrimaryRegion", replica, "{'primary_region':'" + KeyWorld.FAR_REGION + "'}");
    assertThat(far("DeleteImportedKeyMaterial", "", about + "}").status()).isEqualTo(200);

    assertThat(bringFar(about, 3)).isEqualTo("KMS.2606");
    assertThat(bringFar(about, 1)).isEmpty();
    assertThat(bringFar(about, 2)).isEmpty();
    assertThat(decryptFar(old)).isEqualTo("hello");
    assertThat(decrypt(old)).isEqualTo("hello");

    assertThat(far("DeleteImportedKeyMaterial", "", about + "}").status()).isEqualTo(200);
    assertThat(bringFar(about, 2)).isEmpty();
    assertThat(bringFar(about, 1)).isEmpty();
    assertThat(decryptFar(old)).isEqualTo("hello");
  }

  private String bringFar(String about, int seed) {
    Calls.Reply parameters =
        far("CreateParametersForImport", "", about + ",'wrapping_algorithm':'" + OAEP + "'}");
    String wrapped = Oaep.encrypted(parameters.text("/public_key"), material(seed));
    return far(
            "ImportKeyMaterial",
            "",
            about
                + ",'import_token':'"
                + parameters.text("/import_token")
                + "','encrypted_key_material':'"
                + wrapped
                + "'}")
        .code();
  }

  @Test
  void expiryComesToAllMembersAtOnce() {
    long end = KeyWorld.START.plus(Duration.ofDays(1)).getEpochSecond();
    bring(material(1), ",'expiration_time':" + end);
    String cipherText = encrypt();
    String about = "{'key_id':'" + replicated() + "'}";
    assertThat(far("ListKeyDetail", "", about).text("/key_info/expiration_time"))
        .isEqualTo(end + "000");
    world.pass(Duration.ofDays(1));
    assertThat(decryptFar(cipherText)).isEqualTo("KMS.1301");
    assertThat(world.services().expiries().endDue()).isEqualTo(2);
    world.pass(Duration.ofDays(8));
    assertThat(world.services().expiries().endDue()).isEqualTo(2);

    assertThat(bring(1)).isEqualTo("{}");

    assertThat(decryptFar(cipherText)).isEqualTo("hello");
  }

  @Test
  void aVersionWhoseMaterialIsNotBackIsUnreadableAlone() {
    bring(1);
    String old = encrypt();
    bring(2);
    on("RotateOnDemand");
    String fresh = encrypt();
    on("DeleteImportedKeyMaterial");
    assertThat(bring(2)).isEqualTo("{}");
    assertThat(decrypt(fresh)).isEqualTo("hello");
    assertThat(decrypt(old)).isEqualTo("KMS.1301");
    assertThat(bring(1)).isEqualTo("{}");
    assertThat(decrypt(old)).isEqualTo("hello");
  }

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

  @Test
  void eachStepIsRecordedWithTheRowsThatItChanged() {
    bring(1);
    on("DeleteImportedKeyMaterial");
    assertThat(world.recorded)
        .filteredOn(event -> event.resourceId().equals(key))
        .extracting(
            AuditEvent::trace,
            event -> event.changes().stream().map(AuditEvent.Change::table).toList())
        .containsSubsequence(
            tuple("getParametersForImport", List.of("import_token")),
            tuple("importKeyMaterial", List.of("import_token", "key_version", "key")),
            tuple("deleteImportedKeyMaterial", List.of("key_version", "key")));
  }

  @Test
  void everyCallGivesAnotherWrappingKey() {
    java.util.Set<String> seen = new java.util.HashSet<>();
    for (int i = 0; i < 6; i++) {
      Parameters made = parameters(key);
      seen.add(Base64.getEncoder().encodeToString(made.publicKey()));
      seen.add(made.token());
    }
    assertThat(seen).hasSize(12);
  }

  @Test
  void onlySafeWrappingAlgorithmsAreTaken() {
    for (String refused : new String[] {"RSAES_OAEP_SHA_1", "RSAES_PKCS1_V1_5", "NONE"}) {
      String member = Calls.json("'wrapping_algorithm':'" + refused + "'");
      assertThat(calls.call("CreateParametersForImport", Calls.about(key, member)).code())
          .isEqualTo("KMS.0308");
    }
    assertThat(on("CreateParametersForImport")).isEqualTo("KMS.0204");
    HuaweiOptions lenient =
        new HuaweiOptions(false, false, false, true, HuaweiOptions.AliasList.BY_USER_AGENT);
    String member = Calls.json("'wrapping_algorithm':'RSAES_OAEP_SHA_1'");
    assertThat(
            new Calls(world, lenient)
                .call("CreateParametersForImport", Calls.about(key, member))
                .status())
        .isEqualTo(200);
  }

  /** The recipe of Huawei's guide, with the command that it names. */
  @Test
  void whatOpensslWrapsIsTaken() throws Exception {
    Parameters parameters = parameters(key);
    Files.write(directory.resolve("PublicKey.bin"), parameters.publicKey());
    run("openssl", "rand", "-out", "PlaintextKeyMaterial.bin", "32");
    run(
        "openssl",
        "pkeyutl",
        "-in",
        "PlaintextKeyMaterial.bin",
        "-inkey",
        "PublicKey.bin",
        "-out",
        "EncryptedKeyMaterial.bin",
        "-keyform",
        "der",
        "-pubin",
        "-encrypt",
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:sha256");
    byte[] encrypted = Files.readAllBytes(directory.resolve("EncryptedKeyMaterial.bin"));

    assertThat(send(key, parameters.token(), encrypted, "")).isEqualTo("{}");
    assertThat(decrypt(encrypt())).isEqualTo("hello");
  }

  /** OTC's older recipe, where the operator allows it. */
  @Test
  void oaepWithSha1WorksWhereItIsAllowed() throws Exception {
    calls =
        new Calls(
            world,
            new HuaweiOptions(false, false, false, true, HuaweiOptions.AliasList.BY_USER_AGENT));
    Calls.Reply made =
        calls.call(
            "CreateParametersForImport",
            Calls.about(key, Calls.json("'wrapping_algorithm':'RSAES_OAEP_SHA_1'")));
    Files.write(
        directory.resolve("PublicKey.bin"), Base64.getDecoder().decode(made.text("/public_key")));
    Files.write(directory.resolve("Material.bin"), material(1));
    run(
        "openssl",
        "pkeyutl",
        "-in",
        "Material.bin",
        "-inkey",
        "PublicKey.bin",
        "-out",
        "Encrypted.bin",
        "-keyform",
        "der",
        "-pubin",
        "-encrypt",
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:sha1");
    byte[] encrypted = Files.readAllBytes(directory.resolve("Encrypted.bin"));
    assertThat(send(key, made.text("/import_token"), encrypted, "")).isEqualTo("{}");
    assertThat(decrypt(encrypt())).isEqualTo("hello");
  }

  private void run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
