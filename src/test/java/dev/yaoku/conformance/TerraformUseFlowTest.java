package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * What Terraform's provider huaweicloud sends to start, for grants and for actions (client-flows.md
 * 1.1, 1.5, 1.6).
 */
@ExtendWith(SdkExtension.class)
class TerraformUseFlowTest {
  private final Sdk sdk;
  private final ForeignClient client;

  TerraformUseFlowTest(Sdk sdk) {
    this.sdk = sdk;
    this.client = new ForeignClient(sdk.server, Style.TERRAFORM);
  }

  private String key(String more) {
    return client
        .ok("create-key", "{'key_alias':'" + sdk.name() + "'" + more + "}")
        .text("/key_info/key_id");
  }

  @Test
  void theProviderFindsProjectAndAccount() {
    Reply projects = client.get("/v3/projects?name=" + sdk.server.known("region")).is(200);
    assertThat(projects.json().at("/projects")).hasSize(1);
    assertThat(projects.text("/projects/0/id")).isEqualTo(client.project);
    assertThat(projects.json().at("/projects/0/enabled").isBoolean()).isTrue();
    assertThat(client.get("/v3/auth/domains").is(200).text("/domains/0/id"))
        .isEqualTo(sdk.server.known("domain_id"));
  }

  @Test
  void theProviderLogsInForTheProjectAndThenForTheAccount() {
    String person =
        "'methods':['password'],'password':{'user':{'name':'%s','password':'%s','domain':"
                .formatted(sdk.server.known("user_name"), sdk.server.known("password"))
            + "{'name':'"
            + sdk.server.known("domain_name")
            + "'}}}";
    String project = "{'project':{'name':'" + sdk.server.known("project_name") + "'}}";
    String account = "{'domain':{'name':'" + sdk.server.known("domain_name") + "'}}";
    Reply first = logIn(person, project);
    assertThat(first.text("/token/project/id")).isEqualTo(client.project);
    assertThat(first.text("/token/expires_at")).matches(".*\\.\\d{3}000Z");
    assertThat(logIn(person, account).text("/token/domain/id"))
        .isEqualTo(sdk.server.known("domain_id"));

    // Given a token, it makes two more of it.
    String token = first.raw().headers().firstValue("X-Subject-Token").orElseThrow();
    String again = "'methods':['token'],'token':{'id':'" + token + "'}";
    assertThat(logIn(again, project).text("/token/project/id")).isEqualTo(client.project);
    assertThat(logIn(again, account).text("/token/domain/id"))
        .isEqualTo(sdk.server.known("domain_id"));
  }

  private Reply logIn(String identity, String scope) {
    String login = "{'auth':{'identity':{" + identity + "},'scope':" + scope + "}}";
    return new ForeignClient(sdk.server, Style.SIGNATRUST)
        .send("POST", "/v3/auth/tokens", login.replace('\'', '"'))
        .is(201);
  }

  @Test
  void otherServicesOfTheSameEndpointAreNotHere() {
    for (String path : List.of("/v1/%s/secrets", "/v3/%s/keypairs")) {
      Reply reply = client.get(path.formatted(client.project)).is(404);
      assertThat(reply.text("/error_code")).isEqualTo("APIGW.0101");
    }
  }

  @Test
  void aGrantIsFoundByItsIdAndRevoked() {
    String key = key("");
    String user = sdk.server.known("user_id");
    String grant =
        client
            .ok(
                "create-grant",
                "{'key_id':'"
                    + key
                    + "','grantee_principal':'"
                    + user
                    + "','grantee_principal_type':'user','retiring_principal':'"
                    + user
                    + "','operations':['describe-key','create-datakey',"
                    + "'create-datakey-without-plaintext','encrypt-datakey','decrypt-datakey',"
                    + "'encrypt-data','decrypt-data','retire-grant']}")
            .text("/grant_id");
    Reply list = client.ok("list-grants", "{'key_id':'" + key + "','limit':100}");
    assertThat(list.text("/next_marker")).isEmpty();
    assertThat(list.text("/grants/0/grant_id")).isEqualTo(grant);
    assertThat(list.json().at("/grants/0/operations")).hasSize(8);
    assertThat(list.text("/grants/0/issuing_principal")).isNotEmpty();
    assertThat(list.text("/grants/0/retiring_principal")).isEqualTo(user);
    assertThat(list.text("/grants/0/creation_date")).matches("[0-9]{13}");
    // The data sources ask for more than a page holds.
    assertThat(
            client.ok("list-grants", "{'key_id':'" + key + "','limit':1000}").json().at("/grants"))
        .hasSize(1);
    assertThat(client.ok("list-retirable-grants", "{'limit':100}").json().at("/grants").toString())
        .contains(grant);
    client.ok("retire-grant", "{'key_id':'" + key + "','grant_id':'" + grant + "'}");
    client
        .kms("revoke-grant", "{'key_id':'" + key + "','grant_id':'" + grant + "'}")
        .isRefused(400, "KMS.2501");
    client.ok("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}");
    // After destruction the test asks once more.
    assertThat(
            client.ok("list-grants", "{'key_id':'" + key + "','limit':100}").json().at("/grants"))
        .isEmpty();
  }

