package dev.yaoku.api.iam;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.PASSWORD;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.SECOND_PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Heads;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.RequestHead.Header;
import dev.yaoku.access.Target;
import dev.yaoku.access.TokenText;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Household;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class IamApiTest {
  private final List<Caller> proved = new ArrayList<>();
  private static final JsonMapper JSON = new JsonMapper();
  private static final String BASE = "http://127.0.0.1:7300";
  private static final String LOGIN =
      """
      {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"alice",\
      "password":"%s","domain":{"name":"home"}}}}%s}}\
      """;

  @TempDir private Path directory;
  private Household household;
  private List<Route> routes;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    routes =
        new IamApi(
                household.logins,
                household.accessKeyLogin(),
                household.tokens,
                household.accounts,
                household.services,
                household.temporaryKeys,
                household.admission)
            .routes();
  }

  @AfterEach
  void close() {
    household.close();
  }

  @Test
  void aPasswordGetsAProjectToken() {
    Answer answer = login(",\"scope\":{\"project\":{\"name\":\"cn-north-4\"}}");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.headers().get("X-Subject-Token")).matches("yk1_[A-Za-z0-9_-]{43}");
    JsonNode token = json(answer).get("token");
    assertThat(text(token, "issued_at")).isEqualTo("2026-01-02T03:04:05.701000Z");
    assertThat(text(token, "expires_at")).isEqualTo("2026-01-03T03:04:05.701000Z");
    assertThat(token.get("methods")).hasToString("[\"password\"]");
    assertThat(token.get("project"))
        .hasToString(
            """
            {"id":"%s","name":"cn-north-4","domain":{"id":"%s","name":"home"}}\
            """
                .formatted(PROJECT, ACCOUNT));
    assertThat(token.has("domain")).isFalse();
    assertThat(token.get("roles")).hasToString("[{\"id\":\"0\",\"name\":\"te_admin\"}]");
    assertThat(token.get("user"))
        .hasToString(
            """
            {"id":"%s","name":"alice","password_expires_at":"","domain":{"id":"%s","name":"home"}}\
            """
                .formatted(ALICE, ACCOUNT));
    assertThat(endpoint(token.get("catalog"), "kms")).isEqualTo(BASE + "/v1.0");
    assertThat(endpoint(token.get("catalog"), "kmsv1")).isEqualTo(BASE + "/v1.0/" + PROJECT);
    assertThat(endpoint(token.get("catalog"), "iam")).isEqualTo(BASE + "/v3");
    assertThat(endpoint(token.get("catalog"), "identity")).isEqualTo(BASE + "/v3");
  }

  @Test
  void withoutAScopeTheTokenIsOfTheDomain() {
    for (String scope : new String[] {"", ",\"scope\":{\"domain\":{\"name\":\"home\"}}"}) {
      JsonNode token = json(login(scope)).get("token");
      assertThat(token.get("domain")).hasToString("{\"id\":\"" + ACCOUNT + "\",\"name\":\"home\"}");
      assertThat(token.has("project")).isFalse();
    }
  }

  @Test
  void ofTwoScopesTheProjectWins() {
    Answer answer =
        login(
            ",\"scope\":{\"domain\":{\"name\":\"home\"},\"project\":{\"id\":\""
                + SECOND_PROJECT
                + "\"}}");
    JsonNode token = json(answer).get("token");
    assertThat(text(token.get("project"), "id")).isEqualTo(SECOND_PROJECT);
    assertThat(endpoint(token.get("catalog"), "kmsv1")).isEqualTo(BASE + "/v1.0/" + SECOND_PROJECT);
  }

  @Test
  void theCatalogCanBeLeftOut() {
    Answer answer =
        call("POST", "/v3/auth/tokens?nocatalog=true", null, LOGIN.formatted(PASSWORD, ""));
    assertThat(json(answer).get("token").has("catalog")).isFalse();
  }

  @Test
  void aUserMayBeNamedById() {
    String body =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"%s","password":"%s"}}}}}\
        """
            .formatted(BOB, PASSWORD);
    Answer answer = call("POST", "/v3/auth/tokens", null, body);
    assertThat(json(answer).get("token").get("roles")).hasToString("[]");
  }

  @Test
  void aPasswordMayBeEscaped() {
    String escaped = PASSWORD.replace("é", "\\u00e9").replace("c", "\\u0063");
    assertThat(call("POST", "/v3/auth/tokens", null, LOGIN.formatted(escaped, "")).status())
        .isEqualTo(201);
  }

  @Test
  void aTokenGetsATokenForAnotherScope() {
    String first = subject(login(""));
    String body =
        """
        {"auth":{"identity":{"methods":["token"],"token":{"id":"%s"}},\
        "scope":{"project":{"name":"cn-north-4","domain":{"name":"home"}}}}}\
        """
            .formatted(first);
    Answer answer = call("POST", "/v3/auth/tokens", null, body);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(json(answer).get("token").get("methods")).hasToString("[\"token\"]");
    String second = subject(answer);
    assertError(
        call("POST", "/v3/auth/tokens", null, body.replace(first, second)), 401, "Unauthorized");
  }

  @Test
  void aWrongPasswordIsAnIamError() {
    Answer answer = call("POST", "/v3/auth/tokens", null, LOGIN.formatted("wrong", ""));
    assertError(answer, 401, "Unauthorized");
    assertThat(json(answer).get("error").get("code").isNumber()).isTrue();
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).doesNotContain("wrong\"");
  }

  @Test
  void aScopeThatIsNotOursIsARefusalOfWhoeverProvedThePassword() throws SQLException {
    long before = events();
    assertError(login(",\"scope\":{\"project\":{\"name\":\"nowhere\"}}"), 403, "Forbidden");
    assertThat(proved.getFirst().principal().user()).isEqualTo(Household.ALICE);
    assertThat(proved.getFirst().audit().recorded()).as("the listener records it").isFalse();
    login("");
    assertThat(events()).isEqualTo(before + 1);
    assertThat(proved.getLast().audit().recorded()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"x\"",
        "{}",
        "{\"auth\":null}",
        "{\"auth\":{}}",
        "{\"auth\":{\"identity\":{}}}",
        "{\"auth\":{\"identity\":{\"methods\":[]}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"totp\"]}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"password\",\"totp\"]}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"password\"]}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"token\"]}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"a\"}}}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"a\",\"password\":\"p\"}}}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"a\",\"password\":1}}}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"password\"],\"password\":{\"user\":{\"name\":\"a\",\"password\":\"\\ud800\",\"domain\":{\"name\":\"d\"}}}}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"hw_ak_sk\"]}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"hw_ak_sk\"],\"hw_ak_sk\":{}}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"hw_ak_sk\"],\"hw_ak_sk\":{\"access\":{\"key\":\"a\"}}}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"hw_ak_sk\"],\"hw_ak_sk\":{\"access\":{},\"secret\":{\"key\":\"s\"}}}}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"hw_ak_sk\"],\"hw_ak_sk\":{\"access\":{\"key\":\"a\"},\"secret\":{\"key\":7}}}}}",
        "{\"auth\":{},\"auth\":{}}",
        "{\"auth\":{\"identity\":{\"methods\":[\"token\"],\"token\":{\"id\":\"x\"}}},}",
        "{\"auth\":{\"x\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}}",
        "{\"auth\":{\"scope\":1}}"
      })
  void aLogInThatMeansNothingIsABadRequest(String body) {
    assertError(call("POST", "/v3/auth/tokens", null, body), 400, "Bad Request");
  }

  @Test
  void passwordsAndTokensDoNotTravelInTheClear() {
    RequestHead plain = head("POST", "/v3/auth/tokens", List.of(new Header("host", "h")), false);
    assertError(call(plain, null, LOGIN.formatted(PASSWORD, "")), 403, "Forbidden");
    RequestHead show =
        head(
            "GET",
            "/v3/auth/tokens",
            List.of(new Header("host", "h"), new Header("x-subject-token", "t")),
            false);
    assertError(call(show, household.caller(ALICE), ""), 403, "Forbidden");
  }

  @Test
  void aTokenCanBeShownAndRevoked() {
    String token = subject(login(",\"scope\":{\"project\":{\"name\":\"cn-north-4\"}}"));
    Answer shown = withSubject("GET", token);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.headers()).containsEntry("X-Subject-Token", token);
    assertThat(text(json(shown).get("token").get("project"), "id")).isEqualTo(PROJECT);

    Answer revoked = withSubject("DELETE", token);
    assertThat(revoked.status()).isEqualTo(204);
    Answer again = withSubject("GET", token);
    assertThat(new String(again.body(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"error\":{\"code\":404,\"message\":\"X-Subject-Token is invalid in the request\","
                + "\"title\":\"Not Found\"}}");
    assertError(withSubject("DELETE", TokenText.of(new byte[32])), 404, "Not Found");
    assertError(call("GET", "/v3/auth/tokens", household.caller(ALICE), ""), 400, "Bad Request");
  }

  @Test
  void exactlyOneProjectIsNamedLikeTheRegion() {
    JsonNode found = get("/v3/projects?name=cn-north-4");
    assertThat(found)
        .hasToString(
            """
            {"projects":[{"id":"%1$s","name":"cn-north-4","domain_id":"%2$s","parent_id":"%2$s",\
            "enabled":true,"status":"normal","is_domain":false,"description":"",\
            "links":{"self":"%3$s/v3/projects/%1$s","next":null,"previous":null}}],\
            "links":{"self":"%3$s/v3/projects","next":null,"previous":null}}\
            """
                .formatted(PROJECT, ACCOUNT, BASE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "?domain_id=" + ACCOUNT,
        "?parent_id=" + ACCOUNT + "&enabled=true&is_domain=false",
        "?page=1&per_page=2",
        "?name=&domain_id="
      })
  void allProjectsOfTheAccountAreListed(String query) {
    assertThat(ids(get("/v3/projects" + query))).containsExactly(PROJECT, SECOND_PROJECT);
  }

  @Test
  void filtersNarrowTheListOfProjects() {
    assertThat(ids(get("/v3/projects?name=nowhere"))).isEmpty();
    assertThat(ids(get("/v3/projects?domain_id=x"))).isEmpty();
    assertThat(ids(get("/v3/projects?enabled=false"))).isEmpty();
    assertThat(ids(get("/v3/projects?is_domain=true"))).isEmpty();
    assertThat(ids(get("/v3/projects?page=2&per_page=1"))).containsExactly(SECOND_PROJECT);
    assertThat(ids(get("/v3/projects?page=3&per_page=1"))).isEmpty();
    assertThat(ids(get("/v3/auth/projects"))).hasSize(2);
    for (String bad : List.of("enabled=maybe", "page=0", "per_page=-1", "page=99999999999")) {
      Answer answer = call("GET", "/v3/projects?" + bad, household.caller(ALICE), "");
      assertError(answer, 400, "Bad Request");
    }
  }

  @Test
  void theDomainRegionAndVersionAreTold() {
    JsonNode domain = get("/v3/auth/domains").get("domains").get(0);
    assertThat(text(domain, "id")).isEqualTo(ACCOUNT);
    assertThat(text(domain, "name")).isEqualTo("home");
    assertThat(domain.get("enabled").isBoolean()).isTrue();
    JsonNode regions = get("/v3/regions").get("regions");
    assertThat(regions.size()).isEqualTo(1);
    assertThat(text(regions.get(0), "id")).isEqualTo("cn-north-4");
    assertThat(regions.get(0).get("parent_region_id").isNull()).isTrue();
    JsonNode version = get("/v3").get("version");
    assertThat(text(version, "id")).isEqualTo("v3.6");
    assertThat(text(version.get("links").get(0), "href")).isEqualTo(BASE + "/v3/");
  }

  @Test
  void theCatalogHasOneEntryForARegion() {
    JsonNode catalog = get("/v3/auth/catalog").get("catalog");
    assertThat(endpoint(catalog, "kms")).isEqualTo(BASE + "/v1.0");
    assertThat(endpoint(catalog, "kmsv1")).isEqualTo(BASE + "/v1.0/" + PROJECT);
    RequestHead hinted =
        head(
            "GET",
            "/v3/auth/catalog",
            List.of(
                new Header("host", "127.0.0.1:7300"), new Header("x-project-id", SECOND_PROJECT)),
            true);
    assertThat(endpoint(json(call(hinted, household.caller(ALICE), "")).get("catalog"), "kmsv1"))
        .isEqualTo(BASE + "/v1.0/" + SECOND_PROJECT);
  }

  /** Clients of OpenStack compare the name of the region and know no "*". */
  @Test
  void theIdentityServiceIsInEachRegionOfTheAccount() {
    JsonNode identity = entry(get("/v3/auth/catalog").get("catalog"), "identity");
    assertThat(text(identity, "name")).isEqualTo("keystone");
    assertThat(identity.get("endpoints").size()).isEqualTo(1);
    JsonNode endpoint = identity.get("endpoints").get(0);
    assertThat(text(endpoint, "region")).isEqualTo("cn-north-4");
    assertThat(text(endpoint, "region_id")).isEqualTo("cn-north-4");
  }

  @Test
  void theIdentityServiceIsThereWhereAllProjectsAreSuspended() {
    for (String project : List.of(PROJECT, SECOND_PROJECT)) {
      household.services.projects().close(household.caller(ALICE), project);
    }
    JsonNode catalog = get("/v3/auth/catalog").get("catalog");
    assertThat(endpoint(catalog, "identity")).isEqualTo(BASE + "/v3");
    assertThat(entry(catalog, "kms").get("endpoints").size()).isZero();
  }

  @Test
  void theCatalogSpeaksAsTheClientDid() {
    RequestHead head =
        new RequestHead(
            "GET",
            Target.parse("/v3/auth/catalog"),
            List.of(new Header("host", "kms.example.com")),
            "192.0.2.1",
            true,
            null,
            "https");

    JsonNode catalog = json(call(head, household.caller(ALICE), "")).get("catalog");
    assertThat(endpoint(catalog, "kms")).isEqualTo("https://kms.example.com/v1.0");
  }

  @Test
  void aHostHeaderThatIsNoHostIsNotRepeated() {
    for (String host : List.of("", "a b", "h/\"x", "x".repeat(300))) {
      RequestHead head = head("GET", "/v3", List.of(new Header("host", host)), true);
      assertError(call(head, null, ""), 400, "Bad Request");
    }
  }

  @Test
  void aUserWithoutRightsStillFindsItsWay() {
    Caller bob = household.caller(BOB);
    assertThat(ids(json(call("GET", "/v3/projects", bob, "")))).hasSize(2);
    assertThat(call("GET", "/v3/auth/catalog", bob, "").status()).isEqualTo(200);
  }

  private Answer login(String scope) {
    return call("POST", "/v3/auth/tokens", null, LOGIN.formatted(PASSWORD, scope));
  }

  private Answer withSubject(String method, String token) {
    RequestHead head =
        head(
            method,
            "/v3/auth/tokens",
            List.of(new Header("host", "127.0.0.1:7300"), new Header("x-subject-token", token)),
            true);
    return call(head, household.caller(ALICE), "");
  }

  private JsonNode get(String target) {
    Answer answer = call("GET", target, household.caller(ALICE), "");
    assertThat(answer.status()).isEqualTo(200);
    return json(answer);
  }

  private Answer call(String method, String target, @Nullable Caller caller, String body) {
    List<Header> headers = List.of(new Header("host", "127.0.0.1:7300"));
    return call(head(method, target, headers, true), caller, body);
  }

  /** What the edge does, in short: route, handle, translate. */
  private Answer call(RequestHead head, @Nullable Caller caller, String body) {
    Route route =
        routes.stream()
            .filter(r -> r.method().equals(head.method()))
            .filter(r -> r.segments().equals(head.target().segments()))
            .findFirst()
            .orElseThrow();
    Caller known =
        caller == null || caller.principal().user().isEmpty() ? null : fresh(caller.principal());
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    try {
      return route.handler().handle(exchange(head, bytes, known));
    } catch (KmsException e) {
      return route.dialect().refusal(e.problem(), "0".repeat(32));
    }
  }

  /** An exchange of which we hear whom its handler found out to call. */
  private Exchange exchange(RequestHead head, byte[] body, @Nullable Caller known) {
    Exchange.Prover prover =
        new Exchange.Prover() {
          @Override
          public Caller prove() {
            if (known == null) {
              throw new KmsException(new Problem.NoCredentials());
            }
            return known;
          }

          @Override
          public void proved(Caller caller) {
            proved.add(caller);
          }
        };
    return new Exchange(head, Map.of(), body, known, "0".repeat(32), 32, prover);
  }

  private Caller fresh(Principal who) {
    return household.admission.callerOf(who, Optional.empty(), "", "0".repeat(32), "192.0.2.1");
  }

  private static RequestHead head(
      String method, String target, List<Header> headers, boolean secure) {
    return Heads.plain(method, Target.parse(target), headers, "192.0.2.1", secure);
  }

  private long events() throws SQLException {
    try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + household.file);
        ResultSet rows = sql.createStatement().executeQuery("select count(*) from audit")) {
      return rows.next() ? rows.getLong(1) : -1;
    }
  }

  private static String subject(Answer answer) {
    assertThat(answer.status()).isEqualTo(201);
    return java.util.Objects.requireNonNull(answer.headers().get("X-Subject-Token"));
  }

  private static void assertError(Answer answer, int status, String title) {
    assertThat(answer.status()).isEqualTo(status);
    JsonNode error = json(answer).get("error");
    assertThat(error.get("code").intValue()).isEqualTo(status);
    assertThat(text(error, "title")).isEqualTo(title);
    assertThat(text(error, "message")).isNotEmpty();
    assertThat(answer.code()).isNotEmpty();
  }

  private static JsonNode json(Answer answer) {
    return JSON.readTree(answer.body());
  }

  private static String text(JsonNode node, String name) {
    return node.get(name).stringValue();
  }

  private static List<String> ids(JsonNode answer) {
    List<String> ids = new ArrayList<>();
    answer.get("projects").forEach(p -> ids.add(text(p, "id")));
    return ids;
  }

  private static JsonNode entry(JsonNode catalog, String type) {
    for (JsonNode entry : catalog) {
      if (text(entry, "type").equals(type)) {
        return entry;
      }
    }
    throw new AssertionError("no " + type + " in " + catalog);
  }

  /** As clients look: one entry of the type, one public endpoint in the region. */
  private static String endpoint(JsonNode catalog, String type) {
    List<String> urls = new ArrayList<>();
    for (JsonNode entry : catalog) {
      for (JsonNode endpoint : entry.get("endpoints")) {
        boolean ours = text(entry, "type").equals(type);
        if (ours && text(endpoint, "interface").equals("public")) {
          urls.add(text(endpoint, "url"));
        }
      }
    }
    assertThat(urls).hasSize(1);
    return urls.getFirst();
  }
}
