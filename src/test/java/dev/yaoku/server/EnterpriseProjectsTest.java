package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Keys under enterprise projects: made there, moved there, found there (semantics.md 17). */
class EnterpriseProjectsTest {
  private static final String ONE = "11111111-2222-4333-8444-555555555501";
  private static final String TWO = "11111111-2222-4333-8444-555555555502";

  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant tenant;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    tenant = Tenant.first(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String about(String key) {
    return "{'key_id':'" + key + "'}";
  }

  private static Tenant.Reply migrate(Tenant who, String target, String body) {
    return who.send("POST", "/v1.0/enterprise-projects/" + target + "/resources-migrate", body);
  }

  private static String move(String key, String project) {
    return "{'resource_id':'%s','resource_type':'kms','project_id':'%s','region_id':'%s'}"
        .formatted(key, project, server.known("region"));
  }

  private static JsonNode found(Tenant who, String target, String members) {
    return who.send("POST", "/v1.0/enterprise-projects/" + target + "/resources/filter", members)
        .is(200)
        .at("/resources");
  }

  private static String here(int limit, int offset, String project) {
    return "{'limit':%d,'offset':%d,'projects':['%s'],'resource_types':['kms']}"
        .formatted(limit, offset, project);
  }

  private static String projectOf(String key) {
    return tenant.ok("describe-key", about(key)).text("/key_info/sys_enterprise_project_id");
  }

  @Test
  void aKeyIsMadeUnderAnEnterpriseProjectAndListsAreFilteredByIt() {
    String here = "11111111-2222-4333-8444-555555555503";
    String key = tenant.key("made-here", "'enterprise_project_id':'" + here + "'");
    tenant.key("made-elsewhere", "");
    assertThat(projectOf(key)).isEqualTo(here);
    JsonNode listed = tenant.ok("list-keys", "{'enterprise_project_id':'" + here + "'}").json();
    assertThat(listed.at("/total").intValue()).isEqualTo(1);
    assertThat(listed.at("/keys/0").stringValue()).isEqualTo(key);
    assertThat(tenant.ok("list-keys", "{'enterprise_project_id':'0'}").at("/keys").toString())
        .doesNotContain(key);
    assertThat(tenant.ok("list-keys", "{'enterprise_project_id':'all'}").at("/keys").toString())
        .contains(key);
    assertThat(tenant.kms("list-keys", "{'enterprise_project_id':'x'}").code())
        .isEqualTo("KMS.0308");
    assertThat(tenant.kms("create-key", "{'key_alias':'bad','enterprise_project_id':'x'}").code())
        .isEqualTo("KMS.0308");
  }

  @Test
  void aKeyMovesAndTheListsFollow() {
    String from = "11111111-2222-4333-8444-555555555505";
    String to = "11111111-2222-4333-8444-555555555506";
    String key = tenant.key("moves", "'enterprise_project_id':'" + from + "'");
    Tenant.Reply moved = migrate(tenant, to, move(key, tenant.project)).is(204);
    assertThat(moved.raw().body()).isEmpty();
    assertThat(projectOf(key)).isEqualTo(to);
    assertThat(found(tenant, from, here(1000, 0, tenant.project))).isEmpty();
    JsonNode there = found(tenant, to, here(1000, 0, tenant.project));
    assertThat(there).hasSize(1);
    assertThat(there.at("/0/resource_id").stringValue()).isEqualTo(key);
    assertThat(found(tenant, to, here(1000, 1, tenant.project))).isEmpty();
    assertThat(tenant.ok("list-keys", "{'enterprise_project_id':'" + to + "'}").at("/keys/0"))
        .isEqualTo(there.at("/0/resource_id"));
    // A second time nothing happens, and back is a move like any other.
    migrate(tenant, to, move(key, tenant.project)).is(204);
    migrate(tenant, "0", move(key, tenant.project)).is(204);
    assertThat(projectOf(key)).isEqualTo("0");
  }

  @Test
  void theFilterPagesThroughAllProjectsOfTheAccount() {
    String where = "11111111-2222-4333-8444-555555555504";
    Tenant elsewhere = tenant.elsewhere();
    String more = "'enterprise_project_id':'" + where + "'";
    for (int i = 0; i < 3; i++) {
      tenant.key("paged-" + i, more);
      elsewhere.key("paged-" + i, more);
    }
    assertThat(found(tenant, where, "{}")).hasSize(6);
    assertThat(found(tenant, where, "{'limit':'4','offset':'0'}")).hasSize(4);
    assertThat(found(tenant, where, "{'limit':4,'offset':4}")).hasSize(2);
    assertThat(found(tenant, where, "{'limit':4,'offset':6}")).isEmpty();
    assertThat(found(tenant, where, here(10, 0, elsewhere.project))).hasSize(3);
    assertThat(found(tenant, where, "{'resource_types':['ecs']}")).isEmpty();
    // The project in a body decides where the key is looked for.
    String key = elsewhere.key("far", more);
    assertThat(migrate(tenant, "0", move(key, tenant.project)).is(404).code())
        .isEqualTo("KMS.0207");
    migrate(tenant, "0", move(key, elsewhere.project)).is(204);
  }

  @Test
  void aPageGoesOnBehindKeysThatAreDenied() {
    String where = "11111111-2222-4333-8444-555555555508";
    Tenant elsewhere = tenant.elsewhere();
    String more = "'enterprise_project_id':'" + where + "'";
    String near = tenant.key("kept-near", more);
    String hidden = tenant.key("hidden", more); // the newer is the first
    String far = elsewhere.key("kept-far", more);
    Tenant person =
        new Staff(tenant)
            .holding(
                Staff.allow("'eps:resources:list'"),
                "{'Effect':'Deny','Action':['*'],'Resource':['kms:*:*:KeyId:" + hidden + "']}");

    List<String> seen = new ArrayList<>();
    for (int offset = 0; offset < 4; offset++) {
      String page =
          "{'limit':1,'offset':%d,'projects':['%s','%s']}"
              .formatted(offset, tenant.project, elsewhere.project);
      JsonNode found = found(person, where, page);
      assertThat(found.size()).isEqualTo(offset < 2 ? 1 : 0);
      found.forEach(one -> seen.add(one.at("/resource_id").stringValue()));
    }
    assertThat(seen).containsExactly(near, far);
  }

  @Test
  void aTokenForTheAccountMovesKeysAndOneForAProjectOnlyItsOwn() {
    String key = tenant.key("by-token", "");
    Tenant elsewhere = tenant.elsewhere();
    String far = elsewhere.key("far-by-token", "");
    String account = token("{'domain':{'id':'" + tenant.account + "'}}");
    assertThat(byToken(account, ONE, move(key, tenant.project))).isEqualTo(204);
    assertThat(byToken(account, ONE, move(far, elsewhere.project))).isEqualTo(204);
    String project = token("{'project':{'id':'" + tenant.project + "'}}");
    assertThat(byToken(project, TWO, move(key, tenant.project))).isEqualTo(204);
    assertThat(byToken(project, TWO, move(far, elsewhere.project))).isEqualTo(403);
    assertThat(projectOf(key)).isEqualTo(TWO);
  }

  private static String token(String scope) {
    String body =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s','password':'%s',"
                .formatted(server.known("user_name"), server.known("password"))
            + "'domain':{'name':'"
            + server.known("domain_name")
            + "'}}}},'scope':"
            + scope
            + "}}";
    HttpResponse<String> answer = server.logIn(body);
    return answer.headers().firstValue("X-Subject-Token").orElseThrow();
  }

  private static int byToken(String token, String target, String body) {
    return server
        .byToken(token, "POST", "/v1.0/enterprise-projects/" + target + "/resources-migrate", body)
        .statusCode();
  }

  @Test
  void theKeysOfServicesStayWhereTheyAre() {
    Tenant elsewhere = tenant.elsewhere();
    String key = elsewhere.defaultKey();
    assertThat(migrate(elsewhere, ONE, move(key, elsewhere.project)).is(400).code())
        .isEqualTo("KMS.0211");
    JsonNode listed = found(elsewhere, "0", here(10, 0, elsewhere.project));
    assertThat(listed.at("/0/resource_id").stringValue()).isEqualTo(key);
  }

  @Test
  void whatAwaitsDeletionMovesToo() {
    String key = tenant.key("doomed", "");
    tenant.ok("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}");
    migrate(tenant, ONE, move(key, tenant.project)).is(204);
    assertThat(projectOf(key)).isEqualTo(ONE);
  }

  @Test
  void nobodyMovesOrSeesTheKeysOfOthers() {
    Tenant other = Tenant.another(server);
    String key = tenant.key("not-theirs", "");
    assertThat(migrate(other, ONE, move(key, tenant.project)).is(403).code()).isEqualTo("KMS.0321");
    assertThat(migrate(other, ONE, move(key, other.project)).is(404).code()).isEqualTo("KMS.0207");
    String filter = "/v1.0/enterprise-projects/0/resources/filter";
    assertThat(other.send("POST", filter, here(10, 0, tenant.project)).is(403).code())
        .isEqualTo("KMS.0321");
    assertThat(found(other, "0", "{}")).isEmpty();
    assertThat(migrate(tenant.colleague(), ONE, move(key, tenant.project)).is(403).code())
        .isEqualTo("KMS.0307");
    assertThat(projectOf(key)).isEqualTo("0");
  }

  @Test
  void whyAKeyWasNotMovedOrListedIsExplained() {
    String key = tenant.key("stays", "");
    Tenant person =
        new Staff(tenant)
            .holding(
                Staff.allow("'kms:cmk:*'"),
                "{'Effect':'Deny','Action':['eps:resources:add']}",
                "{'Effect':'Deny','Action':['eps:resources:list']}");
    String filter = "/v1.0/enterprise-projects/0/resources/filter";

    JsonNode moved = explained(migrate(person, ONE, move(key, tenant.project)).is(403));
    JsonNode listed = explained(person.send("POST", filter, "{}").is(403));

    assertThat(moved.at("/statement/number").intValue()).isEqualTo(2);
    assertThat(moved.at("/resource").stringValue()).isEqualTo("KeyId:" + key);
    assertThat(listed.at("/statement/number").intValue()).isEqualTo(3);
  }

  private static JsonNode explained(Tenant.Reply refused) {
    String request = refused.raw().headers().firstValue("X-Request-Id").orElseThrow();
    return tenant.send("GET", "/yaoku/v1/refusals/" + request, "").is(200).json();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "no JSON|KMS.0202|{",
        "no resource_id|KMS.0204|{'resource_type':'kms','project_id':'$project'}",
        "bad resource_id|KMS.0205|"
            + "{'resource_id':'x','resource_type':'kms','project_id':'$project'}",
        "unknown key|KMS.0207|{'resource_id':'00000000-0000-4000-8000-000000000000',"
            + "'resource_type':'kms','project_id':'$project'}",
        "no resource_type|KMS.0204|{'resource_id':'$key','project_id':'$project'}",
        "another type|KMS.0212|"
            + "{'resource_id':'$key','resource_type':'ecs','project_id':'$project'}",
        "no project_id|KMS.0204|{'resource_id':'$key','resource_type':'kms'}",
        "unknown project|KMS.0321|{'resource_id':'$key','resource_type':'kms','project_id':'x'}",
        "another region|KMS.0308|{'resource_id':'$key','resource_type':'kms',"
            + "'project_id':'$project','region_id':'mars'}",
      })
  void badMigrations(String what, String code, String body) {
    String key = tenant.key("bad-" + what.hashCode(), "");
    String filled = body.replace("$key", key).replace("$project", tenant.project);
    assertThat(migrate(tenant, ONE, filled).code()).isEqualTo(code);
    assertThat(projectOf(key)).isEqualTo("0");
    assertThat(migrate(tenant, "x", move(key, tenant.project)).is(400).code())
        .isEqualTo("KMS.0308");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'limit':'x'}|KMS.1601",
        "{'limit':0}|KMS.1601",
        "{'offset':-1}|KMS.0417",
        "{'offset':'x'}|KMS.0417",
        "{'projects':'x'}|KMS.0308",
        "{'projects':[{}]}|KMS.0308",
        "{'projects':['']}|KMS.0204",
      })
  void badFilters(String body, String code) {
    assertThat(
            tenant
                .send("POST", "/v1.0/enterprise-projects/0/resources/filter", body)
                .is(400)
                .code())
        .isEqualTo(code);
  }
}
