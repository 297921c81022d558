package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Oaep;
import dev.yaoku.service.KeyWorld;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Imported material of keys that have replicas. */
class ImportIntoReplicasTest extends ImportWorld {
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

  @Test
  void aReplicaKnowsTheMaterialThatOnlyAPurgedPrimaryEverHad() {
    bring(1);
    String old = encrypt();
    bring(2);
    on("RotateOnDemand");
    on("DeleteImportedKeyMaterial");
    assertThat(bring(2)).isEqualTo("{}");
    String replica = replicated();
    String about = "{'key_id':'" + replica + "'";
    calls.call("DeleteKey", Calls.about(key, Calls.json("'pending_days':'7'")));
    world.pass(Duration.ofDays(15));
    assertThat(world.services().deletions().purgeDue()).isEqualTo(1);
    far("UpdatePrimaryRegion", replica, "{'primary_region':'" + KeyWorld.FAR_REGION + "'}");

    assertThat(bringFar(about, 1)).isEmpty();

    assertThat(decryptFar(old)).isEqualTo("hello");
    assertThat(bringFar(about, 1)).isEqualTo("KMS.2606");
  }

  private String farState(String replica) {
    return far("ListKeyDetail", "", "{'key_id':'" + replica + "'}").text("/key_info/key_state");
  }

  private String farOn(String operation, String replica) {
    return far(operation, "", "{'key_id':'" + replica + "'}").code();
  }

  private String farListed(String state) {
    return far("ListKeys", "", "{'key_state':'" + state + "'}").body();
  }

  private String tomorrow() {
    return ",'expiration_time':" + KeyWorld.START.plus(Duration.ofDays(1)).getEpochSecond();
  }

  @Test
  void anOlderVersionThatComesBackWhileAClockIsAheadTakesNothingFromTheReplicas() {
    bring(material(1), tomorrow());
    String old = encrypt();
    bring(material(2), tomorrow());
    on("RotateOnDemand");
    String fresh = encrypt();
    String replica = replicated();
    world.jump(Duration.ofDays(3650));
    assertThat(bring(1)).isEqualTo("{}");
    assertThat(farState(replica)).isEqualTo("5");
    world.jump(Duration.ofDays(-3650));

    assertThat(farState(replica)).isEqualTo("2");
    assertThat(decryptFar(fresh)).isEqualTo("hello");
    assertThat(decryptFar(old)).isEqualTo("hello");
  }

  @Test
  void aReplicaThatSomebodyDisabledIsNotEnabledByItsPrimarysMaterial() {
    bring(1);
    String cipherText = encrypt();
    String replica = replicated();
    farOn("DisableKey", replica);
    on("DeleteImportedKeyMaterial");
    assertThat(farState(replica)).isEqualTo("3");

    assertThat(bring(1)).isEqualTo("{}");

    assertThat(farState(replica)).isEqualTo("3");
    assertThat(decryptFar(cipherText)).isEqualTo("KMS.0209");
    assertThat(farOn("EnableKey", replica)).isEmpty();
    assertThat(decryptFar(cipherText)).isEqualTo("hello");
  }

  @Test
  void aReplicaThatIsEnabledWithoutMaterialWaitsForItsPrimarys() {
    bring(1);
    String cipherText = encrypt();
    String replica = replicated();
    farOn("DisableKey", replica);
    on("DeleteImportedKeyMaterial");

    assertThat(farOn("EnableKey", replica)).isEmpty();
    assertThat(farState(replica)).isEqualTo("5");
    assertThat(farOn("EnableKey", replica)).isEqualTo("KMS.1201");
    assertThat(bring(1)).isEqualTo("{}");

    assertThat(decryptFar(cipherText)).isEqualTo("hello");
  }

  @Test
  void aDisabledReplicaStaysSoWhenItsMaterialExpires() {
    bring(material(1), tomorrow());
    String replica = replicated();
    farOn("DisableKey", replica);
    world.pass(Duration.ofDays(1));
    assertThat(farState(replica)).isEqualTo("3");
    assertThat(farListed("3")).contains(replica);
    assertThat(farListed("5")).doesNotContain(replica);
    assertThat(described("key_state")).isEqualTo("5");
    assertThat(world.services().expiries().endDue()).isEqualTo(2);
    assertThat(farListed("3")).contains(replica);

    assertThat(bring(1)).isEqualTo("{}");

    assertThat(described("key_state")).isEqualTo("2");
    assertThat(farState(replica)).isEqualTo("3");
  }

  @Test
  void aReplicaThatIsEnabledWhileAClockIsAheadKeepsItsMaterial() {
    bring(material(1), tomorrow());
    String cipherText = encrypt();
    String replica = replicated();
    farOn("DisableKey", replica);
    world.jump(Duration.ofDays(3650));
    assertThat(farOn("EnableKey", replica)).isEmpty();
    assertThat(farState(replica)).isEqualTo("5");
    world.jump(Duration.ofDays(-3650));

    assertThat(decryptFar(cipherText)).isEqualTo("hello");
  }

  @Test
  void aReplicaThatIsRescuedFromDeletionIsNotEnabledByItsPrimarysMaterial() {
    bring(1);
    String replica = replicated();
    far("DeleteKey", "", "{'key_id':'" + replica + "','pending_days':'7'}");
    on("DeleteImportedKeyMaterial");
    assertThat(farOn("CancelKeyDeletion", replica)).isEmpty();

    assertThat(bring(1)).isEqualTo("{}");

    assertThat(farState(replica)).isEqualTo("3");
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
}
