package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * What Terraform's provider huaweicloud sends for a {@code kms_key} and what hangs on it, in its
 * order, and what its acceptance tests assert (client-flows.md 1.1 to 1.4).
 */
@ExtendWith(SdkExtension.class)
class TerraformKeyFlowTest {
  private final Sdk sdk;
  private final ForeignClient client;

  TerraformKeyFlowTest(Sdk sdk) {
    this.sdk = sdk;
    this.client = new ForeignClient(sdk.server, Style.TERRAFORM);
  }

  private static String about(String key) {
    return "{'key_id':'" + key + "'}";
  }

  private String create(String more) {
    return client
        .ok("create-key", "{'key_alias':'" + sdk.name() + "'" + more + "}")
        .text("/key_info/key_id");
  }

  private Reply tagAction(String key, String body) {
    return client.kms(key + "/tags/action", body);
  }

  private JsonNode read(String key) {
    JsonNode details = client.ok("describe-key", about(key)).json().at("/key_info");
    details
        .properties()
        .forEach(member ->
            assertThat(member.getValue().isString()).as(member.getKey() + " is text").isTrue());
    readTags(key);
    client.ok("get-key-rotation-status", about(key));
    return details;
  }

  /** Without a body, but with a signed content type. */
  private JsonNode readTags(String key) {
    Map<String, String> signed = Map.of("content-type", "application/json", "x-language", "en-us");
    String target = "/v1.0/" + client.project + "/kms/" + key + "/tags";
    return client.with(signed, "GET", target, null).is(200).json().at("/tags");
  }

  @Test
  void aKeyIsAppliedPlannedChangedAndDestroyed() {
    String name = sdk.name();
    String create =
        "{'key_alias':'" + name + "','key_description':'first','key_usage':'ENCRYPT_DECRYPT'}";
    String key = client.ok("create-key", create).text("/key_info/key_id");
    assertThat(read(key).at("/key_state").stringValue()).isEqualTo("2");
    // An empty value of a tag is left out.
    tagAction(key, "{'action':'create','tags':[{'key':'foo'},{'key':'k','value':'v'}]}").is(204);
    JsonNode tags = readTags(key);
    assertThat(tags).hasSize(2);
    assertThat(tags.toString()).contains("{\"key\":\"foo\",\"value\":\"\"}");

    JsonNode planned = read(key);
    assertThat(planned.at("/key_spec").stringValue()).isEqualTo("AES_256");
    assertThat(planned.at("/origin").stringValue()).isEqualTo("kms");
    assertThat(planned.at("/sys_enterprise_project_id").stringValue()).isEqualTo("0");
    assertThat(planned.at("/keystore_id").stringValue()).isNotEmpty();
    JsonNode rotation = client.ok("get-key-rotation-status", about(key)).json();
    assertThat(rotation.at("/key_rotation_enabled").isBoolean()).isTrue();
    assertThat(rotation.at("/rotation_interval").isInt()).isTrue();
    assertThat(rotation.at("/rotation_interval").intValue()).isZero();

    client.ok("update-key-alias", "{'key_id':'" + key + "','key_alias':'" + name + "-2'}");
    client.ok("update-key-description", "{'key_id':'" + key + "','key_description':'second'}");
    assertThat(client.ok("disable-key", about(key)).text("/key_info/key_state")).isEqualTo("3");
    tagAction(key, "{'action':'delete','tags':[{'key':'foo'},{'key':'k','value':'v'}]}").is(204);
    tagAction(key, "{'action':'create','tags':[{'key':'foo1','value':'w'}]}").is(204);
    // Rotation is changed after the key was disabled.
    client.ok("enable-key-rotation", about(key));
    client.ok("update-key-rotation-interval", "{'key_id':'" + key + "','rotation_interval':30}");
    rotation = client.ok("get-key-rotation-status", about(key)).json();
    assertThat(rotation.at("/key_rotation_enabled").booleanValue()).isTrue();
    assertThat(rotation.at("/rotation_interval").intValue()).isEqualTo(30);
    client.ok("disable-key-rotation", about(key));
    assertThat(client.ok("enable-key", about(key)).text("/key_info/key_state")).isEqualTo("2");

    destroy(key);
    // And applied again under the same name, which a key about to be deleted does not hold.
    client.ok("create-key", create.replace(name, name + "-2"));
  }

  private void destroy(String key) {
    client.ok("describe-key", about(key));
    assertThat(
            client
                .ok("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}")
                .text("/key_state"))
        .isEqualTo("4");
    assertThat(client.ok("describe-key", about(key)).text("/key_info/key_state")).isEqualTo("4");
  }

  @Test
  void theEnterpriseProjectOfAKeyIsChanged() {
    String key = create("");
    String target = "11111111-2222-4333-8444-555555555555";
    String service = "/v1.0/enterprise-projects/" + target;
    String move =
        "{\"resource_id\":\"%s\",\"resource_type\":\"kms\",\"project_id\":\"%s\",\"region_id\":\"%s\"}"
            .formatted(key, client.project, sdk.server.known("region"));
    assertThat(client.send("POST", service + "/resources-migrate", move).is(204).raw().body())
        .isEmpty();
    // It asks again and again until the key is listed, page after page until one is empty.
    boolean listed = false;
    int offset = 0;
    JsonNode page;
    do {
      String filter =
          "{\"limit\":1000,\"offset\":%d,\"projects\":[\"%s\"],\"resource_types\":[\"kms\"]}"
              .formatted(offset, client.project);
      Reply reply = client.send("POST", service + "/resources/filter", filter).is(200);
      page = reply.json().at("/resources");
      for (JsonNode resource : page) {
        listed |= resource.at("/resource_id").stringValue().equals(key);
      }
      offset += page.size();
    } while (!page.isEmpty());
    assertThat(listed).isTrue();
    assertThat(read(key).at("/sys_enterprise_project_id").stringValue()).isEqualTo(target);
  }

