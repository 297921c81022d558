package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Contradictions of the seed documents, S1 and on: what is taken and what is sent, over HTTP. Each
 * name begins with the number of the quirk.
 *
 * @see "contract/quirks.md"
 */
class SeedQuirksTest extends QuirkServer {
  @Test
  void s1BothNamesOfTheNumberOfTagsAreSent() {
    JsonNode tags = read(send("GET", "/kms/" + key + "/tags", ""));
    assertThat(tags.at("/existTagsNum").isNumber()).isTrue();
    assertThat(tags.at("/existTagNum")).isEqualTo(tags.at("/existTagsNum"));
  }

  @Test
  void s2ABodyOfAGetIsIgnored() {
    read(send("GET", "/kms/" + key + "/tags", "{'sequence':"));
  }

  @Test
  void s3S27AnErrorIsOneObjectOfTwoTextsOnEveryRoute() {
    for (Tenant.Reply reply :
        List.of(
            tenant.kms("describe-key", "{}"),
            tenant.kms("list-keys", "{'limit':'0'}"),
            tenant.call("GET", "/keystores/unknown", ""),
            tenant.call("GET", "/kms/no-id/tags", ""),
            tenant.kms("resource_instances/action", "{'action':'x'}"))) {
      assertThat(reply.json().propertyNames()).containsExactly("error");
      assertThat(reply.at("/error").propertyNames()).containsExactly("error_code", "error_msg");
      assertThat(reply.text("/error/error_msg")).isNotEmpty();
    }
  }

  @Test
  void s4S5TheTotalIsANumberAndTruncatedAText() {
    JsonNode keys = server.kms("list-keys", "{}");
    assertThat(keys.at("/total").isNumber()).isTrue();
    assertThat(keys.at("/truncated").isString()).isTrue();
    assertThat(keys.at("/next_marker").asString()).isEmpty();
  }

  @Test
  void s6S9S10S11KeyDetailsAreTextsAndTimesAreMilliseconds() {
    JsonNode details = server.kms("describe-key", about(key, "")).at("/key_info");
    assertThat(details.values()).allMatch(JsonNode::isString);
    assertThat(details.at("/key_spec").asString()).isEqualTo("AES_256");
    assertThat(details.at("/creation_date").asString()).hasSize(13);
    assertThat(details.at("/partition_type").asString()).isEqualTo("1");
    assertThat(details.at("/expiration_time").asString()).isEmpty();
  }

  @Test
  void s7D3EveryKindOfKeyIsListedUnlessOneIsAskedFor() {
    String signing = tenant.key("s7", "'key_spec':'EC_P384'");
    assertThat(tenant.ok("list-keys", "{}").at("/keys").toString()).contains(signing, key);
    assertThat(tenant.ok("list-keys", "{'key_spec':'ALL'}").at("/keys").toString())
        .contains(signing, key);
    assertThat(tenant.ok("list-keys", "{'key_spec':'EC_P384'}").at("/keys").toString())
        .contains(signing)
        .doesNotContain(key);
  }

  @Test
  void s8AMarkerIsANumberOfKeysDelivered() {
    tenant.key("s8", "");
    JsonNode first = tenant.ok("list-keys", "{'limit':'1'}").json();
    assertThat(first.at("/next_marker").stringValue()).isEqualTo("1");
    JsonNode second = tenant.ok("list-keys", "{'limit':'1','marker':'1'}").json();
    assertThat(second.at("/keys/0")).isNotEqualTo(first.at("/keys/0"));
  }

  @Test
  void s12TheRealmIsTheRegion() {
    assertThat(details(key).at("/realm").stringValue()).isEqualTo(server.known("region"));
  }

  @Test
  void s13KeyIdsAreHexadecimalAndOtherLettersAreTaken() {
    assertThat(key).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(tenant.kms("describe-key", about("zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz", "")).code())
        .isEqualTo("KMS.0207");
  }

  @Test
  void s14S15TheDetailOfATaggedKeyIsAnObjectOfTexts() {
    String tagged = made("{'key_alias':'tagged'}");
    send("POST", "/kms/" + tagged + "/tags", "{'tag':{'key':'s14','value':'v'}}");
    String search = "{'limit':'1000','offset':0,'tags':[{'key':'s14','values':['v','w']}]}";
    JsonNode found = read(send("POST", "/kms/resource_instances/action", search));
    assertThat(found.at("/total_count").intValue()).isEqualTo(1);
    assertThat(found.at("/resources/0/resource_id").asString()).isEqualTo(tagged);
    JsonNode detail = found.at("/resources/0/resource_detail");
    assertThat(detail.isObject()).isTrue();
    assertThat(detail.values()).allMatch(JsonNode::isString);
  }

