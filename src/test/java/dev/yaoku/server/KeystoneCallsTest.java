package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What clients of OpenStack's identity service look up, over HTTP. */
class KeystoneCallsTest {
  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Tenant colleague;
  private static Tenant stranger;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    owner = Tenant.first(server);
    colleague = owner.colleague();
    stranger = Tenant.another(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Reply get(Tenant who, String target) {
    return who.send("GET", target, "");
  }

  private static JsonNode seen(Tenant who, String target) {
    return get(who, target).is(200).json();
  }

  // Domains

  @ParameterizedTest
  @ValueSource(strings = {"", "?enabled=true", "?name="})
  void everybodySeesTheOwnDomainAndNoOther(String query) {
    for (Tenant who : new Tenant[] {owner, colleague, stranger}) {
      JsonNode domains = seen(who, "/v3/domains" + query).at("/domains");
      assertThat(domains.size()).isEqualTo(1);
      assertThat(domains.at("/0/id").stringValue()).isEqualTo(who.account);
    }
  }

  @Test
  void aDomainIsFoundByItsName() {
    String name = server.known("domain_name");
    JsonNode own = seen(colleague, "/v3/domains?name=" + name).at("/domains/0");
    assertThat(own.at("/name").stringValue()).isEqualTo(name);
    assertThat(own.at("/enabled").booleanValue()).isTrue();
    assertThat(own.at("/links/self").stringValue()).endsWith("/v3/domains/" + owner.account);
    assertThat(seen(stranger, "/v3/domains?name=" + name).at("/domains").size()).isZero();
    assertThat(seen(owner, "/v3/domains?enabled=false").at("/domains").size()).isZero();
    get(owner, "/v3/domains?enabled=maybe").is(400);
  }

  @Test
  void aDomainOfOthersIsAnsweredLikeOneThatIsNotThere() {
    assertThat(seen(colleague, "/v3/domains/" + owner.account).at("/domain/id").stringValue())
        .isEqualTo(owner.account);
    String foreign = get(owner, "/v3/domains/" + stranger.account).is(404).raw().body();
    assertThat(get(owner, "/v3/domains/nowhere").is(404).raw().body()).isEqualTo(foreign);
  }

  // Services, endpoints and regions

  @Test
  void aServiceIsFoundByItsType() {
    JsonNode services = seen(colleague, "/v3/services?type=identity").at("/services");
    assertThat(services.size()).isEqualTo(1);
    JsonNode keystone = services.at("/0");
    assertThat(keystone.at("/name").stringValue()).isEqualTo("keystone");
    assertThat(keystone.at("/enabled").booleanValue()).isTrue();
    String id = keystone.at("/id").stringValue();
    assertThat(keystone.at("/links/self").stringValue()).endsWith("/v3/services/" + id);
    assertThat(seen(colleague, "/v3/services/" + id).at("/service")).isEqualTo(keystone);
    assertThat(seen(owner, "/v3/services?name=kms").at("/services").size()).isEqualTo(1);
    assertThat(seen(owner, "/v3/services?type=dns").at("/services").size()).isZero();
    get(owner, "/v3/services/nowhere").is(404);
  }

  @Test
  void theEndpointsOfAServiceAreThoseOfTheCatalog() {
    JsonNode service = seen(owner, "/v3/services?type=kms").at("/services/0");
    String id = service.at("/id").stringValue();
    JsonNode endpoints =
        seen(owner, "/v3/endpoints?interface=public&service_id=" + id).at("/endpoints");
    assertThat(endpoints.size()).isEqualTo(1);
    JsonNode endpoint = endpoints.at("/0");
    assertThat(endpoint.at("/service_id").stringValue()).isEqualTo(id);
    assertThat(endpoint.at("/region").stringValue()).isEqualTo(server.known("region"));
    assertThat(endpoint.at("/region_id").stringValue()).isEqualTo(server.known("region"));
    assertThat(endpoint.at("/url").stringValue()).endsWith("/v1.0");
    assertThat(endpoint.at("/enabled").booleanValue()).isTrue();
    String self = "/v3/endpoints/" + endpoint.at("/id").stringValue();
    assertThat(seen(owner, self).at("/endpoint")).isEqualTo(endpoint);
    assertThat(seen(owner, "/v3/endpoints?interface=admin").at("/endpoints").size()).isZero();
    get(owner, "/v3/endpoints/nowhere").is(404);
  }

  @Test
  void aRegionIsShown() {
    String region = server.known("region");
    assertThat(seen(colleague, "/v3/regions/" + region).at("/region/id").stringValue())
        .isEqualTo(region);
    get(colleague, "/v3/regions/nowhere").is(404);
  }

  // Projects

  @Test
  void everybodySeesTheProjectsThatTheOwnTokensCanBeFor() {
    for (Tenant who : new Tenant[] {owner, colleague, stranger}) {
      JsonNode projects = seen(who, "/v3/users/" + who.user + "/projects").at("/projects");
      assertThat(projects.at("/0/id").stringValue()).isEqualTo(who.project);
      assertThat(projects.at("/0/domain_id").stringValue()).isEqualTo(who.account);
    }
  }

  @Test
  void theProjectsOfOthersAreForThoseWhoMaySeeThem() {
    assertThat(seen(owner, "/v3/users/" + colleague.user + "/projects").at("/projects").size())
        .isPositive();
    get(colleague, "/v3/users/" + owner.user + "/projects").is(403);
    get(colleague, "/v3/users/nobody/projects").is(403);
    get(owner, "/v3/users/" + stranger.user + "/projects").is(404);
    get(owner, "/v3/users/nobody/projects").is(404);
  }

  @Test
  void aSuspendedProjectIsForNoToken() {
    String body =
        "{'project':{'name':'" + server.known("region") + "_asleep','description':'at night'}}";
    String id = owner.send("POST", "/v3/projects", body).is(201).text("/project/id");
    String mine = "/v3/users/" + owner.user + "/projects";
    assertThat(get(owner, mine).is(200).raw().body()).contains(id);
    owner.send("PUT", "/v3-ext/projects/" + id, "{'project':{'status':'suspended'}}").is(204);
    assertThat(get(owner, mine).is(200).raw().body()).doesNotContain(id);
    JsonNode asleep = seen(owner, "/v3/projects?enabled=false").at("/projects/0");
    assertThat(asleep.at("/id").stringValue()).isEqualTo(id);
    assertThat(asleep.at("/status").stringValue()).isEqualTo("suspended");
    assertThat(asleep.at("/description").stringValue()).isEqualTo("at night");
    JsonNode others = seen(colleague, "/v3/projects?enabled=false").at("/projects/0");
    assertThat(others.at("/id").stringValue()).isEqualTo(id);
    assertThat(others.at("/description").stringValue()).isEmpty();
  }

  // Who holds what

  private static void give(String holding) {
    owner.send("PUT", holding, "").is(204);
  }

  private static JsonNode held(String query) {
    return seen(owner, "/v3/role_assignments?" + query).at("/role_assignments");
  }

  @Test
  void allThatIsHeldIsInOneList() {
    String group = owner.send("POST", "/v3/groups", "{'group':{'name':'staff'}}").text("/group/id");
    String user = "/users/" + colleague.user + "/roles/";
    String inherited =
        "/v3/OS-INHERIT/domains/%s/groups/%s/roles/system_all_39/inherited_to_projects"
            .formatted(owner.account, group);
    String onProject = "/v3/projects/" + owner.project + user + "kms_adm";
    String onDomain = "/v3/domains/" + owner.account + user + "te_agency";
    give(inherited);
    give(onProject);
    give(onDomain);

    JsonNode ofGroup = held("group.id=" + group);
    assertThat(ofGroup.size()).isEqualTo(1);
    assertThat(ofGroup.at("/0/group/id").stringValue()).isEqualTo(group);
    assertThat(ofGroup.at("/0").has("user")).isFalse();
    assertThat(ofGroup.at("/0/role/id").stringValue()).isEqualTo("system_all_39");
    assertThat(ofGroup.at("/0/scope"))
        .hasToString(
            "{\"domain\":{\"id\":\"%s\"},\"OS-INHERIT:inherited_to\":\"projects\"}"
                .formatted(owner.account));
    assertThat(ofGroup.at("/0/links/assignment").stringValue()).endsWith(inherited);

    assertThat(held("user.id=" + colleague.user).size()).isEqualTo(2);
    JsonNode inProject = held("scope.project.id=" + owner.project + "&user.id=" + colleague.user);
    assertThat(inProject.size()).isEqualTo(1);
    assertThat(inProject.at("/0/links/assignment").stringValue()).endsWith(onProject);
    JsonNode ofAccount = held("role.id=te_agency&scope.domain.id=" + owner.account);
    assertThat(ofAccount.at("/0/links/assignment").stringValue()).endsWith(onDomain);
    assertThat(held("scope.OS-INHERIT%3Ainherited_to=projects").size()).isEqualTo(1);
    assertThat(held("scope.system=all").size()).isZero();
  }

  @Test
  void whatIsHeldIsForThoseWhoMaySeeItAndOfTheOwnAccountOnly() {
    get(owner.colleague(), "/v3/role_assignments").is(403);
    assertThat(seen(stranger, "/v3/role_assignments").at("/role_assignments").size()).isZero();
    assertThat(held("user.id=" + stranger.user).size()).isZero();
  }

  @Test
  void ofEachHolderOnlyWhoMaySeeWhatItHoldsIsTold() {
    Tenant limited = owner.colleague();
    String members = "/users/" + limited.user + "/roles/";
    String policy =
        owner
            .send(
                "POST",
                "/v3.0/OS-ROLE/roles",
                "{'role':{'display_name':'sees-itself','type':'AX','description':'',"
                    + "'policy':{'Version':'5.0','Statement':[{'Effect':'Allow','Action':"
                    + "['iam:permissions:*','iam:roles:*'],'Resource':['iam:*:*:user:*']},"
                    + "{'Effect':'Deny','Action':['iam:permissions:*','iam:roles:*'],'Resource':"
                    + "['iam:*:*:user:"
                    + name(colleague)
                    + "']}]}}}")
            .is(201)
            .text("/role/id");
    give("/v3/domains/" + owner.account + members + policy);
    give("/v3/domains/" + owner.account + "/users/" + colleague.user + "/roles/te_agency");

    JsonNode told = seen(limited, "/v3/role_assignments").at("/role_assignments");

    assertThat(told.size()).isPositive();
    assertThat(told).allSatisfy(one -> assertThat(one.at("/user/id").stringValue()).isNotEmpty());
    assertThat(told.toString()).contains(limited.user).doesNotContain(colleague.user);
    get(limited, "/v3/domains/" + owner.account + "/users/" + colleague.user + "/roles").is(403);
  }

  private static String name(Tenant who) {
    return seen(owner, "/v3/users/" + who.user).at("/user/name").stringValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"effective=True", "effective=", "include_names=1", "include_subtree=true"})
  void whatIsNotWorkedOutIsRefusedAndNotPassedOver(String query) {
    assertThat(get(owner, "/v3/role_assignments?" + query).is(400).text("/error/message"))
        .contains("Ask without it");
    get(owner, "/v3/role_assignments?" + query.split("=", 2)[0] + "=false").is(200);
  }

