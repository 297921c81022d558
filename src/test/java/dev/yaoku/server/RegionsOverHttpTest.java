package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server of several regions, from its configuration to the last member of a set. */
class RegionsOverHttpTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String FAR = "cn-south-1";

  @TempDir Path scratch;

  private LiveServer start(String others) throws IOException {
    return new LiveServer(scratch.resolve("data"), Map.of("regions.others", others));
  }

  private static JsonNode kms(LiveServer server, String project, String operation, String body) {
    HttpResponse<String> answer =
        server.in(project, "POST", "/v1.0/" + project + "/kms/" + operation, body);
    return JSON.readTree(answer.body());
  }

  private static HttpResponse<String> replicate(LiveServer server, String key, String project) {
    String home = server.known("project_id");
    return server.in(
        home,
        "POST",
        "/v2/" + home + "/kms/keys/" + key + "/replicate",
        "{'replica_region':'" + FAR + "','replica_project_id':'" + project + "','key_alias':'r'}");
  }

  /** A tag whose key ends in a slash could not be told from the path of its tag. */
  @Test
  void aReplicaIsGivenNoTagThatCouldNotBeDeleted() throws Exception {
    try (LiveServer server = start(FAR)) {
      String home = server.known("project_id");
      String far = server.projectIn(FAR);
      String key = keyIn(server, home, "here");
      String replicate = "/v2/" + home + "/kms/keys/" + key + "/replicate";
      String order =
          "{'replica_region':'%s','replica_project_id':'%s','key_alias':'r',"
              + "'tags':[{'key':'%s','value':'v'}]}";

      HttpResponse<String> refused =
          server.in(home, "POST", replicate, order.formatted(FAR, far, "a/"));

      assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
      assertThat(JSON.readTree(refused.body()).at("/error/error_code").asString())
          .isEqualTo("KMS.0406");
      assertThat(kms(server, far, "list-keys", "{}").at("/total").asInt()).isZero();
      assertThat(server.in(home, "POST", replicate, order.formatted(FAR, far, "a/b")).statusCode())
          .isEqualTo(200);
    }
  }

  private List<String> audited(String trace) {
    return EventTail.all(scratch.resolve("data/yaoku.db")).stream()
        .map(event -> new String(event.entry(), StandardCharsets.ISO_8859_1).substring(16))
        .filter(entry -> entry.contains("\"trace_name\":\"" + trace + "\""))
        .toList();
  }

  @Test
  void eachRegionHasItsOwnAliasOfAName() throws Exception {
    try (LiveServer server = start(FAR)) {
      String home = server.known("project_id");
      String far = server.projectIn(FAR);
      String here = keyIn(server, home, "here");
      String there = keyIn(server, far, "there");
      nameOnce(server, home, here);
      nameOnce(server, far, there);
      String other = keyIn(server, far, "other");
      kms(server, far, "alias/associate", "{'target_key_id':'" + other + "','alias':'alias/app'}");
      assertThat(named(server, far)).isEqualTo(other);
      assertThat(named(server, home)).isEqualTo(here);
    }
    try (LiveServer server = start(FAR)) {
      assertThat(named(server, server.projectIn(FAR))).isNotEqualTo("");
    }
  }

  private static void nameOnce(LiveServer server, String project, String key) {
    String names = "{'key_id':'" + key + "','alias':'alias/app'}";
    assertThat(kms(server, project, "aliases", names).at("/alias").asString())
        .isEqualTo("alias/app");
    assertThat(kms(server, project, "aliases", names).at("/error/error_code").asString())
        .isEqualTo("KMS.1104");
    assertThat(named(server, project)).isEqualTo(key);
  }

  private static String keyIn(LiveServer server, String project, String name) {
    return kms(server, project, "create-key", "{'key_alias':'" + name + "'}")
        .at("/key_info/key_id")
        .asString();
  }

  private static String named(LiveServer server, String project) {
    return kms(server, project, "describe-key", "{'key_id':'alias/app'}")
        .at("/key_info/key_id")
        .asString();
  }

  @Test
  void aStartMakesTheProjectsThatAreMissingOnceAndRecordsThem() throws Exception {
    try (LiveServer server = start("")) {
      assertThat(regionsOf(server)).containsExactly("cn-north-4");
    }
    assertThat(audited("createProject")).isEmpty();
    String far;
    try (LiveServer server = start(FAR + ",ap-southeast-3")) {
      assertThat(regionsOf(server)).containsExactly("cn-north-4", FAR, "ap-southeast-3");
      far = server.projectIn(FAR);
      assertThat(far).matches("[0-9a-f]{32}").isNotEqualTo(server.known("project_id"));
      JsonNode made = kms(server, far, "create-key", "{'key_alias':'there'}");
      assertThat(made.at("/key_info/region_id").asString()).isEqualTo(FAR);
      String id = made.at("/key_info/key_id").asString();
      assertThat(
              kms(server, far, "describe-key", "{'key_id':'" + id + "'}")
                  .at("/key_info/realm")
                  .asString())
          .isEqualTo(FAR);
    }
    assertThat(audited("createProject"))
        .hasSize(2)
        .allSatisfy(entry ->
            assertThat(entry).contains("\"resource_type\":\"project\"", "project_key", "is served"))
        .anySatisfy(entry -> assertThat(entry).contains(far));
    try (LiveServer server = start(FAR)) {
      assertThat(regionsOf(server)).containsExactly("cn-north-4", FAR);
      assertThat(server.projectIn(FAR)).isEqualTo(far);
      // A region that is served no more keeps its project and its keys.
      String third = server.projectIn("ap-southeast-3");
      assertThat(kms(server, third, "list-keys", "{}").at("/total").asInt()).isZero();
    }
    assertThat(audited("createProject")).hasSize(2);
  }

  private static List<String> regionsOf(LiveServer server) {
    String home = server.known("project_id");
    String body = server.in(home, "GET", "/v2/" + home + "/kms/regions", "").body();
    List<String> regions = new ArrayList<>();
    JSON.readTree(body).at("/regions").forEach(region -> regions.add(region.asString()));
    return regions;
  }

  @Test
  void ciphertextOutlivesItsKeyInTheOtherRegionAndARestart() throws Exception {
    String far;
    String replica;
    String cipherText;
    try (LiveServer server = start(FAR)) {
      far = server.projectIn(FAR);
      String home = server.known("project_id");
      String key = server.kms("create-key", "{'key_alias':'orders'}", "/key_info/key_id");
      cipherText =
          server.kms(
              "encrypt-data", "{'key_id':'" + key + "','plain_text':'hello'}", "/cipher_text");
      HttpResponse<String> made = replicate(server, key, far);
      assertThat(made.statusCode()).isEqualTo(200);
      replica = JSON.readTree(made.body()).at("/key_id").asString();
      // Terraform says only where to; and the path may have an alias.
      server.kms("aliases", "{'key_id':'" + key + "','alias':'alias/orders'}", "/alias_urn");
      HttpResponse<String> swapped =
          server.in(
              home,
              "PUT",
              "/v2/" + home + "/kms/keys/alias%2Forders/update-primary-region",
              "{'primary_region':'" + FAR + "'}");
      assertThat(swapped.body()).contains(key).contains(FAR);
      server.kms("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}", "/key_id");
    }
    try (LiveServer server = start(FAR)) {
      JsonNode opened = kms(server, far, "decrypt-data", "{'cipher_text':'" + cipherText + "'}");
      assertThat(opened.at("/plain_text").asString()).isEqualTo("hello");
      assertThat(opened.at("/key_id").asString()).isEqualTo(replica);
      assertThat(
              server
                  .kms("decrypt-data", "{'cipher_text':'" + cipherText + "'}")
                  .at("/error/error_code")
                  .asString())
          .isEqualTo("KMS.0210");
    }
    assertThat(audited("membersLiveOn"))
        .singleElement()
        .satisfies(entry ->
            assertThat(entry)
                .contains("\"trace_rating\":\"warning\"", "primary " + replica + " in " + FAR));
  }

  @Test
  void aTokenOfOneProjectReplicatesIntoNoOther() throws Exception {
    try (LiveServer server = start(FAR)) {
      String key = server.kms("create-key", "{'key_alias':'orders'}", "/key_info/key_id");
      String home = server.known("project_id");
      String login =
          ("{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s',"
                  + "'password':'%s','domain':{'name':'%s'}}}},'scope':{'project':{'id':'%s'}}}}")
              .formatted(
                  server.known("user_name"),
                  server.known("password"),
                  server.known("domain_name"),
                  home);
      String token =
          server
              .send(
                  server
                      .to("/v3/auth/tokens")
                      .header("content-type", "application/json")
                      .POST(HttpRequest.BodyPublishers.ofString(login.replace('\'', '"'))))
              .headers()
              .firstValue("X-Subject-Token")
              .orElseThrow();
      String body =
          "{'replica_region':'%s','replica_project_id':'%s','key_alias':'r'}"
              .formatted(FAR, server.projectIn(FAR));
      HttpResponse<String> refused =
          server.send(
              server
                  .to("/v2/" + home + "/kms/keys/" + key + "/replicate")
                  .header("content-type", "application/json")
                  .header("x-auth-token", token)
                  .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("KMS.0307").contains("kms:cmk:create");
      assertThat(replicate(server, key, server.projectIn(FAR)).statusCode()).isEqualTo(200);
    }
  }
}