  /** The provider's test of a grant makes the grantee first, and removes him last. */
  @Test
  void aGrantIsForAUserWhoIsMadeBeforeAndRemovedAfter() {
    String users = "/v3.0/OS-USER/users";
    String order =
        "{\"user\":{\"name\":\"%s\",\"domain_id\":\"%s\",\"password\":\"Of-The-Test-1\",\"enabled\":true}}"
            .formatted(sdk.name(), sdk.server.known("domain_id"));
    String user = client.send("POST", users, order).is(201).text("/user/id");
    String one = users + "/" + user;
    client.get(one).is(200);
    client.get(one + "/login-protect");
    String key = key("");
    String about = "{'key_id':'" + key + "'";
    String members =
        ",'grantee_principal':'" + user + "','grantee_principal_type':'user','operations':";
    String grant =
        client.ok("create-grant", about + members + "['encrypt-data']}").text("/grant_id");
    Reply listed = client.ok("list-grants", about + ",'limit':100}");
    assertThat(listed.text("/grants/0/grant_id")).isEqualTo(grant);
    assertThat(listed.text("/grants/0/grantee_principal")).isEqualTo(user);

    String change = "{\"user\":{\"description\":\"changed\"}}";
    client.send("PUT", one, change).is(200);
    String protect = "{\"login_protect\":{\"enabled\":false,\"verification_method\":\"sms\"}}";
    client.send("PUT", one + "/login-protect", protect).is(200);
    client.get(one + "/login-protect").is(200);
    assertThat(client.get(one).is(200).text("/user/description")).isEqualTo("changed");

    client.ok("revoke-grant", about + ",'grant_id':'" + grant + "'}");
    client.ok("schedule-key-deletion", about + ",'pending_days':'7'}");
    client.send("DELETE", "/v3/users/" + user, null).is(204);
    client.get(one).is(404);
    assertThat(client.ok("list-grants", about + ",'limit':100}").json().at("/grants")).isEmpty();
  }

