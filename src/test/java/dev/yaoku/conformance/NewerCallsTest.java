package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.security.GeneralSecurityException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Operations that came after the Java SDK of these tests, with the members and types that newer
 * SDKs read (operations-new.md).
 */
@ExtendWith(SdkExtension.class)
class NewerCallsTest {
  private final Sdk sdk;
  private final ForeignClient client;

  NewerCallsTest(Sdk sdk) {
    this.sdk = sdk;
    this.client = new ForeignClient(sdk.server, Style.PYTHON_SDK);
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
}
