package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * Operations that came after the Java SDK of these tests, with the members and types that newer
 * SDKs read (operations-new.md).
 */
@ExtendWith(SdkExtension.class)
class NewerCallsTest {
  private static final String SECONDS = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";

  private final Sdk sdk;
  private final ForeignClient client;

  NewerCallsTest(Sdk sdk) {
    this.sdk = sdk;
    this.client = sdk.overHttp;
  }

  private static void hasTexts(Reply reply, String... members) {
    assertThat(reply.json().propertyNames()).containsExactly(members);
    for (String member : members) {
      assertThat(reply.text("/" + member)).isNotEmpty();
    }
  }

  @Test
  @Http("RotateOnDemand")
  void materialThatWaitsBecomesCurrent() throws GeneralSecurityException {
    String key =
        client
            .ok("create-key", "{'key_alias':'" + sdk.name() + "','origin':'external'}")
            .text("/key_info/key_id");
    bring(key, 1);
    bring(key, 2);
    Reply reply = client.ok("rotate-on-demand", "{'key_id':'" + key + "'}");
    hasTexts(reply, "key_id");
    Reply status = client.ok("get-key-rotation-status", "{'key_id':'" + key + "'}");
    assertThat(status.json().at("/number_of_rotations").intValue()).isEqualTo(1);
    assertThat(status.json().at("/key_materials")).hasSize(2);
    assertThat(status.json().at("/key_materials/0/state").isInt()).isTrue();
    assertThat(status.text("/key_materials/0/material_id")).isNotEmpty();
  }

  private void bring(String key, int material) throws GeneralSecurityException {
    Reply parameters =
        client.ok(
            "get-parameters-for-import",
            "{'key_id':'" + key + "','wrapping_algorithm':'RSAES_OAEP_SHA_256'}");
    byte[] bytes = new byte[32];
    bytes[0] = (byte) material;
    client.ok(
        "import-key-material",
        "{'key_id':'"
            + key
            + "','import_token':'"
            + parameters.text("/import_token")
            + "','encrypted_key_material':'"
            + SdkImportTest.wrapped(parameters.text("/public_key"), bytes)
            + "'}");
  }

  @Test
  @Http("ReEncrypt")
  void aCiphertextMovesToAnotherKey() {
    String from = sdk.key();
    String to = sdk.key();
    String cipherText =
        client
            .ok("encrypt-data", "{'key_id':'" + from + "','plain_text':'moved'}")
            .text("/cipher_text");
    Reply moved =
        client.ok(
            "re-encrypt", "{'destination_key_id':'" + to + "','cipher_text':'" + cipherText + "'}");
    assertThat(moved.json().propertyNames())
        .containsExactlyInAnyOrder(
            "key_id",
            "source_key_id",
            "source_encryption_algorithm",
            "destination_encryption_algorithm",
            "cipher_text");
    assertThat(moved.text("/key_id")).isEqualTo(to);
    assertThat(moved.text("/source_key_id")).isEqualTo(from);
    assertThat(moved.text("/source_encryption_algorithm")).isEqualTo("SYMMETRIC_DEFAULT");
    assertThat(moved.text("/destination_encryption_algorithm")).isEqualTo("SYMMETRIC_DEFAULT");
    assertThat(
            client
                .ok("decrypt-data", "{'cipher_text':'" + moved.text("/cipher_text") + "'}")
                .text("/plain_text"))
        .isEqualTo("moved");
  }

  @Test
  @Http("DeriveSharedSecret")
  void twoKeysAgreeOnOneSecret() {
    String one = sdk.key("EC_P384", "KEY_AGREEMENT");
    String other = sdk.key("EC_P384", "KEY_AGREEMENT");
    Reply here = derive(one, other);
    hasTexts(here, "key_id", "key_agreement_algorithm", "shared_secret");
    assertThat(here.text("/key_id")).isEqualTo(one);
    assertThat(here.text("/key_agreement_algorithm")).isEqualTo("ECDH");
    assertThat(Base64.getDecoder().decode(here.text("/shared_secret"))).hasSize(48);
    assertThat(derive(other, one).text("/shared_secret")).isEqualTo(here.text("/shared_secret"));
  }

