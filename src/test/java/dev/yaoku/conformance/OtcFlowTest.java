package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What the tools of Open Telekom Cloud send (client-flows.md 2, 3). */
@ExtendWith(SdkExtension.class)
class OtcFlowTest {
  private final Sdk sdk;
  private final ForeignClient terraform;

  OtcFlowTest(Sdk sdk) {
    this.sdk = sdk;
    this.terraform = new ForeignClient(sdk.server, Style.SCOPED);
  }

  private static String about(String key) {
    return "{'key_id':'" + key + "','rotation_interval':0}";
  }

  @Test
  void theCatalogHasAnEntryWithTheProjectInItsUrl() {
    JsonNode catalog = terraform.get("/v3/auth/catalog").is(200).json().at("/catalog");
    List<String> urls = new ArrayList<>();
    for (JsonNode entry : catalog) {
      if (entry.at("/type").stringValue().equals("kmsv1")) {
        urls.add(entry.at("/endpoints/0/url").stringValue());
      }
    }
    assertThat(urls).containsExactly(sdk.server.endpoint() + "/v1.0/" + terraform.project);
  }

  @Test
  void aKeyLivesAsTheProviderWants() {
    String create = "{'key_alias':'" + sdk.name() + "','key_description':'d','realm':'eu-de-01'}";
    String key = terraform.ok("create-key", create).text("/key_info/key_id");
    Reply described = terraform.ok("describe-key", "{'key_id':'" + key + "'}");
    assertThat(described.text("/key_info/key_state")).isEqualTo("2");
    assertThat(described.text("/key_info/realm")).isEqualTo("eu-de-01");
    assertThat(terraform.ok("disable-key", about(key)).text("/key_info/key_state")).isEqualTo("3");
    assertThat(rotates(key)).isFalse();
    terraform.ok("enable-key-rotation", about(key));
    terraform.ok(
        "update-key-rotation-interval", "{'key_id':'" + key + "','rotation_interval':100}");
    terraform.get("/v1.0/" + terraform.project + "/kms/" + key + "/tags").is(200);

    // Destroying switches rotation off first, and stops when that fails.
    assertThat(rotates(key)).isTrue();
    terraform.ok("disable-key-rotation", about(key));
    terraform.ok("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}");
    assertThat(terraform.ok("describe-key", "{'key_id':'" + key + "'}").text("/key_info/key_state"))
        .isEqualTo("4");
    // The name is free again, and the old key can come back under another.
    terraform.ok("create-key", create);
    terraform.kms("cancel-key-deletion", about(key)).isRefused(400, "KMS.1104");
  }

  private boolean rotates(String key) {
    return terraform
        .ok("get-key-rotation-status", about(key))
        .json()
        .at("/key_rotation_enabled")
        .booleanValue();
  }

  @Test
  void theLibraryTakesAKeyToDeletionBackAndThereAgain() {
    String key =
        terraform
            .ok("create-key", "{'key_alias':'" + sdk.name() + "','origin':'kms'}")
            .text("/key_info/key_id");
    assertThat(state(key)).isEqualTo("2");
    assertThat(schedule(key)).isEqualTo("4");
    terraform.ok("cancel-key-deletion", "{'key_id':'" + key + "'}");
    assertThat(terraform.ok("enable-key", "{'key_id':'" + key + "'}").text("/key_info/key_state"))
        .isEqualTo("2");
    String sealed =
        terraform
            .ok("encrypt-data", "{'key_id':'" + key + "','plain_text':'hello world'}")
            .text("/cipher_text");
    assertThat(terraform.ok("decrypt-data", "{'cipher_text':'" + sealed + "'}").text("/plain_text"))
        .isEqualTo("hello world");
    assertThat(terraform.ok("disable-key", "{'key_id':'" + key + "'}").text("/key_info/key_state"))
        .isEqualTo("3");
    assertThat(schedule(key)).isEqualTo("4");
    assertThat(state(key)).isEqualTo("4");
  }

  private String state(String key) {
    return terraform.ok("describe-key", "{'key_id':'" + key + "'}").text("/key_info/key_state");
  }

  private String schedule(String key) {
    return terraform
        .ok("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}")
        .text("/key_state");
  }

  @Test
  void materialIsImportedUntilADateInTextAndTakenAway() throws GeneralSecurityException {
    String key =
        terraform
            .ok("create-key", "{'key_alias':'" + sdk.name() + "','origin':'external'}")
            .text("/key_info/key_id");
    assertThat(state(key)).isEqualTo("5");
    Reply parameters =
        terraform.ok(
            "get-parameters-for-import",
            "{'key_id':'" + key + "','wrapping_algorithm':'RSAES_OAEP_SHA_256'}");
    assertThat(parameters.json().at("/expiration_time").isIntegralNumber()).isTrue();
    terraform.ok(
        "import-key-material",
        "{'key_id':'%s','import_token':'%s','encrypted_key_material':'%s','expiration_time':'2999886177'}"
            .formatted(
                key,
                parameters.text("/import_token"),
                SdkImportTest.wrapped(parameters.text("/public_key"), new byte[32])));
    Reply described = terraform.ok("describe-key", "{'key_id':'" + key + "'}");
    assertThat(described.text("/key_info/key_state")).isEqualTo("2");
    assertThat(described.text("/key_info/expiration_time")).isEqualTo("2999886177000");
    terraform.ok("delete-imported-key-material", "{'key_id':'" + key + "'}");
    assertThat(state(key)).isEqualTo("5");
  }