  // Tokens

  private static HttpResponse<String> login() {
    String body =
        ("{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s',"
                + "'password':'%s','domain':{'name':'%s'}}}}}}")
            .formatted(
                server.known("user_name"), server.known("password"), server.known("domain_name"));
    return server.send(
        server
            .to("/v3/auth/tokens")
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
  }

  private static HttpResponse<String> about(String method, String token, String subject) {
    return server.send(
        server
            .to("/v3/auth/tokens")
            .header("x-auth-token", token)
            .header("x-subject-token", subject)
            .method(method, BodyPublishers.noBody()));
  }

  @Test
  void aRefusedLogInIsTheRefusalOfWhoeverProvedIt() {
    String token = login().headers().firstValue("x-subject-token").orElseThrow();
    HttpResponse<String> refused =
        server.logIn(
            "{'auth':{'identity':{'methods':['token'],'token':{'id':'%s'}},".formatted(token)
                + "'scope':{'project':{'id':'00000000000000000000000000000000'}}}}");
    assertThat(refused.statusCode()).isEqualTo(403);
    String id = refused.headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(get(owner, "/yaoku/v1/refusals/" + id).is(200).text("/action"))
        .isEqualTo("iam:tokens:create");
  }

  @Test
  void aTokenIsValidatedWithoutABody() {
    String token = login().headers().firstValue("x-subject-token").orElseThrow();
    HttpResponse<String> valid = about("HEAD", token, token);
    assertThat(valid.statusCode()).isEqualTo(200);
    assertThat(valid.body()).isEmpty();
    assertThat(valid.headers().firstValue("x-subject-token")).contains(token);
    HttpResponse<String> unknown = about("HEAD", token, "yk1_" + "A".repeat(43));
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).isEmpty();
    assertThat(about("GET", token, token).body()).contains("\"catalog\"");
  }

  @Test
  void theIdentityVersionSaysWhatItSpeaks() {
    JsonNode version = seen(owner, "/v3").at("/version");
    assertThat(version.at("/media-types/0/base").stringValue()).isEqualTo("application/json");
    assertThat(version.at("/media-types/0/type").stringValue())
        .isEqualTo("application/vnd.openstack.identity-v3+json");
  }
}
