package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The points that were decided without a source, D1 and on, over HTTP. Each name begins with the
 * number. The whole of D1 is in {@link OrderOfChecksTest}, of D2 in {@link DuplicateNamesTest}, of
 * D4 in {@link KeyStatesOverHttpTest}.
 *
 * @see "contract/quirks.md"
 */
class DecidedQuirksTest extends QuirkServer {
  /** Of two faults the one that comes first is told. */
  @Test
  void d1MembersAreCheckedBeforeTheKeyItsKindBeforeItsStateAndThatBeforeDetails() {
    String doomed = tenant.key("d1", "");
    tenant.ok("schedule-key-deletion", about(doomed, ",'pending_days':'7'"));
    String unknown = "00000000-0000-4000-8000-000000000000";
    assertThat(tenant.kms("encrypt-data", about(unknown, "")).code()).isEqualTo("KMS.0204");
    assertThat(tenant.kms("sign", about(unknown, SIGNING)).code()).isEqualTo("KMS.0207");
    assertThat(tenant.kms("sign", about(doomed, SIGNING)).code()).isEqualTo("KMS.0331");
    String well = about(doomed, ",'plain_text':'x'");
    assertThat(tenant.colleague().kms("encrypt-data", well).code()).isEqualTo("KMS.0307");
    assertThat(tenant.kms("encrypt-data", well).code()).isEqualTo("KMS.0210");
  }

  private static final String SIGNING =
      ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'ECDSA_SHA_256'";

  @Test
  void d2ANameIsFreeAgainWhenItsKeyAwaitsDeletion() {
    String first = made("{'key_alias':'d2'}");
    assertThat(server.kms("create-key", "{'key_alias':'d2'}", "/error/error_code"))
        .isEqualTo("KMS.1104");
    server.kms("schedule-key-deletion", about(first, ",'pending_days':7"), "/key_id");
    assertThat(made("{'key_alias':'d2'}")).isNotEqualTo(first);
    assertThat(server.kms("cancel-key-deletion", about(first, ""), "/error/error_code"))
        .isEqualTo("KMS.1104");
  }

  @Test
  void d3TheDocumentsDefaultIsASetting() throws IOException {
    try (LiveServer strict = with("contract.list-without-spec", "AES_256")) {
      Tenant caller = Tenant.first(strict);
      String aes = caller.key("aes", "");
      caller.key("ec", "'key_spec':'EC_P256'");
      assertThat(caller.ok("list-keys", "{}").at("/keys").toString())
          .isEqualTo("[\"" + aes + "\"]");
      assertThat(caller.ok("list-keys", "{'key_spec':'ALL'}").at("/keys")).hasSize(2);
    }
  }

  @Test
  void d4AKeyWithoutMaterialIsInTheWrongStateForCryptography() {
    String waiting = tenant.key("d4", "'origin':'external'");
    assertThat(details(waiting).at("/key_state").stringValue()).isEqualTo("5");
    assertThat(tenant.kms("encrypt-data", about(waiting, ",'plain_text':'x'")).is(400).code())
        .isEqualTo("KMS.1301");
    assertThat(tenant.kms("create-datakey", about(waiting, "")).is(400).code())
        .isEqualTo("KMS.1301");
    String signing = tenant.key("d4s", "'origin':'external','key_spec':'EC_P256'");
    assertThat(tenant.kms("sign", about(signing, SIGNING)).is(400).code()).isEqualTo("KMS.1301");
  }

  @Test
  void d5TheNewestKeyComesFirst() {
    String newest = tenant.key("d5", "");
    assertThat(tenant.ok("list-keys", "{'limit':'1'}").at("/keys/0").stringValue())
        .isEqualTo(newest);
  }

  @Test
  void d6AdditionalDataThatIsLeftOutIsABadCiphertext() {
    String bound = ",'plain_text':'x','additional_authenticated_data':'a'";
    String blob = tenant.ok("encrypt-data", about(key, bound)).text("/cipher_text");
    assertThat(tenant.kms("decrypt-data", "{'cipher_text':'" + blob + "'}").code())
        .isEqualTo("KMS.2201");
  }

