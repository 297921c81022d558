package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import dev.yaoku.server.LiveServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What Terraform's two providers and cloud-custodian send for what is asked for less often: in
 * their order, with what they read and assert (client-flows.md 1.4, 1.6, 1.7, 2 and 5).
 */
@ExtendWith(SdkExtension.class)
class FurtherFlowsTest {
  private static final String DIGEST_OF_64_ZEROS =
      "F5A5FD42D16A20302798EF6ED309979B43003D2320D9F0E8EA9831A92759FB4B";

  @TempDir Path scratch;
  private final Sdk sdk;
  private final ForeignClient client;

  FurtherFlowsTest(Sdk sdk) {
    this.sdk = sdk;
    this.client = new ForeignClient(sdk.server, Style.TERRAFORM);
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private String key(String more) {
    return client
        .ok("create-key", "{'key_alias':'" + sdk.name() + "'" + more + "}")
        .text("/key_info/key_id");
  }

  @Test
  void aDedicatedKeystoreIsCreatedReadSwitchedAndDeleted() {
    String keystores = "/v1.0/" + client.project + "/keystores";
    String alias = sdk.name();
    String create =
        "{\"keystore_alias\":\"%s\",\"hsm_cluster_id\":\"%s\",\"hsm_ca_cert\":\"PEM\"}"
            .formatted(alias, alias);
    String id = client.send("POST", keystores, create).is(200).text("/keystore/keystore_id");
    String one = keystores + "/" + id;
    Reply read = client.get(one).is(200);
    assertThat(read.text("/keystore/keystore_alias")).isEqualTo(alias);
    assertThat(read.text("/keystore/hsm_cluster_id")).isEqualTo(alias);
    client.send("POST", one + "/enable", null).is(200);
    client.send("POST", one + "/disable", null).is(200);
    client.send("POST", keystores + "/unknown/enable", null).isRefused(400, "KMS.8003");
    assertThat(client.send("DELETE", one, null).status()).isIn(200, 202, 204);
    // This, or 404, is how it knows that it is gone.
    client.get(one).isRefused(400, "KMS.8003");
  }

  @Test
  void anOwnDataKeyIsWrapped() {
    String plain = "00".repeat(64) + DIGEST_OF_64_ZEROS;
    Reply reply =
        client.ok(
            "encrypt-datakey",
            about(key(""), ",'plain_text':'" + plain + "','datakey_plain_length':'64'"));
    assertThat(reply.text("/cipher_text")).isNotEmpty();
    assertThat(reply.text("/datakey_length")).isEqualTo("64");
  }

  @Test
  void theAliasesOfAProjectAreReadPageAfterPage() {
    Set<String> made = new HashSet<>();
    String aliases = "/v1.0/" + client.project + "/kms/aliases";
    for (int k = 0; k < 3; k++) {
      String key = key("");
      for (int i = 0; i < 40; i++) {
        String alias = "alias/" + sdk.name() + "-" + i;
        client
            .send("POST", aliases, about(key, ",'alias':'" + alias + "'").replace('\'', '"'))
            .is(201);
        made.add(alias);
      }
    }
    List<String> seen = new ArrayList<>();
    String marker = "";
    do {
      Reply page =
          client.get(aliases + "?limit=50" + (marker.isEmpty() ? "" : "&marker=" + marker)).is(200);
      page.json().at("/aliases").forEach(alias -> seen.add(alias.at("/alias").stringValue()));
      marker = page.text("/page_info/next_marker");
    } while (!marker.isEmpty());
    assertThat(seen).doesNotHaveDuplicates().containsAll(made);
  }

  @Test
  void customKeysAreFoundByTagsAndByName() {
    String name = sdk.name();
    String key =
        client
            .ok("create-key", "{'key_alias':'" + name + "','key_description':'found by tags'}")
            .text("/key_info/key_id");
    String tags = "{'action':'create','tags':[{'key':'f1','value':'a'},{'key':'f2','value':'b'}]}";
    client.kms(key + "/tags/action", tags).is(204);
    String both = "'tags':[{'key':'f1','values':['a','x']},{'key':'f2','values':['b']}]";
    String named = "'matches':[{'key':'resource_name','value':'" + name + "'}]";
    for (String search : List.of(both, named, both + "," + named)) {
      assertThat(found(search)).containsExactly(key);
      assertThat(count(search)).isEqualTo(1);
    }
    assertThat(count("'tags':[{'key':'f1','values':['a']},{'key':'none','values':['b']}]"))
        .isZero();
    // Of the unfiltered list the first has tags and a description.
    JsonNode first =
        client
            .ok("resource_instances/action", "{'action':'filter','limit':'1000','offset':0}")
            .json()
            .at("/resources/0");
    assertThat(first.at("/tags")).isNotEmpty();
    assertThat(first.at("/resource_detail/key_description").stringValue()).isNotEmpty();
  }

  private List<String> found(String search) {
    List<String> found = new ArrayList<>();
    JsonNode page;
    do {
      String body =
          "{'action':'filter','limit':'1000','offset':" + found.size() + "," + search + "}";
      page = client.ok("resource_instances/action", body).json().at("/resources");
      page.forEach(resource -> found.add(resource.at("/resource_id").stringValue()));
    } while (!page.isEmpty());
    return found;
  }

  private int count(String search) {
    JsonNode counted =
        client.ok("resource_instances/action", "{'action':'count'," + search + "}").json();
    assertThat(counted.at("/resources")).isEmpty();
    return counted.at("/total_count").intValue();
  }

  @Test
  void anRsaPairIsMadeWithAdditionalDataAndASequence() {
    Reply pair =
        client.ok(
            "create-rsa-datakey-pair",
            about(
                key(""),
                ",'key_spec':'RSA_3072','with_plain_text':true,"
                    + "'additional_authenticated_data':'test','sequence':"
                    + "'919c82d4-8046-4722-9094-35c3c6524cff'"));
    for (String member :
        List.of("/public_key", "/private_key_cipher_text", "/private_key_plain_text")) {
      assertThat(pair.text(member)).isNotEmpty();
    }
  }

  @Test
  void aDeletionIsCancelledByCreatingTheKeyAgain() throws Exception {
    try (LiveServer server =
        new LiveServer(
            scratch.resolve("data"), Map.of("contract.duplicate-names", "return-deleted"))) {
      ForeignClient otc = new ForeignClient(server, Style.TERRAFORM);
      String create =
          "{'key_alias':'test_key_gopher','key_description':'some description','realm':'eu-de'}";
      String key = otc.ok("create-key", create).text("/key_info/key_id");
      otc.ok("enable-key-rotation", about(key, ",'rotation_interval':0"));
      otc.ok("schedule-key-deletion", about(key, ",'pending_days':'7'"));

      assertThat(otc.ok("create-key", create).text("/key_info/key_id")).isEqualTo(key);
      assertThat(otc.ok("describe-key", about(key, "")).text("/key_info/key_state")).isEqualTo("4");
      otc.ok("cancel-key-deletion", about(key, ""));
      assertThat(otc.ok("enable-key", about(key, "")).text("/key_info/key_state")).isEqualTo("2");
      assertThat(otc.ok("describe-key", about(key, "")).text("/key_info/key_state")).isEqualTo("2");
      // Rotation was on all the time.
      Reply status = otc.ok("get-key-rotation-status", about(key, ""));
      assertThat(status.json().at("/key_rotation_enabled").booleanValue()).isTrue();
      otc.kms("enable-key-rotation", about(key, "")).isRefused(400, "KMS.2901");
    }
  }

  @Test
  void custodianListsTheKeysOfServicesAmongTheOthers() {
    String service = client.ok("yaoku-create-default-key", "{'service':'evs'}").text("/key_id");
    String own = key("");
    JsonNode list = client.ok("list-keys", "{'key_spec':'ALL'}").json();
    assertThat(list.at("/total").isNumber()).isTrue();
    List<String> flags = new ArrayList<>();
    for (JsonNode one : list.at("/key_details")) {
      String id = one.at("/key_id").stringValue();
      if (id.equals(service) || id.equals(own)) {
        flags.add(
            one.at("/default_key_flag").stringValue() + " " + one.at("/key_state").stringValue());
      }
      assertThat(one.values()).allMatch(JsonNode::isString);
    }
    assertThat(flags).containsExactly("0 2", "1 2"); // newest first
  }
}
