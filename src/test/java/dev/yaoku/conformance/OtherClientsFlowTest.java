package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/**
 * What SOPS, the seal of Vault and OpenBao, signatrust, cloud-custodian and prowler send
 * (client-flows.md 4, 5).
 */
@ExtendWith(SdkExtension.class)
class OtherClientsFlowTest {
  private final Sdk sdk;

  OtherClientsFlowTest(Sdk sdk) {
    this.sdk = sdk;
  }

  private ForeignClient client(Style style) {
    return new ForeignClient(sdk.server, style);
  }

  private static final String DATA_KEY =
      Base64.getEncoder().encodeToString("0123456789abcdef0123456789abcdef".getBytes(UTF_8));

  @Test
  void sopsWrapsItsDataKeyAndGetsTheSameText() {
    ForeignClient sops = client(Style.GO_SDK);
    String key = sdk.key();
    String algorithm = "'encryption_algorithm':'SYMMETRIC_DEFAULT'";
    String cipherText =
        sops.ok(
                "encrypt-data",
                "{'key_id':'" + key + "','plain_text':'" + DATA_KEY + "'," + algorithm + "}")
            .text("/cipher_text");
    assertThat(
            sops.ok(
                    "decrypt-data",
                    "{'cipher_text':'" + cipherText + "'," + algorithm + ",'key_id':'" + key + "'}")
                .text("/plain_text"))
        .isEqualTo(DATA_KEY);
  }

  @Test
  void theSealFindsItsProjectAndEndpointAndWraps() {
    ForeignClient seal = client(Style.SCOPED);
    Reply projects = seal.get("/v3/projects?name=" + sdk.server.known("region")).is(200);
    assertThat(projects.text("/projects/0/id")).isEqualTo(seal.project);
    int found = 0;
    for (JsonNode entry : seal.get("/v3/auth/catalog").is(200).json().at("/catalog")) {
      if (entry.at("/type").stringValue().equals("kms")) {
        found++;
        JsonNode endpoint = entry.at("/endpoints/0");
        assertThat(endpoint.at("/interface").stringValue()).isEqualTo("public");
        assertThat(endpoint.at("/region").stringValue()).isEqualTo(sdk.server.known("region"));
        assertThat(endpoint.at("/url").stringValue()).isEqualTo(sdk.server.endpoint() + "/v1.0");
      }
    }
    assertThat(found).isEqualTo(1);
    String key = sdk.key();
    assertThat(seal.ok("describe-key", "{'key_id':'" + key + "'}").text("/key_info/key_id"))
        .isEqualTo(key);
    Reply wrapped =
        seal.ok("encrypt-data", "{'key_id':'" + key + "','plain_text':'" + DATA_KEY + "'}");
    assertThat(wrapped.text("/key_id")).isEqualTo(key);
    assertThat(
            seal.ok("decrypt-data", "{'cipher_text':'" + wrapped.text("/cipher_text") + "'}")
                .text("/plain_text"))
        .isEqualTo(DATA_KEY);
  }