  @Test
  void s16AFoundKeyHasAllDetails() {
    String id = tagged("s16", "s16", "v");
    JsonNode detail =
        search("{'tags':[{'key':'s16','values':['v']}]}").at("/resources/0/resource_detail");
    assertThat(new TreeSet<>(detail.propertyNames()))
        .isEqualTo(new TreeSet<>(details(id).propertyNames()))
        .contains("key_spec", "key_usage", "keystore_id", "partition_type", "key_label");
  }

  @Test
  void s17LimitAndOffsetAreNumbersOrTexts() {
    tagged("s17", "s17", "v");
    for (String members : List.of("'limit':'1','offset':0", "'limit':1,'offset':'0'")) {
      assertThat(search("{" + members + ",'tags':[{'key':'s17'}]}").at("/resources")).hasSize(1);
    }
  }

  @Test
  void s18WithoutAnActionKeysAreFiltered() {
    tagged("s18", "s18", "v");
    assertThat(search("{'tags':[{'key':'s18'}]}").at("/resources")).hasSize(1);
    JsonNode counted = search("{'action':'count','tags':[{'key':'s18'}]}");
    assertThat(counted.at("/resources")).isEmpty();
    assertThat(counted.at("/total_count").intValue()).isEqualTo(1);
  }

  @Test
  void s19ValuesOfOneTagAreAlternativesAndTagsAreConditions() {
    String one = tagged("s19-1", "s19", "a");
    tagged("s19-2", "s19", "b");
    tenant.ok(one + "/tags", "{'tag':{'key':'s19-more','value':'x'}}");
    assertThat(search("{'tags':[{'key':'s19','values':['a','b']}]}").at("/total_count").intValue())
        .isEqualTo(2);
    JsonNode both = search("{'tags':[{'key':'s19','values':['a','b']},{'key':'s19-more'}]}");
    assertThat(both.at("/total_count").intValue()).isEqualTo(1);
    assertThat(both.at("/resources/0/resource_id").stringValue()).isEqualTo(one);
  }

  @Test
  void s20TheWiderLimitsOfTagsHold() {
    String id = tenant.key("s20", "");
    StringBuilder tags = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      String name = "k%02d".formatted(i) + "k".repeat(125);
      tags.append(i == 0 ? "" : ",")
          .append("{'key':'" + name + "','value':'" + "v".repeat(255) + "'}");
    }
    tenant.ok(id + "/tags/action", "{'action':'create','tags':[" + tags + "]}");
    assertThat(tenant.call("GET", "/kms/" + id + "/tags", "").at("/existTagsNum").intValue())
        .isEqualTo(20);
  }

  @Test
  void s21AMatchMayHave255Characters() {
    String name = "s21-" + "n".repeat(251);
    String id = tenant.key(name, "");
    JsonNode found = search("{'matches':[{'key':'resource_name','value':'" + name + "'}]}");
    assertThat(found.at("/resources/0/resource_id").stringValue()).isEqualTo(id);
  }

  @Test
  void s22TheTotalHasNoLimit() throws IOException {
    try (LiveServer roomy = with("quotas.keys", "1000")) {
      Tenant caller = Tenant.first(roomy);
      for (int i = 0; i < 101; i++) {
        caller.key("many-" + i, "");
      }
      JsonNode counted = caller.ok("resource_instances/action", "{'action':'count'}").json();
      assertThat(counted.at("/total_count").intValue()).isEqualTo(101);
    }
  }

  @Test
  void s23TheTimeOfAKeystoreIsATextOfMilliseconds() {
    String order = "{'keystore_alias':'hsm','hsm_cluster_id':'c','hsm_ca_cert':'x'}";
    send("POST", "/keystores", order);
    JsonNode stores = read(send("GET", "/keystores", ""));
    assertThat(stores.at("/total").isNumber()).isTrue();
    assertThat(stores.at("/keystores/0/create_time").isString()).isTrue();
  }

  @Test
  void s24S26AKeystoreHasATypeOfTheApiAndPagesBeginAtZero() {
    String order = "{'keystore_alias':'s24','hsm_cluster_id':'s24','hsm_ca_cert':'x'}";
    tenant.call("POST", "/keystores", order).is(200);
    JsonNode all = tenant.call("GET", "/keystores", "").at("/keystores");
    assertThat(all.at("/0/keystore_type").stringValue()).isIn("DHSM", "CDMS", "DEFAULT");
    assertThat(tenant.call("GET", "/keystores?offset=0", "").at("/keystores")).isEqualTo(all);
  }

  @Test
  void s25Q32WithoutCredentialsItIs401InTheGatewaysFormAndWithoutTheRight403() {
    String path = "/v1.0/" + tenant.project + "/keystores";
    var nobody = server.send(server.to(path).GET());
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.body()).contains("\"error_code\":\"APIGW.0301\"");
    assertThat(tenant.colleague().call("GET", "/keystores", "").is(403).code())
        .isEqualTo("KMS.0307");
  }
}
