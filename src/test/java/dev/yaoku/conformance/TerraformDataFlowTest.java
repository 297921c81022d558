package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** What the data sources of Terraform's provider huaweicloud ask (client-flows.md 1.7). */
@ExtendWith(SdkExtension.class)
class TerraformDataFlowTest {
  private final Sdk sdk;
  private final ForeignClient client;

  TerraformDataFlowTest(Sdk sdk) {
    this.sdk = sdk;
    this.client = new ForeignClient(sdk.server, Style.TERRAFORM);
  }

  private String key(String more) {
    return client
        .ok("create-key", "{'key_alias':'" + sdk.name() + "'" + more + "}")
        .text("/key_info/key_id");
  }

  @Test
  void theDataSourcesOfKeysSeeThemAll() {
    String key = key("");
    List<String> found = new ArrayList<>();
    String marker = "";
    Reply page;
    do {
      page =
          client.ok(
              "list-keys",
              "{'key_state':'2'" + (marker.isEmpty() ? "" : ",'marker':'" + marker + "'") + "}");
      page.json().at("/keys").forEach(id -> found.add(id.stringValue()));
      marker = page.text("/next_marker");
    } while (page.text("/truncated").equals("true"));
    assertThat(found).contains(key).doesNotHaveDuplicates();

    JsonNode all = client.ok("list-keys", "{'limit':2000,'key_spec':'AES_256'}").json();
    assertThat(all.at("/key_details")).isNotEmpty();
    for (JsonNode details : all.at("/key_details")) {
      assertThat(details.at("/key_spec").stringValue()).isEqualTo("AES_256");
      for (String date : List.of("creation_date", "expiration_time", "scheduled_deletion_date")) {
        assertThat(details.at("/" + date).isString()).isTrue();
      }
    }
  }

  @Test
  void keysAreFoundByTagsUntilAPageIsEmpty() {
    String key = key(",'key_description':'described'");
    String label = sdk.name();
    client
        .kms(
            key + "/tags/action",
            "{'action':'create','tags':[{'key':'" + label + "','value':'a'}]}")
        .is(204);
    String wanted = "'tags':[{'key':'" + label + "','values':['a','b']}]";
    assertThat(byTags("{'action':'filter','limit':'1000','offset':0," + wanted + "}")).hasSize(1);
    assertThat(byTags("{'action':'filter','limit':'1000','offset':1," + wanted + "}")).isEmpty();
    // Without a filter the newest key comes first.
    JsonNode first = byTags("{'action':'filter','limit':'1000','offset':0}").get(0);
    assertThat(first.at("/resource_id").stringValue()).isEqualTo(key);
    assertThat(first.at("/tags")).isNotEmpty();
    assertThat(first.at("/resource_detail/key_description").stringValue()).isEqualTo("described");
    JsonNode count =
        client
            .kms(
                "resource_instances/action",
                "{'action':'count','tags':[{'key':'" + label + "-no','values':[]}]}")
            .is(200)
            .json();
    assertThat(count.at("/total_count").isNumber()).isTrue();
    assertThat(count.at("/total_count").intValue()).isZero();
    JsonNode tags = client.get("/v1.0/" + client.project + "/kms/tags").is(200).json().at("/tags");
    assertThat(tags.toString()).contains("{\"key\":\"" + label + "\",\"values\":[\"a\"]}");
  }

  private JsonNode byTags(String body) {
    return client.kms("resource_instances/action", body).is(200).json().at("/resources");
  }

  @Test
  void aDataKeyTakesItsContextAsText() {
    Reply made =
        client.ok(
            "create-datakey",
            "{'key_id':'" + key("") + "','datakey_length':'512','encryption_context':'text'}");
    assertThat(made.text("/plain_text")).hasSize(128);
  }

  @Test
  void quotasAreComplete() {
    Reply quotas = client.get("/v1.0/" + client.project + "/kms/user-quotas").is(200);
    assertThat(quotas.text("/quotas/resources/0/type")).isEqualTo("CMK");
    assertThat(quotas.json().at("/quotas/resources/0/used").isNumber()).isTrue();
    assertThat(quotas.json().at("/quotas/resources/0/quota").isNumber()).isTrue();
  }
}