  @Test
  void aKeyThatIsGoneIsNotFound() {
    client
        .kms("describe-key", about("00000000-0000-4000-8000-000000000000"))
        .isRefused(404, "KMS.0207");
  }

  @Test
  void materialIsImportedUntilALateDate() throws Exception {
    String key = create(",'origin':'external','key_usage':'ENCRYPT_DECRYPT'");
    assertThat(read(key).at("/key_state").stringValue()).isEqualTo("5");
    Reply parameters =
        client.ok(
            "get-parameters-for-import",
            "{'key_id':'" + key + "','wrapping_algorithm':'RSAES_OAEP_SHA_256'}");
    assertThat(parameters.json().at("/expiration_time").isNumber()).isTrue();
    Reply imported =
        client.ok(
            "import-key-material",
            "{'key_id':'"
                + key
                + "','import_token':'"
                + parameters.text("/import_token")
                + "','encrypted_key_material':'"
                + SdkImportTest.wrapped(parameters.text("/public_key"), new byte[32])
                + "','expiration_time':'2999886177'}");
    assertThat(imported.json().isObject()).isTrue();
    JsonNode details = read(key);
    assertThat(details.at("/key_state").stringValue()).isEqualTo("2");
    assertThat(details.at("/expiration_time").stringValue()).isEqualTo("2999886177000");

    client.ok("describe-key", about(key));
    assertThat(client.ok("delete-imported-key-material", about(key)).json().isObject()).isTrue();
  }

  @Test
  void aRefusedDeletionOfMaterialHasTheNestedForm() {
    client.kms("delete-imported-key-material", about(create(""))).isRefused(400, "KMS.0309");
    client.kms("delete-imported-key-material", "{").isRefused(400, "KMS.0202");
  }

  /** The provider warns and goes on, where it finds this code in this place. */
  @Test
  void theMaterialOfAPairStaysWhichIsNoFailure() throws Exception {
    String key = create(",'origin':'external','key_spec':'EC_P256'");
    byte[] temporary = new byte[32];
    Reply parameters =
        client.ok(
            "get-parameters-for-import",
            "{'key_id':'" + key + "','wrapping_algorithm':'RSAES_OAEP_SHA_256'}");
    Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
    wrap.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(temporary, "AES"));
    KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
    pairs.initialize(new ECGenParameterSpec("secp256r1"));
    byte[] pair = wrap.doFinal(pairs.generateKeyPair().getPrivate().getEncoded());
    client.ok(
        "import-key-material",
        "{'key_id':'%s','import_token':'%s','encrypted_key_material':'%s','encrypted_privatekey':'%s'}"
            .formatted(
                key,
                parameters.text("/import_token"),
                SdkImportTest.wrapped(parameters.text("/public_key"), temporary),
                Sdk.base64(pair)));
    assertThat(read(key).at("/key_state").stringValue()).isEqualTo("2");

    client.kms("delete-imported-key-material", about(key)).isRefused(400, "KMS.2702");

    assertThat(read(key).at("/key_state").stringValue()).isEqualTo("2");
  }

  @Test
  void anAliasIsFoundUntilItIsGone() {
    String key = create("");
    String other = create("");
    String alias = "alias/" + sdk.name();
    String aliases = "/v1.0/" + client.project + "/kms/aliases";
    client
        .send("POST", aliases, "{\"key_id\":\"" + key + "\",\"alias\":\"" + alias + "\"}")
        .is(201);
    Reply list = client.get(aliases + "?key_id=" + key + "&limit=50").is(200);
    assertThat(list.text("/aliases/0/alias")).isEqualTo(alias);
    assertThat(list.text("/aliases/0/alias_urn")).isNotEmpty();
    assertThat(Instant.parse(list.text("/aliases/0/create_time"))).isBefore(Instant.now());
    assertThat(list.text("/aliases/0/domain_id")).isNotEmpty();
    assertThat(list.text("/page_info/next_marker")).isEmpty();

    client
        .send(
            "POST",
            "/v1.0/" + client.project + "/kms/alias/associate",
            "{\"target_key_id\":\"" + other + "\",\"alias\":\"" + alias + "\"}")
        .is(200);
    client
        .send("DELETE", aliases, "{\"key_id\":\"" + other + "\",\"aliases\":[\"" + alias + "\"]}")
        .is(204);
    assertThat(client.get(aliases + "?key_id=" + other + "&limit=50").is(200).json().at("/aliases"))
        .isEmpty();
    // An unknown key is an empty list; any error would fail every refresh.
    assertThat(
            client
                .get(aliases + "?key_id=00000000-0000-4000-8000-000000000000&limit=50")
                .is(200)
                .json()
                .at("/aliases"))
        .isEmpty();
  }

  @Test
  void aCancelledDeletionLeavesTheKeyDisabled() {
    String key = create("");
    destroy(key);
    assertThat(client.ok("cancel-key-deletion", about(key)).text("/key_state")).isEqualTo("3");
  }
}