  private Reply derive(String own, String peer) {
    String publicKey = client.ok("get-publickey", "{'key_id':'" + peer + "'}").text("/public_key");
    String escaped = publicKey.replace("\r\n", "\\r\\n");
    return client.ok(
        "derive-shared-secret",
        "{'key_id':'" + own + "','key_agreement_algorithm':'ECDH','public_key':'" + escaped + "'}");
  }

  @Test
  @Http("CreatePin")
  void aPinComesAsText() {
    hasTexts(client.ok("create-pin", "{'keystore_id':'0'}"), "pin");
    Reply plain = client.ok("create-pin", "{'pin_type':'PlainText'}");
    assertThat(plain.text("/pin")).matches("[0-9A-F]{16}");
  }

  private String accessPoint(String keySpace) {
    return client
        .kms(
            "access-points",
            "{'keyspace_id':'%s','access_point_name':'%s','type':3}"
                .formatted(keySpace, sdk.name()))
        .is(201)
        .text("/access_point_id");
  }

  private Reply list(String what, String keySpace) {
    return client
        .get("/v1.0/" + client.project + "/kms/" + what + "?keyspace_id=" + keySpace)
        .is(200);
  }

  private Reply bare(String method, String what, int status) {
    return client.send(method, "/v1.0/" + client.project + "/kms/" + what, null).is(status);
  }

  private static void hasPage(Reply reply, int count) {
    assertThat(reply.json().at("/page_info").propertyNames())
        .containsExactly("next_marker", "current_count");
    assertThat(reply.text("/page_info/next_marker")).isEmpty();
    assertThat(reply.json().at("/page_info/current_count").isInt()).isTrue();
    assertThat(reply.json().at("/page_info/current_count").intValue()).isEqualTo(count);
  }

  @Test
  @Http({
    "CreateAccessPoint",
    "ListAccessPoint",
    "EnableAccessPoint",
    "DisableAccessPoint",
    "DeleteAccessPoint"
  })
  void anAccessPointHasTheMembersThatSdksRead() {
    String keySpace = UUID.randomUUID().toString();
    String point = accessPoint(keySpace);
    bare("POST", "access-points/" + point + "/disable", 204);
    assertThat(list("access-points", keySpace).json().at("/access_points/0/state").intValue())
        .isZero();
    assertThat(bare("POST", "access-points/" + point + "/enable", 204).raw().body()).isEmpty();
    Reply listed = list("access-points", keySpace);
    hasPage(listed, 1);
    JsonNode one = listed.json().at("/access_points/0");
    assertThat(one.propertyNames())
        .containsExactly(
            "access_point_id",
            "keyspace_id",
            "access_point_name",
            "state",
            "type",
            "created_by",
            "create_time",
            "lsat_modify_time",
            "last_modify_time");
    assertThat(one.at("/state").isInt() && one.at("/type").isInt()).isTrue();
    assertThat(one.at("/state").intValue()).isEqualTo(1);
    assertThat(one.at("/type").intValue()).isEqualTo(3);
    for (String member :
        List.of("access_point_id", "keyspace_id", "access_point_name", "created_by")) {
      assertThat(one.at("/" + member).isString()).as(member).isTrue();
    }
    assertThat(one.at("/create_time").stringValue()).matches(SECONDS);
    assertThat(one.at("/lsat_modify_time").stringValue()).matches(SECONDS);
    bare("DELETE", "access-points/" + point, 204);
    hasPage(list("access-points", keySpace), 0);
  }