  @Test
  void signatrustLogsInForBothScopesAndReadsAllThreeMembers() {
    String login =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"%s",
        "password":"%s","domain":{"name":"%s"}}}},
        "scope":{"domain":{"name":"%s"},"project":{"name":"%s"}}}}\
        """
            .formatted(
                sdk.server.known("user_name"),
                sdk.server.known("password"),
                sdk.server.known("domain_name"),
                sdk.server.known("domain_name"),
                sdk.server.known("project_name"));
    String token =
        client(Style.SIGNATRUST)
            .send("POST", "/v3/auth/tokens", login)
            .is(201)
            .raw()
            .headers()
            .firstValue("X-Subject-Token")
            .orElseThrow();
    ForeignClient signatrust = new ForeignClient(sdk.server, Style.SIGNATRUST, token);
    String key = sdk.key();
    String algorithm = "'encryption_algorithm':'SYMMETRIC_DEFAULT'";
    Reply encrypted =
        signatrust.ok(
            "encrypt-data", "{'key_id':'" + key + "','plain_text':'secret'," + algorithm + "}");
    Reply decrypted =
        signatrust.ok(
            "decrypt-data",
            "{'key_id':'"
                + key
                + "','cipher_text':'"
                + encrypted.text("/cipher_text")
                + "',"
                + algorithm
                + "}");
    assertThat(decrypted.text("/key_id")).isEqualTo(key);
    assertThat(decrypted.text("/plain_text")).isEqualTo("secret");
    assertThat(decrypted.text("/plain_text_base64")).isEqualTo("c2VjcmV0");
  }

  @Test
  void custodianReadsOnePageAndTurnsRotationOnAtOnce() {
    ForeignClient custodian = client(Style.PYTHON_SDK);
    String key = sdk.key();
    String sequence = "'sequence':'919c82d480464722909435c3c6524cff'";
    for (String body : List.of("", "{'key_spec':'ALL'}")) {
      Reply list = custodian.ok("list-keys", body);
      assertThat(list.text("/keys/0")).isEqualTo(key);
      assertThat(list.text("/truncated")).isEqualTo("false");
      assertThat(list.text("/next_marker")).isEmpty();
      assertThat(list.json().at("/total").isNumber()).isTrue();
      JsonNode details = list.json().at("/key_details/0");
      assertThat(details.at("/keystore_id").stringValue()).isEqualTo("0");
      assertThat(details.at("/default_key_flag").stringValue()).isEqualTo("0");
    }
    custodian
        .kms("resource_instances/action", "{'limit':'1000','offset':'0','action':'filter'}")
        .is(200)
        .text("/resources/0/resource_id");
    custodian.ok("enable-key-rotation", "{'key_id':'" + key + "'," + sequence + "}");
    assertThat(
            custodian
                .ok("describe-key", "{'key_id':'" + key + "'," + sequence + "}")
                .text("/key_info/key_rotation_enabled"))
        .isEqualTo("true");
    custodian.ok("disable-key-rotation", "{'key_id':'" + key + "'," + sequence + "}");
    custodian.ok("disable-key", "{'key_id':'" + key + "'," + sequence + "}");
    custodian.ok("enable-key", "{'key_id':'" + key + "'," + sequence + "}");
  }

  @Test
  void custodianMakesKeysForMissingAliases() {
    ForeignClient custodian = client(Style.PYTHON_SDK);
    String name = sdk.name();
    String aliases = "/v1.0/" + custodian.project + "/kms/aliases";
    assertThat(custodian.get(aliases).is(200).json().at("/0/aliases").toString())
        .doesNotContain(name);
    String key =
        custodian.ok("create-key", "{'key_alias':'" + name + "'}").text("/key_info/key_id");
    custodian
        .send("POST", aliases, "{\"key_id\":\"" + key + "\",\"alias\":\"alias/" + name + "\"}")
        .is(201);
    assertThat(custodian.get(aliases).is(200).json().at("/0/aliases").toString()).contains(name);
    String signing = sdk.key("EC_P256", "SIGN_VERIFY");
    assertThat(custodian.ok("get-publickey", "{'key_id':'" + signing + "'}").text("/public_key"))
        .startsWith("-----BEGIN PUBLIC KEY-----");
  }

  @Test
  void prowlerAsksEveryKeyForItsRotation() {
    ForeignClient prowler = client(Style.PYTHON_SDK);
    sdk.key("RSA_2048", "SIGN_VERIFY");
    sdk.key();
    JsonNode keys = prowler.ok("list-keys", "{'limit':'100'}").json().at("/key_details");
    for (JsonNode details : keys) {
      for (String member : List.of("domain_id", "key_alias", "key_state")) {
        assertThat(details.at("/" + member).isString()).isTrue();
      }
      JsonNode status =
          prowler
              .ok(
                  "get-key-rotation-status",
                  "{'key_id':'" + details.at("/key_id").stringValue() + "'}")
              .json();
      assertThat(status.at("/rotation_interval").isNumber()).isTrue();
    }
  }

  @Test
  void nodeLooksForItsProjectWithABodyInAGet() {
    ForeignClient node = client(Style.NODE_SDK);
    Reply projects =
        node.send("GET", "/v3/projects?name=" + sdk.server.known("region"), "{}").is(200);
    assertThat(projects.json().at("/projects")).hasSize(1);
    String key =
        node.ok("create-key", "{'key_alias':'" + sdk.name() + "','key_description':'钥匙-é<&>'}")
            .text("/key_info/key_id");
    assertThat(
            node.ok("describe-key", "{'key_id':'" + key + "'}").text("/key_info/key_description"))
        .isEqualTo("钥匙-é<&>");
    node.get("/v1.0/" + node.project + "/kms/" + key + "/tags").is(200);
    node.send("POST", "/v1.0/" + node.project + "/kms/list-keys", "").is(200);
  }

  @Test
  void refusedCredentialsHaveTheFlatForm() {
    Reply reply =
        new ForeignClient(sdk.server, Style.SIGNATRUST, "no-token").kms("list-keys", "{}").is(401);
    assertThat(reply.text("/error_code")).startsWith("APIGW.03");
    assertThat(reply.text("/error_msg")).contains("Incorrect IAM authentication information");
    assertThat(reply.raw().headers().firstValue("X-Request-Id").orElseThrow())
        .matches("[0-9a-f]{32}");
  }
}
