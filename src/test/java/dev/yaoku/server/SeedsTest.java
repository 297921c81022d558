package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The five documents that Yaoku began with: the example request of each, with the token that each
 * of them demands, gets exactly the members and JSON types that the contract decided on.
 */
class SeedsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int KEYS = 23;

  @TempDir static Path scratch;

  private static LiveServer server;
  private static String token = "";

  /** From the newest to the oldest, as lists show them. */
  private static final List<String> KEY_IDS = new ArrayList<>();

  private static final List<String> KEYSTORES = new ArrayList<>();

  @BeforeAll
  static void makeKeys() throws Exception {
    server = new LiveServer(scratch.resolve("data"), Map.of(), RisingClock.machine());
    token = logIn();
    for (int i = 0; i < KEYS; i++) {
      String created =
          "{'key_alias':'key-%d','key_description':'number %d'}".formatted(i, i).replace('\'', '"');
      KEY_IDS.addFirst(ok("POST", "/kms/create-key", created).at("/key_info/key_id").asString());
      String value = i % 2 == 0 ? "value1" : "value2";
      String tags =
          "{'action':'create','tags':[{'key':'key1','value':'%s'},{'key':'n','value':'%d'}]}"
              .formatted(value, i % 5)
              .replace('\'', '"');
      assertThat(send("POST", "/kms/" + KEY_IDS.getFirst() + "/tags/action", tags).statusCode())
          .isEqualTo(204);
    }
    ok("POST", "/kms/disable-key", "{\"key_id\":\"" + KEY_IDS.getLast() + "\"}");
    for (int i = 0; i < 3; i++) {
      String body =
          "{'keystore_alias':'store-%d','hsm_cluster_id':'cluster-%d','hsm_ca_cert':'x'}"
              .formatted(i, i)
              .replace('\'', '"');
      KEYSTORES.addFirst(ok("POST", "/keystores", body).at("/keystore/keystore_id").asString());
    }
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String logIn() {
    String body =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"%s","password":"%s",
        "domain":{"name":"%s"}}}},"scope":{"project":{"id":"%s"}}}}\
        """
            .formatted(
                server.known("user_name"),
                server.known("password"),
                server.known("domain_name"),
                server.known("project_id"));
    HttpResponse<String> answer = server.logIn(body);
    return answer.headers().firstValue("x-subject-token").orElseThrow();
  }

  private static HttpResponse<String> send(String method, String path, String body) {
    return server.byToken(token, method, "/v1.0/" + server.known("project_id") + path, body);
  }

  private static JsonNode ok(String method, String path, String body) {
    HttpResponse<String> answer = send(method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
    return JSON.readTree(answer.body());
  }

  private static String code(String method, String path, String body) {
    HttpResponse<String> answer = send(method, path, body.replace('\'', '"'));
    return answer.statusCode()
        + " "
        + JSON.readTree(answer.body()).at("/error/error_code").asString("none");
  }

  /** The answer with what is different in every run replaced by its name. */
  private static String masked(JsonNode answer) {
    String text = answer.toString().replace(server.known("domain_id"), "DOMAIN");
    for (int i = 0; i < KEYS; i++) {
      text = text.replace(KEY_IDS.get(KEYS - 1 - i), "KEY-" + i);
    }
    for (int i = 0; i < KEYSTORES.size(); i++) {
      text = text.replace(KEYSTORES.get(KEYSTORES.size() - 1 - i), "KEYSTORE-" + i);
    }
    return text.replaceAll("\"1[0-9]{12}\"", "\"MILLIS\"").replace('"', '\'');
  }

  private static String details(int n) {
    return ("{'key_id':'KEY-%d','domain_id':'DOMAIN','key_alias':'key-%d','realm':'%s',"
            + "'key_spec':'AES_256','key_usage':'ENCRYPT_DECRYPT','key_description':'number %d',"
            + "'creation_date':'MILLIS','scheduled_deletion_date':'','key_state':'%s',"
            + "'default_key_flag':'0','key_type':'1','expiration_time':'','origin':'kms',"
            + "'key_rotation_enabled':'false','sys_enterprise_project_id':'0','keystore_id':'0',"
            + "'key_label':'','partition_type':'1','keystore_type':'DEFAULT',"
            + "'multi_region_key_type':'SINGLE','pending_days':''}")
        .formatted(n, n, server.known("region"), n, n == 0 ? "3" : "2");
  }

  // Seed 001: ListKeyDetail

  @Test
  void listKeyDetailShowsOneKey() {
    JsonNode answer =
        ok("POST", "/kms/describe-key", "{\"key_id\":\"" + KEY_IDS.getFirst() + "\"}");
    assertThat(masked(answer)).isEqualTo("{'key_info':" + details(KEYS - 1) + "}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{}, 400 KMS.0204",
        "{'key_id':''}, 400 KMS.0204",
        "{'key_id':null}, 400 KMS.0204",
        "{'key_id':'no id'}, 400 KMS.0205",
        "{'key_id':{}}, 400 KMS.0308",
        "{'key_id':'0d0466b0-e727-4d9c-b35d-f84bb474a37f'}, 404 KMS.0207",
      })
  void listKeyDetailRefuses(String body, String expected) {
    assertThat(code("POST", "/kms/describe-key", body)).isEqualTo(expected);
  }

  // Seed 004: ListKeys

  @Test
  void listKeysShowsIdsAndDetailsNewestFirst() {
    JsonNode answer = ok("POST", "/kms/list-keys", "{\"limit\":\"2\"}");
    assertThat(masked(answer))
        .isEqualTo(
            "{'keys':['KEY-22','KEY-21'],'key_details':["
                + details(22)
                + ","
                + details(21)
                + "],'next_marker':'2','truncated':'true','total':23}");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "{}| 22| 0| ``| false| 23",
        "``| 22| 0| ``| false| 23",
        "{'limit':''}| 22| 0| ``| false| 23",
        "{'limit':10}| 22| 13| 10| true| 23",
        "{'limit':'10','marker':'10'}| 12| 3| 20| true| 23",
        "{'limit':'10','marker':20}| 2| 0| ``| false| 23",
        "{'limit':'1','marker':'22'}| 0| 0| ``| false| 23",
        "{'limit':'9999999'}| 22| 0| ``| false| 23",
        "{'key_state':'3'}| 0| 0| ``| false| 1",
        "{'key_state':'2','limit':'22'}| 22| 1| ``| false| 22",
        "{'key_spec':'ALL'}| 22| 0| ``| false| 23",
        "{'key_spec':'AES_256','limit':'3','marker':'3'}| 19| 17| 6| true| 23",
        "{'enterprise_project_id':'0','limit':'1'}| 22| 22| 1| true| 23",
        "{'enterprise_project_id':'all','sequence':'919c82d4-8046-4722-9094-35c3c6524cff'}| 22| 0|"
            + " ``| false| 23",
      },
      delimiter = '|')
  void listKeysPages(String body, int first, int last, String marker, String truncated, int total) {
    JsonNode answer = ok("POST", "/kms/list-keys", body.replace('\'', '"'));
    assertThat(answer.at("/keys/0").asString()).isEqualTo(KEY_IDS.get(KEYS - 1 - first));
    assertThat(answer.at("/keys").size()).isEqualTo(answer.at("/key_details").size());
    assertThat(answer.at("/keys/" + (answer.at("/keys").size() - 1)).asString())
        .isEqualTo(KEY_IDS.get(KEYS - 1 - last));
    assertThat(answer.at("/next_marker").asString()).isEqualTo(marker);
    assertThat(answer.at("/truncated").asString()).isEqualTo(truncated);
    assertThat(answer.at("/total").intValue()).isEqualTo(total);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'marker':'23'}| 23",
        "{'marker':'99999'}| 23",
        "{'key_state':'4'}| 0",
        "{'key_spec':'RSA_2048'}| 0"
      })
  void aListThatEndsBeforeTheMarkerIsEmpty(String body, int total) {
    assertThat(masked(ok("POST", "/kms/list-keys", body.replace('\'', '"'))))
        .isEqualTo(
            "{'keys':[],'key_details':[],'next_marker':'','truncated':'false','total':%d}"
                .formatted(total));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'limit':'0'}| 400 KMS.1601",
        "{'limit':'-1'}| 400 KMS.1601",
        "{'limit':'ten'}| 400 KMS.1601",
        "{'limit':1.5}| 400 KMS.1601",
        "{'limit':true}| 400 KMS.1601",
        "{'limit':[]}| 400 KMS.0308",
        "{'marker':'-1'}| 400 KMS.1602",
        "{'marker':'x'}| 400 KMS.1602",
        "{'marker':{}}| 400 KMS.0308",
        "{'key_state':'6'}| 400 KMS.0308",
        "{'key_state':'22'}| 400 KMS.0308",
        "{'key_spec':'AES'}| 400 KMS.0308",
        "[]| 400 KMS.0202",
        "{'limit':'1'| 400 KMS.0202",
      })
  void listKeysRefuses(String body, String expected) {
    assertThat(code("POST", "/kms/list-keys", body)).isEqualTo(expected);
  }

  // Seed 002: ListKmsByTags

  @Test
  void listKmsByTagsAnswersTheExampleOfTheDocument() {
    String example =
        "{'offset':'%s','limit':'100','action':'filter',"
            + "'tags':[{'key':'key1','values':['value1','value2']}]}";
    JsonNode past = ok("POST", ACTION, example.formatted("100").replace('\'', '"'));
    assertThat(masked(past)).isEqualTo("{'resources':[],'total_count':23}");
    JsonNode last = ok("POST", ACTION, example.formatted("22").replace('\'', '"'));
    assertThat(masked(last))
        .isEqualTo(
            "{'resources':[{'resource_id':'KEY-0','resource_detail':"
                + details(0)
                + ",'resource_name':'key-0','tags':[{'key':'key1','value':'value1'},"
                + "{'key':'n','value':'0'}]}],'total_count':23}");
  }

  private static final String ACTION = "/kms/resource_instances/action";

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{}| 10| 23| 22",
        "{'action':'filter','limit':5}| 5| 23| 22",
        "{'limit':'1000','offset':3}| 20| 23| 19",
        "{'tags':[{'key':'key1','values':['value1']}]}| 10| 12| 22",
        "{'tags':[{'key':'key1','values':['value2']},{'key':'n','values':['1','3']}]}| 5| 5| 21",
        "{'tags':[{'key':'n','values':[]}]}| 10| 23| 22",
        "{'tags':[{'key':'n'}],'limit':'2','offset':'21'}| 2| 23| 1",
        "{'matches':[{'key':'resource_name','value':'key-1'}]}| 10| 11| 19",
        "{'matches':[{'key':'resource_name'}]}| 10| 23| 22",
        "{'matches':[{'key':'resource_name','value':'key-7'}],"
            + "'tags':[{'key':'key1','values':['value2']}]}| 1| 1| 7",
      })
  void listKmsByTagsFilters(String body, int shown, int total, int first) {
    JsonNode answer = ok("POST", ACTION, body.replace('\'', '"'));
    assertThat(answer.at("/resources").size()).isEqualTo(shown);
    assertThat(answer.at("/total_count").intValue()).isEqualTo(total);
    assertThat(answer.at("/resources/0/resource_id").asString())
        .isEqualTo(KEY_IDS.get(KEYS - 1 - first));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'action':'count'}| 23",
        "{'action':'count','limit':'0','offset':'-5','tags':[{'key':'key1','values':['value1']}]}|"
            + " 12",
        "{'tags':[{'key':'key1','values':['nobody']}]}| 0",
        "{'tags':[{'key':'unknown'}]}| 0",
      })
  void listKmsByTagsCounts(String body, int total) {
    assertThat(masked(ok("POST", ACTION, body.replace('\'', '"'))))
        .isEqualTo("{'resources':[],'total_count':%d}".formatted(total));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'action':'delete'}| 400 KMS.0404",
        "{'limit':'0'}| 400 KMS.1601",
        "{'limit':'1001'}| 400 KMS.1601",
        "{'limit':'x'}| 400 KMS.1601",
        "{'offset':'-1'}| 400 KMS.0417",
        "{'offset':'x'}| 400 KMS.0417",
        "{'matches':[{'key':'other','value':'x'}]}| 400 KMS.0403",
        "{'matches':[{'key':'resource_name','value':''}]}| 400 KMS.0402",
      })
  void listKmsByTagsRefuses(String body, String expected) {
    assertThat(code("POST", ACTION, body)).isEqualTo(expected);
  }

  @Test
  void onlyResourceInstancesAreFound() {
    assertThat(code("POST", "/kms/others/action", "{}")).isEqualTo("400 KMS.0408");
  }

  // Seed 003: ShowKmsTags

  @Test
  void showKmsTagsShowsThemAndTheirNumber() {
    assertThat(masked(ok("GET", "/kms/" + KEY_IDS.getFirst() + "/tags", "")))
        .isEqualTo(
            "{'tags':[{'key':'key1','value':'value1'},{'key':'n','value':'2'}],"
                + "'sys_tags':[],'existTagsNum':2,'existTagNum':2}");
  }

  @ParameterizedTest
  @CsvSource({"no-id, 400 KMS.0205", "0d0466b0-e727-4d9c-b35d-f84bb474a37f, 404 KMS.0207"})
  void showKmsTagsRefuses(String key, String expected) {
    assertThat(code("GET", "/kms/" + key + "/tags", "")).isEqualTo(expected);
  }

  // Seed 000: ListKeyStores

  private static String keystore(int n) {
    return ("{'keystore_id':'KEYSTORE-%d','domain_id':'DOMAIN','keystore_alias':'store-%d',"
            + "'keystore_type':'DHSM','hsm_cluster_id':'cluster-%d','cluster_id':'cluster-%d',"
            + "'keystore_state':'3','create_time':'MILLIS'}")
        .formatted(n, n, n, n);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"``, 2 1 0", "?limit=2, 2 1", "?limit=2&offset=2, 0", "?offset=3, ``"})
  void listKeyStoresPages(String query, String shown) {
    List<String> expected = new ArrayList<>();
    for (String n : shown.isEmpty() ? new String[0] : shown.split(" ", -1)) {
      expected.add(keystore(Integer.parseInt(n)));
    }
    assertThat(masked(ok("GET", "/keystores" + query, "")))
        .isEqualTo("{'total':3,'keystores':[" + String.join(",", expected) + "]}");
  }

  @ParameterizedTest
  @CsvSource({
    "?limit=0, 400 KMS.1601",
    "?limit=x, 400 KMS.1601",
    "?offset=-1, 400 KMS.0417",
    "?offset=x, 400 KMS.0417"
  })
  void listKeyStoresRefuses(String query, String expected) {
    assertThat(code("GET", "/keystores" + query, "")).isEqualTo(expected);
  }

  /** A client that follows the marker sees each key once, in the order of creation. */
  @Test
  void followingTheMarkerShowsEachKeyOnce() {
    List<String> seen = new ArrayList<>();
    String marker = "0";
    while (!marker.isEmpty()) {
      JsonNode page =
          ok("POST", "/kms/list-keys", "{\"limit\":\"4\",\"marker\":\"" + marker + "\"}");
      page.at("/keys").forEach(id -> seen.add(id.asString()));
      marker = page.at("/next_marker").asString();
    }
    assertThat(seen).isEqualTo(Collections.unmodifiableList(KEY_IDS));
  }
}