  @Test
  @Http({"CreateKeyPolicy", "ListKeyPolicy", "ShowKeyPolicy", "UpdateKeyPolicy", "DeleteKeyPolicy"})
  void aPolicyIsAnObjectInBothSpellings() {
    String keySpace = UUID.randomUUID().toString();
    String place = UUID.randomUUID().toString();
    String text =
        "{\\'version\\':\\'1.0\\',\\'validity_period\\':{\\'start_time\\':"
            + "\\'2026-08-18T00:00:00Z\\',\\'end_time\\':\\'2027-08-18T00:00:00Z\\'},"
            + "\\'allowed_access_point\\':[\\'"
            + place
            + "\\'],\\'allowed_data_security_zone\\':[]}";
    Reply created =
        client
            .kms(
                "key-policies",
                "{'keyspace_id':'%s','policy_name':'%s','policy':'%s'}"
                    .formatted(keySpace, sdk.name(), text))
            .is(201);
    hasTexts(created, "policy_id");
    String id = created.text("/policy_id");
    Reply listed = list("key-policies", keySpace);
    hasPage(listed, 1);
    Reply shown = bare("GET", "key-policies/" + id, 200);
    assertThat(listed.json().at("/keyspace_policies/0")).isEqualTo(shown.json());
    assertThat(shown.json().propertyNames())
        .containsExactly(
            "policy_id",
            "policy_name",
            "keyspace_id",
            "policy",
            "description",
            "created_by",
            "create_time",
            "last_modify_time",
            "last_access_time");
    JsonNode policy = shown.json().at("/policy");
    assertThat(policy.propertyNames())
        .containsExactlyInAnyOrder(
            "version",
            "validity_period",
            "validityPeriod",
            "allowed_access_point",
            "allowedAccessPoint",
            "allowed_data_security_zone");
    assertThat(policy.at("/validityPeriod")).isEqualTo(policy.at("/validity_period"));
    assertThat(policy.at("/validity_period/start_time").stringValue())
        .isEqualTo("2026-08-18T00:00:00Z");
    assertThat(policy.at("/allowedAccessPoint/0").stringValue()).isEqualTo(place);
    assertThat(policy.at("/allowed_data_security_zone").isArray()).isTrue();
    assertThat(shown.text("/last_access_time")).isEmpty();
    Reply updated =
        client
            .send(
                "PUT",
                "/v1.0/" + client.project + "/kms/key-policies/" + id,
                "{\"policy\":\"{}\",\"description\":\"new text\"}")
            .is(200);
    assertThat(updated.json().propertyNames())
        .containsExactly("policy_id", "policy", "description", "last_modify_time");
    assertThat(updated.json().at("/policy").propertyNames()).containsExactly("version");
    assertThat(updated.text("/last_modify_time")).matches(SECONDS);
    bare("DELETE", "key-policies/" + id, 204);
    bare("GET", "key-policies/" + id, 404);
  }

  @Test
  @Http({"CreateDatakeyCapsule", "DecryptDatakeyCapsule", "DownloadAccessPointPrivateKey"})
  void aCapsuleOpensFromAnAccessPoint() throws GeneralSecurityException {
    String key = sdk.key();
    String point = accessPoint(UUID.randomUUID().toString());
    Reply privateKey = bare("POST", "access-points/" + point + "/get-privatekey", 200);
    hasTexts(privateKey, "access_point_id", "private_key");
    Reply made =
        client.ok(
            "datakey-capsule/create",
            "{'key_id':'%s','datakey_length':'AES_256','key_policy':'{\\'allowedAccessPoint\\':[\\'%s\\']}'}"
                .formatted(key, point));
    hasTexts(made, "key_id", "datakey", "datakey_capsule");
    String capsule = made.text("/datakey_capsule");
    Map<String, String> proof = Program.proof(privateKey.text("/private_key"), capsule);
    Reply opened =
        client.ok(
            "datakey-capsule/decrypt",
            "{'key_id':'%s','datakey_capsule':'%s','attestation_document':{'custom_signature':'%s','custom_public_key':'%s','expire_time':'%s'}}"
                .formatted(
                    key,
                    capsule,
                    proof.get("proof"),
                    proof.get("program_public"),
                    proof.get("until")));
    hasTexts(opened, "key_id", "instance_id", "datakey");
    assertThat(opened.text("/instance_id")).isEqualTo(point);
    assertThat(opened.text("/datakey")).isEqualTo(made.text("/datakey"));
    assertThat(Base64.getDecoder().decode(opened.text("/datakey"))).hasSize(32);
  }
}