  @Test
  void d7PairsAreBase64OfDer() {
    String members = ",'key_spec':'ECC_NIST_P256','with_plain_text':true";
    JsonNode pair = tenant.ok("create-ec-datakey-pair", about(key, members)).json();
    for (String member : List.of("/public_key", "/private_key_plain_text")) {
      byte[] der = java.util.Base64.getDecoder().decode(pair.at(member).stringValue());
      assertThat(der[0]).as("a DER sequence").isEqualTo((byte) 0x30);
    }
  }

  @Test
  void d8AKeystoreIsDeletedWith204() {
    String order = "{'keystore_alias':'d8','cluster_id':'d8'}";
    String id = tenant.call("POST", "/keystores", order).text("/keystore/keystore_id");
    assertThat(tenant.call("DELETE", "/keystores/" + id, "").is(204).raw().body()).isEmpty();
  }

  @Test
  void d9AReplicaHasAnIdOfItsOwn() {
    String id = tenant.key("d9", "");
    String replica =
        tenant
            .send(
                "POST",
                "/v2/" + tenant.project + "/kms/keys/" + id + "/replicate",
                "{'replica_region':'%s','replica_project_id':'%s','key_alias':'d9'}"
                    .formatted(FAR_REGION, server.projectIn(FAR_REGION)))
            .is(200)
            .text("/key_id");
    assertThat(replica).isNotEqualTo(id);
    assertThat(UUID.fromString(replica)).hasToString(replica);
  }

  @Test
  void d10AnEcKeySignsWithTheHashOfItsCurveOnly() {
    String id = tenant.key("d10", "'key_spec':'EC_P256'");
    String members = ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'";
    tenant.ok("sign", about(id, members + "ECDSA_SHA_256'"));
    for (String other : List.of("ECDSA_SHA_384", "ECDSA_SHA_512")) {
      assertThat(tenant.kms("sign", about(id, members + other + "'")).code()).isEqualTo("KMS.0332");
    }
  }

  @Test
  void d11AKeyThatCannotRotateSaysSo() {
    String id = tenant.key("d11", "'key_spec':'EC_P256'");
    JsonNode status = tenant.ok("get-key-rotation-status", about(id, "")).json();
    assertThat(status.at("/key_rotation_enabled").booleanValue()).isFalse();
    assertThat(status.at("/rotation_interval").intValue()).isZero();
  }

  @Test
  void d12ASignatureIsGoodForAQuarterOfAnHour() {
    for (int sign : new int[] {1, -1}) {
      Duration inside = Duration.ofMinutes(14).multipliedBy(sign);
      Tenant.first(server).dating(inside).ok("list-keys", "{}");
      Duration outside = Duration.ofMinutes(16).multipliedBy(sign);
      assertThat(Tenant.first(server).dating(outside).kms("list-keys", "{}").status())
          .isEqualTo(401);
    }
  }

  @Test
  void d13RotationIsSetOnADisabledKey() {
    String id = tenant.key("d13", "");
    tenant.ok("disable-key", about(id, ""));
    tenant.ok("enable-key-rotation", about(id, ""));
    tenant.ok("update-key-rotation-interval", about(id, ",'rotation_interval':'30'"));
    tenant.ok("disable-key-rotation", about(id, ""));
  }

  @Test
  void d14AliasesOfAnUnknownKeyAreNone() {
    String unknown = "00000000-0000-4000-8000-000000000000";
    assertThat(tenant.call("GET", "/kms/aliases?key_id=" + unknown, "").is(200).at("/aliases"))
        .isEmpty();
  }

  @Test
  void d15KeysOfServicesAreNotFoundByTags() {
    Tenant elsewhere = tenant.elsewhere();
    String service = elsewhere.defaultKey();
    String custom = elsewhere.key("d15", "");
    String found = elsewhere.ok("resource_instances/action", "{}").at("/resources").toString();
    assertThat(found).contains(custom).doesNotContain(service);
    assertThat(elsewhere.ok("list-keys", "{}").at("/keys").toString()).contains(service);
  }
}
