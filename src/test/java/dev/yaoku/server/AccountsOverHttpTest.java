package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Accounts of one installation: made and disabled by those who run it, and by nobody else. */
class AccountsOverHttpTest {
  private static final String ACCOUNTS = "/v3/OS-YAOKU/accounts";
  private static final String KEYS = "/v3.0/OS-CREDENTIAL/securitytokens";
  private static final String FAR_REGION = "cn-south-1";
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant operator;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of("regions.others", FAR_REGION));
    operator = Tenant.first(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  // Tools

  private static Reply create(Tenant who, String name) {
    return who.send("POST", ACCOUNTS, "{'account':{'name':'" + name + "'}}");
  }

  private static Reply made() {
    return create(operator, "acme-" + NAMES.incrementAndGet()).is(201);
  }

  private static Reply enable(Tenant who, String account, boolean enabled) {
    return who.send("PATCH", ACCOUNTS + "/" + account, "{'account':{'enabled':" + enabled + "}}");
  }

  private static HttpResponse<String> logIn(Reply made) {
    String body =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"admin",
          "password":"%s","domain":{"name":"%s"}}}},"scope":{"project":{"name":"%s"}}}}
        """
            .formatted(
                made.text("/administrator/password"),
                made.text("/account/name"),
                made.text("/project/name"));
    return server.logIn(body);
  }

  private static int withToken(HttpResponse<String> login, Tenant who) {
    String token = login.headers().firstValue("X-Subject-Token").orElseThrow();
    return server
        .byToken(token, "POST", "/v1.0/" + who.project + "/kms/list-keys", "{}")
        .statusCode();
  }

  private static List<String> names() {
    return operator
        .send("GET", ACCOUNTS, "")
        .is(200)
        .at("/accounts")
        .valueStream()
        .map(account -> account.at("/name").asString())
        .toList();
  }

  // Making

  @Test
  void aNewAccountHasAnAdministratorWhoWorksAtOnceAndAProjectInEveryRegion() {
    Reply made = made();
    Tenant tenant = Tenant.of(server, made);

    assertThat(
            tenant
                .send("GET", "/v3/projects", "")
                .is(200)
                .at("/projects")
                .findValuesAsString("name"))
        .containsExactlyInAnyOrder(server.known("region"), FAR_REGION);
    assertThat(tenant.key("orders", "")).hasSize(36);
    assertThat(logIn(made).statusCode()).isEqualTo(201);
    assertThat(names()).contains(made.text("/account/name")).isSorted();
  }

  @Test
  void whatIsInAnAccountItsOperatorsDoNotSee() {
    Tenant tenant = Tenant.of(server, made());
    String key = tenant.key("orders", "");

    assertThat(operator.kms("describe-key", "{'key_id':'" + key + "'}").is(404).code())
        .isEqualTo(
            operator
                .kms("describe-key", "{'key_id':'00000000-0000-4000-8000-000000000000'}")
                .code());
    operator.send("GET", "/v3/users/" + tenant.user, "").is(404);
    assertThat(operator.in(tenant.project).kms("list-keys", "{}").status()).isEqualTo(403);
  }

  @Test
  void aKeyCanBeGrantedToAUserOfAnotherAccount() {
    Tenant acme = Tenant.of(server, made());
    Tenant partner = Tenant.of(server, made());
    String key = acme.key("shared", "");
    String encrypt = "{'key_id':'%s','plain_text':'x'}".formatted(key);
    partner.kms("encrypt-data", encrypt).is(404);

    acme.ok(
        "create-grant",
        "{'key_id':'%s','grantee_principal':'%s','operations':['encrypt-data']}"
            .formatted(key, partner.user));

    partner.kms("encrypt-data", encrypt).is(200);
  }

  @Test
  void namesAreNewAndAreNames() {
    String taken = made().text("/account/name");

    assertThat(create(operator, taken).is(409).at("/error/message").asString())
        .isEqualTo("There is an account of this name.");
    for (String wrong :
        List.of(
            " acme",
            "acme ",
            "a\\u0000b",
            "a/b",
            "a".repeat(65),
            "a".repeat(32).replace('a', '0'))) {
      create(operator, wrong).is(400);
    }
    create(operator, "").is(400);
    operator.send("POST", ACCOUNTS, "{}").is(400);
  }

  @Test
  void onlyThoseWhoRunTheInstallationMay() {
    Tenant tenant = Tenant.of(server, made());
    long before = server.changes();

    for (Tenant other : List.of(tenant, operator.colleague())) {
      before = server.changes();
      other.send("GET", ACCOUNTS, "").is(403);
      create(other, "mine").is(403);
      enable(other, tenant.account, false).is(403);
      enable(other, "f".repeat(32), false).is(403);
      assertThat(server.changes()).isEqualTo(before);
    }
    assertThat(names()).doesNotContain("mine");
  }

  /** Whoever asks why must not be told that policies allow it. */
  @Test
  void thatOnlyTheFirstAccountRunsTheInstallationIsSaidToWhoeverAsks() {
    Tenant tenant = Tenant.of(server, made());
    for (String action : List.of("CreateAccount", "yaoku:account:list", "yaoku:clock:show")) {
      String question = "{'user':'admin','action':'" + action + "'}";
      Reply may = tenant.kms("yaoku-check-access", question).is(200);
      assertThat(may.json().at("/allowed").asBoolean()).as(action).isFalse();
      assertThat(may.text("/verdicts/0/reason")).contains("the installation's first one");
      Reply operators = operator.kms("yaoku-check-access", question).is(200);
      assertThat(operators.json().at("/allowed").asBoolean()).as(action).isTrue();
    }
    Reply refused = tenant.send("GET", ACCOUNTS, "").is(403);
    String id = refused.raw().headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(tenant.send("GET", "/yaoku/v1/refusals/" + id, "").is(200).text("/reason"))
        .contains("the installation's first one");
  }

  // Disabling

  @Test
  void aDisabledAccountsPeopleAreOutAtOnceAndItsSessionsAreOver() {
    Reply made = made();
    Tenant tenant = Tenant.of(server, made);
    HttpResponse<String> login = logIn(made);
    assertThat(withToken(login, tenant)).isEqualTo(200);
    tenant.kms("list-keys", "{}").is(200);

    assertThat(
            enable(operator, tenant.account, false).is(200).at("/account/enabled").booleanValue())
        .isFalse();

    assertThat(tenant.kms("list-keys", "{}").status()).isEqualTo(401);
    assertThat(withToken(login, tenant)).isEqualTo(401);
    assertThat(logIn(made).statusCode()).isEqualTo(401);

    enable(operator, tenant.account, true).is(200);

    tenant.kms("list-keys", "{}").is(200);
    assertThat(withToken(login, tenant)).isEqualTo(401);
    assertThat(withToken(logIn(made), tenant)).isEqualTo(200);
  }

  @Test
  void whoPlaysARoleInADisabledAccountOrComesFromOneIsOut() {
    Tenant home = Tenant.of(server, made());
    Tenant host = Tenant.of(server, made());
    String play = agencyOf(host, home);
    home.send("POST", KEYS, play).is(201);

    enable(operator, host.account, false).is(200);
    assertThat(home.send("POST", KEYS, play).status()).isEqualTo(403);
    enable(operator, host.account, true).is(200);
    home.send("POST", KEYS, play).is(201);
    enable(operator, home.account, false).is(200);
    assertThat(home.send("POST", KEYS, play).status()).isEqualTo(401);
  }

  /** An agency of one account that the other's people may play; says how they ask for a key. */
  private static String agencyOf(Tenant host, Tenant home) {
    host.send(
            "POST",
            "/v3.0/OS-AGENCY/agencies",
            "{'agency':{'name':'helpers','trust_domain_id':'%s'}}".formatted(home.account))
        .is(201);
    return "{'auth':{'identity':{'methods':['assume_role'],'assume_role':{'domain_id':'%s',"
            .formatted(host.account)
        + "'agency_name':'helpers'}}}}";
  }

  @Test
  void aRoleThatWasPlayedComesBackWithNeitherAccount() {
    Tenant home = Tenant.of(server, made());
    Tenant host = Tenant.of(server, made());
    String play = agencyOf(host, home);
    Temporary first = Temporary.of(server, home.send("POST", KEYS, play));
    assertThat(first.lists(host.project).status()).as("nothing is allowed to it").isEqualTo(403);

    enable(operator, host.account, false).is(200);
    assertThat(first.lists(host.project).status()).isEqualTo(401);
    enable(operator, host.account, true).is(200);
    assertThat(first.lists(host.project).status()).isEqualTo(401);

    Temporary second = Temporary.of(server, home.send("POST", KEYS, play));
    assertThat(second.lists(host.project).status()).isEqualTo(403);
    enable(operator, home.account, false).is(200);
    assertThat(second.lists(host.project).status()).isEqualTo(401);
    enable(operator, home.account, true).is(200);
    assertThat(second.lists(host.project).status()).isEqualTo(401);
  }

  @Test
  void toEnableWhatIsEnabledEndsNothing() {
    Reply made = made();
    Tenant tenant = Tenant.of(server, made);
    HttpResponse<String> login = logIn(made);
    enable(operator, tenant.account, true).is(200);
    assertThat(withToken(login, tenant)).isEqualTo(200);
  }

  @Test
  void whomAKeyWasGrantedToElsewhereGoesOnUsingIt() {
    Tenant acme = Tenant.of(server, made());
    Tenant partner = Tenant.of(server, made());
    String key = acme.key("shared", "");
    acme.ok(
        "create-grant",
        "{'key_id':'%s','grantee_principal':'%s','operations':['encrypt-data']}"
            .formatted(key, partner.user));

    enable(operator, acme.account, false).is(200);

    partner.kms("encrypt-data", "{'key_id':'%s','plain_text':'x'}".formatted(key)).is(200);
  }

  @Test
  void whatIsDoneToAnAccountIsInItsOwnLogAndInThatOfWhoDidIt() throws Exception {
    Tenant tenant = Tenant.of(server, made());
    enable(operator, tenant.account, false).is(200);

    for (String account : List.of(operator.account, tenant.account)) {
      assertThat(
              EventTail.all(folder.resolve("data/yaoku.db")).stream()
                  .filter(row -> row.account().equals(account))
                  .map(EventTail::json)
                  .filter(event -> event.at("/resource_id").asString("").equals(tenant.account))
                  .map(event -> event.at("/trace_name").asString()))
          .containsExactly("createAccount", "updateAccount");
    }
  }

  @Test
  void theAccountOfThoseWhoRunTheInstallationStaysEnabled() {
    enable(operator, operator.account, false).is(409);
    enable(operator, "f".repeat(32), false).is(404);
    operator.send("PATCH", ACCOUNTS + "/" + operator.account, "{'account':{}}").is(400);

    operator.kms("list-keys", "{}").is(200);
  }
}