  @Test
  void textIsEncryptedAndDecrypted() {
    String key = key("");
    Reply encrypted =
        client.ok("encrypt-data", "{'key_id':'" + key + "','plain_text':'hello world'}");
    assertThat(encrypted.text("/key_id")).isEqualTo(key);
    Reply decrypted =
        client.ok("decrypt-data", "{'cipher_text':'" + encrypted.text("/cipher_text") + "'}");
    assertThat(decrypted.text("/key_id")).isEqualTo(key);
    assertThat(decrypted.text("/plain_text")).isEqualTo("hello world");
    assertThat(decrypted.text("/plain_text_base64")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'datakey_length':'64'", "'datakey_length':'128','key_spec':'AES_128'", ""})
  void aDataKeyWithoutPlaintextIsMadeAndOpened(String how) {
    String key = key("");
    String sequence = "'sequence':'919c82d4-8046-4722-9094-35c3c6524cff'";
    String sealed =
        client
            .ok(
                "create-datakey-without-plaintext",
                "{'key_id':'" + key + "'," + (how.isEmpty() ? "" : how + ",") + sequence + "}")
            .text("/cipher_text");
    String bytes = how.contains("64") ? "8" : how.isEmpty() ? "32" : "16";
    Reply opened =
        client.ok(
            "decrypt-datakey",
            "{'key_id':'"
                + key
                + "','cipher_text':'"
                + sealed
                + "','datakey_cipher_length':'"
                + bytes
                + "'}");
    assertThat(opened.text("/data_key")).isNotEmpty();
    assertThat(opened.text("/datakey_length")).isEqualTo(bytes);
    assertThat(opened.text("/datakey_dgst")).isNotEmpty();
  }

  @Test
  void pairsAreMadeWithAndWithoutPlaintext() {
    String key = key("");
    Reply pair =
        client.ok(
            "create-ec-datakey-pair",
            "{'key_id':'"
                + key
                + "','key_spec':'ECC_NIST_P521','with_plain_text':true,"
                + "'additional_authenticated_data':'aad','sequence':'1'}");
    assertThat(pair.text("/public_key")).isNotEmpty();
    assertThat(pair.text("/private_key_cipher_text")).isNotEmpty();
    assertThat(pair.text("/private_key_plain_text")).isNotEmpty();
    pair =
        client.ok(
            "create-rsa-datakey-pair",
            "{'key_id':'" + key + "','key_spec':'RSA_2048','with_plain_text':false}");
    assertThat(pair.text("/private_key_cipher_text")).isNotEmpty();
  }

  @Test
  void aMessageIsSignedAndTheMarkIsText() {
    String key = key(",'key_spec':'RSA_2048','key_usage':'SIGN_VERIFY'");
    assertThat(client.ok("get-publickey", "{'key_id':'" + key + "'}").text("/public_key"))
        .contains("BEGIN PUBLIC KEY");
    String message =
        "'message':'aGVsbG8=','signing_algorithm':'RSASSA_PSS_SHA_256','message_type':'RAW'";
    String signature =
        client.ok("sign", "{'key_id':'" + key + "'," + message + "}").text("/signature");
    assertThat(
            client
                .ok(
                    "verify",
                    "{'key_id':'" + key + "','signature':'" + signature + "'," + message + "}")
                .text("/signature_valid"))
        .isEqualTo("true");
  }

  @Test
  void aMacIsCheckedAndTheMarkIsBoolean() {
    String key = key(",'key_spec':'HMAC_384','key_usage':'GENERATE_VERIFY_MAC'");
    String of = "{'key_id':'" + key + "','mac_algorithm':'HMAC_SHA_384','message':'aGVsbG8='";
    String mac = client.ok("generate-mac", of + "}").text("/mac");
    JsonNode valid = client.ok("verify-mac", of + ",'mac':'" + mac + "'}").json().at("/mac_valid");
    assertThat(valid.isBoolean()).isTrue();
    assertThat(valid.booleanValue()).isTrue();
  }

  /** Of a keystore it signs a content type with every call, but without one with actions. */
  private Reply ofKeystore(String method, String path, @Nullable String json) {
    return client.with(
        Map.of("content-type", "application/json;charset=UTF-8"),
        method,
        "/v1.0/" + client.project + "/keystores" + path,
        json);
  }

  @Test
  void aKeystoreIsMadeSwitchedAndDestroyed() {
    String name = sdk.name();
    String order =
        "{\"keystore_alias\":\"%s\",\"hsm_cluster_id\":\"%s\",\"hsm_ca_cert\":\"PEM\"}"
            .formatted(name, name);
    String id = "/" + ofKeystore("POST", "", order).is(200).text("/keystore/keystore_id");
    Reply read = ofKeystore("GET", id, null).is(200);
    assertThat(read.text("/keystore/keystore_alias")).isEqualTo(name);
    assertThat(read.text("/keystore/hsm_cluster_id")).isEqualTo(name);
    String actions = "/v1.0/" + client.project + "/keystores" + id;
    client.send("POST", actions + "/enable", null).is(200);
    client.send("POST", actions + "/disable", null).is(200);
    ofKeystore("DELETE", id, null).is(204);
    ofKeystore("GET", id, null).isRefused(400, "KMS.8003");
  }

  @Test
  void aKeystoreThatIsGoneHasItsOwnCode() {
    String stores = "/v1.0/" + client.project + "/keystores";
    client
        .send("POST", stores + "/00000000-0000-4000-8000-000000000000/enable", null)
        .isRefused(400, "KMS.8003");
    // The data source asks on until a page is empty.
    int offset = 0;
    JsonNode page;
    do {
      page = client.get(stores + "?limit=10&offset=" + offset).is(200).json().at("/keystores");
      offset += page.size();
    } while (!page.isEmpty());
  }

  @Test
  void aKeyIsReplicatedAndItsPrimaryMovedByBodiesOfFewMembers() {
    String keys = "/v2/" + client.project + "/kms/keys/";
    String key = key("");
    String body =
        "{\"key_id\":\"%s\",\"replica_region\":\"%s\",\"key_alias\":\"%s\","
                .formatted(key, Sdk.FAR_REGION, sdk.name())
            + "\"replica_project_id\":\"%s\",\"tags\":[{\"key\":\"k\",\"value\":\"v\"}]}"
                .formatted(sdk.server.projectIn(Sdk.FAR_REGION));
    assertThat(client.send("POST", keys + key + "/replicate", body).is(200).text("/key_id"))
        .hasSize(36);
    String primary = "{\"primary_region\":\"" + Sdk.FAR_REGION + "\"}";
    client.send("PUT", keys + key + "/update-primary-region", primary).is(200);
    // This data source asks on until a page is empty, too.
    List<String> regions = new java.util.ArrayList<>();
    JsonNode page;
    do {
      String list = "/v2/" + client.project + "/kms/regions?limit=50&offset=" + regions.size();
      page = client.get(list).is(200).json().at("/regions");
      page.forEach(region -> regions.add(region.stringValue()));
    } while (!page.isEmpty());
    assertThat(regions).containsExactly(sdk.server.known("region"), Sdk.FAR_REGION);
  }
}
