package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.yaoku.audit.AuditEvent;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.service.KeyWorld;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Imported material as clients see it: how it is used, taken away, brought back and ended. */
class ImportTest extends ImportWorld {
  private static final Duration TEN_YEARS = Duration.ofDays(3650);
  private static final String DEPARTMENT = "11111111-2222-4333-8444-555555555507";

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
    int left = world.store.read(tx -> tx.versions(new KeyId(key)).getFirst().wrapped().length);
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
    return world.store.read(tx -> tx.versions(new KeyId(key)).getFirst().wrapped().length);
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
  void whatIsChangedWhileAClockIsAheadKeepsItsMaterial() {
    expiringTomorrow(1);
    String cipherText = encrypt();
    KeyReference reference = KeyWorld.ref(new KeyId(key));
    world.jump(TEN_YEARS);
    assertThat(change("UpdateKeyDescription", "'key_description':'other'")).contains(key);
    assertThat(change("UpdateKeyAlias", "'key_alias':'other'")).contains(key);
    world
        .services()
        .enterpriseProjects()
        .migrate(world.alice(), KeyWorld.PROJECT, null, reference, DEPARTMENT);
    assertThat(described("key_state")).isEqualTo("5");
    world.jump(TEN_YEARS.negated());

    assertThat(described("key_state")).isEqualTo("2");
    assertThat(described("key_description")).isEqualTo("other");
    assertThat(decrypt(cipherText)).isEqualTo("hello");
    assertThat(bring(2)).isEqualTo("{}");
  }

  @Test
  void whatIsRescuedFromDeletionWhileAClockIsAheadKeepsItsMaterial() {
    expiringTomorrow(1);
    String cipherText = encrypt();
    world.jump(TEN_YEARS);
    assertThat(change("DeleteKey", "'pending_days':'7'")).contains("\"key_state\":\"4\"");
    assertThat(on("CancelKeyDeletion")).contains("\"key_state\":\"5\"");
    assertThat(described("key_state")).isEqualTo("5");
    world.jump(TEN_YEARS.negated());

    assertThat(described("key_state")).isEqualTo("3");
    on("EnableKey");
    assertThat(decrypt(cipherText)).isEqualTo("hello");
  }

  private String change(String operation, String member) {
    Calls.Reply reply = calls.call(operation, Calls.about(key, Calls.json(member)));
    return reply.code().isEmpty() ? reply.body() : reply.code();
  }

  private void expiringTomorrow(int seed) {
    long end = KeyWorld.START.plus(Duration.ofDays(1)).getEpochSecond();
    assertThat(bring(material(seed), ",'expiration_time':" + end)).isEqualTo("{}");
  }

  /** As servers left a key that was changed while their clock was ahead. */
  @Test
  void aKeyThatLostSightOfItsMaterialTakesTheSameAgain() {
    bring(1);
    String cipherText = encrypt();
    world.store.write(tx -> tx.update(tx.key(new KeyId(key)).orElseThrow().withoutMaterial()));
    world.services().keys().changedAll();
    assertThat(decrypt(cipherText)).isEqualTo("KMS.1301");

    assertThat(bring(2)).isEqualTo("KMS.2606");
    assertThat(bring(1)).isEqualTo("{}");

    assertThat(decrypt(cipherText)).isEqualTo("hello");
    assertThat(bring(1)).isEqualTo("KMS.2606");
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

  @Test
  void materialThatExpiredWhileItWaitedIsNewWhenItComesAgain() {
    bring(1);
    expiringTomorrow(2);
    String first = materialInWaiting();
    world.pass(Duration.ofDays(2));

    assertThat(bring(2)).isEqualTo("{}");

    assertThat(materialInWaiting()).isNotEqualTo(first);
    assertThat(on("RotateOnDemand")).contains(key);
  }

  private String materialInWaiting() {
    tools.jackson.databind.JsonNode waiting =
        calls.call("ShowKeyRotationStatus", Calls.about(key, "")).json().at("/key_materials/0");
    assertThat(waiting.at("/state").intValue()).isZero();
    return waiting.at("/material_id").stringValue();
  }

  @Test
  void aPrivateKeyIsNothingToASymmetricKey() {
    assertThat(bring(material(1), ",'encrypted_privatekey':'junk'")).isEqualTo("{}");
    assertThat(bring(material(2), ",'encrypted_privatekey':'" + "QUJD".repeat(60) + "'"))
        .isEqualTo("{}");
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
  void eachStepIsRecordedWithTheRowsThatItChanged() {
    bring(1);
    on("DeleteImportedKeyMaterial");
    assertThat(world.recorded)
        .filteredOn(event -> event.resource().id().equals(key))
        .extracting(
            AuditEvent::trace,
            event -> event.changes().stream().map(AuditEvent.Change::table).toList())
        .containsSubsequence(
            tuple("getParametersForImport", List.of("import_token")),
            tuple("importKeyMaterial", List.of("import_token", "key_version", "key")),
            tuple("deleteImportedKeyMaterial", List.of("key_version", "key")));
  }
}