  @Test
  void rotationSurvivesTheWayToDeletionAndBack() {
    String key =
        terraform.ok("create-key", "{'key_alias':'" + sdk.name() + "'}").text("/key_info/key_id");
    terraform.ok("enable-key-rotation", about(key));
    terraform.ok("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}");
    terraform.ok("cancel-key-deletion", about(key));
    terraform.ok("enable-key", about(key));
    terraform.kms("enable-key-rotation", about(key)).isRefused(400, "KMS.2901");
  }

  @Test
  void newerLibrariesListWithTheMembersInTheQueryAndNoBody() {
    terraform.ok("create-key", "{'key_alias':'" + sdk.name() + "'}");
    terraform.ok("create-key", "{'key_alias':'" + sdk.name() + "'}");
    String target = "/v1.0/" + terraform.project + "/kms/list-keys?key_state=2&limit=1&marker=";
    Reply first = terraform.send("POST", target + "0", null).is(200);
    Reply second = terraform.send("POST", target + first.text("/next_marker"), null).is(200);
    assertThat(first.json().at("/keys")).hasSize(1);
    assertThat(second.json().at("/keys")).hasSize(1);
    assertThat(second.json().at("/keys")).isNotEqualTo(first.json().at("/keys"));
  }

  @Test
  void aGrantIsReadBackWithItsOperationsAndName() {
    String key =
        terraform.ok("create-key", "{'key_alias':'" + sdk.name() + "'}").text("/key_info/key_id");
    String grant =
        terraform
            .ok(
                "create-grant",
                "{'key_id':'"
                    + key
                    + "','grantee_principal':'"
                    + sdk.server.known("user_id")
                    + "','name':'my_grant',"
                    + "'operations':['describe-key','create-datakey','encrypt-datakey']}")
            .text("/grant_id");
    Reply list = terraform.ok("list-grants", "{'key_id':'" + key + "'}");
    assertThat(list.json().at("/total").isInt()).isTrue();
    assertThat(list.text("/grants/0/grant_id")).isEqualTo(grant);
    assertThat(list.text("/grants/0/name")).isEqualTo("my_grant");
    assertThat(list.json().at("/grants/0/operations")).hasSize(3);
  }

  private ForeignClient python() {
    String login =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"%s",
        "password":"%s","domain":{"name":"%s"}}}},"scope":{"project":{"name":"%s",
        "domain":{"name":"%s"}}}}}\
        """
            .formatted(
                sdk.server.known("user_name"),
                sdk.server.known("password"),
                sdk.server.known("domain_name"),
                sdk.server.known("project_name"),
                sdk.server.known("domain_name"));
    Reply reply =
        new ForeignClient(sdk.server, Style.OTC_PYTHON)
            .send("POST", "/v3/auth/tokens", login)
            .is(201);
    return new ForeignClient(
        sdk.server,
        Style.OTC_PYTHON,
        reply.raw().headers().firstValue("X-Subject-Token").orElseThrow());
  }

  @Test
  void pythonFindsAKeyByItsNameAndSendsNumbers() {
    ForeignClient python = python();
    String name = sdk.name();
    String key =
        python
            .ok("create-key", "{'key_alias':'" + name + "','key_policy':'','key_type':1}")
            .text("/key_info/key_id");
    // The name goes as a key id first; only this code lets the look-up go on.
    python.kms("describe-key", "{'key_id':'" + name + "'}").isRefused(400, "KMS.0205");
    Reply list = python.ok("list-keys", "{'limit':1000,'key_state':2}");
    assertThat(list.json().toString()).contains(key);
    assertThat(list.text("/truncated")).isNotEmpty();
    python.kms("create-key", "{'key_alias':'" + name + "'}").isRefused(400, "KMS.1104");
    assertThat(python.ok("gen-random", "{'random_data_length':512}").text("/random_data"))
        .hasSize(128);
    assertThat(
            python
                .get("/v1.0/" + python.project + "/kms/user-quotas")
                .is(200)
                .json()
                .at("/quotas/resources"))
        .hasSize(2);
    assertThat(
            python
                .get("/v1.0/" + python.project + "/kms/user-instances")
                .is(200)
                .json()
                .at("/instance_num")
                .isNumber())
        .isTrue();
    assertThat(
            python
                .ok("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':7}")
                .text("/key_state"))
        .isEqualTo("4");
  }

  @Test
  void pythonWrapsADataKeyWithADigestInTheOtherCase() throws GeneralSecurityException {
    ForeignClient python = python();
    String key =
        python.ok("create-key", "{'key_alias':'" + sdk.name() + "'}").text("/key_info/key_id");
    String context = "'encryption_context':{'a':'b'}";
    String plain =
        python
            .ok("create-datakey", "{'key_id':'" + key + "','datakey_length':512," + context + "}")
            .text("/plain_text");
    String digest =
        HexFormat.of()
            .formatHex(MessageDigest.getInstance("SHA-256").digest(HexFormat.of().parseHex(plain)));
    Reply wrapped =
        python.ok(
            "encrypt-datakey",
            "{'key_id':'"
                + key
                + "','plain_text':'"
                + plain
                + digest
                + "','datakey_plain_length':64,"
                + context
                + "}");
    String open =
        "{'key_id':'"
            + key
            + "','cipher_text':'"
            + wrapped.text("/cipher_text")
            + "','datakey_cipher_length':'"
            + wrapped.text("/datakey_length")
            + "'";
    assertThat(python.ok("decrypt-datakey", open + "," + context + "}").text("/data_key"))
        .isEqualTo(plain);
    // The library's own test leaves the context out (quirks.md 44), which is refused.
    python.kms("decrypt-datakey", open + "}").isRefused(400, "KMS.2203");
    assertThat(plain.getBytes(StandardCharsets.US_ASCII)).hasSize(128);
  }
}
