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
