package dev.yaoku.server;

import static dev.yaoku.server.Staff.PASSWORD;
import static dev.yaoku.server.Staff.name;
import static dev.yaoku.server.Staff.self;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.server.Tenant.Reply;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Temporary access keys and roles over HTTP: how they are got, used, narrowed and ended. */
class TemporaryKeysOverHttpTest {
  private static final String PATH = "/v3.0/OS-CREDENTIAL/securitytokens";
  private static final int IN_A_ROW_MAX = 7;

  /** How far the server's clock is ahead of the real one. */
  private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Tenant foreign;
  private static Staff staff;

  @BeforeAll
  static void start() throws IOException {
    Surroundings machine =
        new Surroundings(
            () -> Instant.now().plus(AHEAD.get()), System::nanoTime, Randomness.kernel());
    server = new LiveServer(folder.resolve("data"), Map.of("quotas.keys", "1000"), machine);
    owner = Tenant.first(server);
    foreign = Tenant.another(server);
    staff = new Staff(owner);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void backToNow() {
    AHEAD.set(Duration.ZERO);
  }

  // Tools

  /** Somebody who may do everything with keys. */
  private static Tenant person() {
    Tenant person = staff.person();
    staff.give(self(person), owner.project, "kms_adm");
    return person;
  }

  private static String byToken(String more) {
    return "{'auth':{'identity':{'methods':['token']" + more + "}}}";
  }

  private static Temporary temporary(Tenant who) {
    return temporary(who, "");
  }

  private static Temporary temporary(Tenant who, String more) {
    return Temporary.of(server, who.send("POST", PATH, byToken(more)));
  }

  private static Reply held(String token, String method, String path, String body) {
    HttpResponse<String> answer = server.byToken(token, method, path, body);
    return new Reply(answer.statusCode(), answer);
  }

  private static HttpResponse<String> tokens(String body) {
    return server.logIn(body);
  }

  private static String subject(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("X-Subject-Token")
        .orElseThrow(() -> new AssertionError(answer.body()));
  }

  private static String login(Tenant who, String scope) {
    return subject(
        tokens(
            "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'"
                + who.user
                + "','password':'"
                + PASSWORD
                + "'}}},'scope':"
                + scope
                + "}}"));
  }

  private static String ofProject(Tenant who) {
    return "{'project':{'id':'" + who.project + "'}}";
  }

  /** An agency of the other account that trusts the owner's and may do everything with keys. */
  private static String agency(String name) {
    String id =
        foreign
            .send(
                "POST",
                "/v3.0/OS-AGENCY/agencies",
                "{'agency':{'name':'"
                    + name
                    + "','trust_domain_id':'"
                    + owner.account
                    + "','duration':'FOREVER'}}")
            .is(201)
            .text("/agency/id");
    give(id);
    return id;
  }

  private static String ofAgency(String id) {
    return "/v3.0/OS-AGENCY/projects/" + foreign.project + "/agencies/" + id + "/roles/kms_adm";
  }

  private static void give(String agency) {
    foreign.send("PUT", ofAgency(agency), "").is(204);
  }

  private static Tenant operator() {
    Tenant person = person();
    staff.giveForAccount(self(person), "te_agency");
    return person;
  }

  private static String assuming(String agency, String more) {
    return "{'auth':{'identity':{'methods':['assume_role'],'assume_role':{'domain_id':'"
        + foreign.account
        + "','agency_name':'"
        + agency
        + "'"
        + more
        + "}}}}";
  }

  // What is answered

  @Test
  void theAnswerIsTheContracts() {
    Reply made = person().send("POST", PATH, byToken("")).is(201);
    assertThat(made.raw().body())
        .matches(
            "\\{\"credential\":\\{\"access\":\"YK[A-Z0-9]{18}\",\"secret\":\"[A-Za-z0-9]{40}\","
                + "\"securitytoken\":\"yks1_[A-Za-z0-9_-]{43}\",\"expires_at\":"
                + "\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}000Z\"}}");
    Temporary key = Temporary.of(server, made);
    assertThat(Duration.between(Instant.now(), key.expiresAt()))
        .isBetween(Duration.ofMinutes(14), Duration.ofMinutes(15));
  }

  @ParameterizedTest
  @ValueSource(ints = {900, 901, 86_399, 86_400})
  void aKeyLivesAsLongAsIsAskedFor(int seconds) {
    Tenant person = person();
    Instant before = Instant.now();
    Temporary key = temporary(person, ",'token':{'duration_seconds':" + seconds + "}");
    assertThat(Duration.between(before, key.expiresAt()))
        .isBetween(Duration.ofSeconds(seconds - 1), Duration.ofSeconds(seconds + 5L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{'auth':{}}",
        "{'auth':{'identity':{}}}",
        "{'auth':{'identity':{'methods':[]}}}",
        "{'auth':{'identity':{'methods':['password']}}}",
        "{'auth':{'identity':{'methods':['token','assume_role']}}}",
        "{'auth':{'identity':{'methods':'token'}}}",
        "{'auth':{'identity':{'methods':['token'],'token':{'duration_seconds':899}}}}",
        "{'auth':{'identity':{'methods':['token'],'token':{'duration_seconds':86401}}}}",
        "{'auth':{'identity':{'methods':['token'],'token':{'duration_seconds':-900}}}}",
        "{'auth':{'identity':{'methods':['token'],'token':{'duration_seconds':99999999999}}}}",
        "{'auth':{'identity':{'methods':['token'],'token':{'duration_seconds':[]}}}}",
        "{'auth':{'identity':{'methods':['token'],'token':{'duration_seconds':900.5}}}}",
        "{'auth':{'identity':{'methods':['token'],'policy':{}}}}",
        "{'auth':{'identity':{'methods':['token'],'policy':'x'}}}",
        "{'auth':{'identity':{'methods':['token'],'policy':''}}}",
        "{'auth':{'identity':{'methods':['token'],'policy':{'Version':'1.1','Statement':["
            + "{'Effect':'Maybe','Action':['kms:cmk:get']}]}}}}",
        "{'auth':{'identity':{'methods':['assume_role']}}}",
        "{'auth':{'identity':{'methods':['assume_role'],'assume_role':{'agency_name':'a'}}}}",
        "{'auth':{'identity':{'methods':['assume_role'],'assume_role':{'domain_name':'a'}}}}",
        "{'auth':{'identity':{'methods':['assume_role'],'assume_role':{'domain_name':'a',"
            + "'agency_name':'b','session_user':{'name':'\\u0000'}}}}}",
        "{'auth':{'identity':{'methods':['assume_role'],'assume_role':{'domain_name':'a',"
            + "'agency_name':'b','duration_seconds':1}}}}",
      })
  void whatMeansNothingIsABadRequest(String body) {
    Reply refused = person().send("POST", PATH, body).is(400);
    assertThat(refused.code()).startsWith("IAM.00");
    assertThat(refused.raw().headers().firstValue("X-Request-Id")).isPresent();
  }

  @Test
  void whoeverOffersNothingGetsNothing() {
    HttpResponse<String> answer =
        server.send(server.to(PATH).POST(BodyPublishers.ofString(byToken("").replace('\'', '"'))));
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("\"error_code\":\"IAM.0001\"");
    assertThat(held("yk1_" + "A".repeat(43), "POST", PATH, byToken("")).status()).isEqualTo(401);
  }

  // Signatures

  @ParameterizedTest
  @EnumSource
  void everySignatureWorksWithTheRightTokenOnly(Signer signer) {
    Tenant person = person();
    String path = "/v1.0/" + owner.project + "/kms/list-keys";
    Temporary key = temporary(person);
    Temporary other = temporary(person);
    for (boolean signs : new boolean[] {true, false}) {
      Instant now = Instant.now();
      key.send(signer, signs, now, "POST", path, "{}").is(200);
      key.send(signer, signs, now, "POST", path, "{'limit':'1'}").is(200);
      for (String wrong :
          new String[] {
            null,
            other.token(),
            "yks1_" + "A".repeat(43),
            key.token() + "x",
            login(person, ofProject(owner))
          }) {
        Reply refused = key.with(wrong).send(signer, signs, now, "POST", path, "{}").is(401);
        assertThat(refused.raw().body()).contains("APIGW.0301").doesNotContain(key.token());
      }
      Temporary forged =
          new Temporary(server, key.access(), other.secret(), key.token(), key.expiresAt());
      forged.send(signer, signs, now, "POST", path, "{}").is(401);
    }
  }

  @Test
  void aTokenBesideALastingKeyIsRefused() {
    Tenant person = person();
    Temporary key = temporary(person);
    person.kms("list-keys", "{}").is(200);
    Reply refused =
        person.send(
            "POST",
            "/v1.0/" + owner.project + "/kms/list-keys",
            "{}",
            Map.of("x-security-token", key.token()));
    refused.is(401);
  }

  @Test
  void aKeyEndsOnTheSecond() {
    Temporary key = temporary(person());
    Duration rest = Duration.between(Instant.now(), key.expiresAt());
    String path = "/v1.0/" + owner.project + "/kms/list-keys";

    AHEAD.set(rest.minusSeconds(5));
    Instant then = Instant.now().plus(AHEAD.get());
    key.send(Signer.PLAIN, true, then, "POST", path, "{}").is(200);
    AHEAD.set(rest);
    then = Instant.now().plus(AHEAD.get());
    Reply ended = key.send(Signer.PLAIN, true, then, "POST", path, "{}").is(403);
    assertThat(ended.code()).isEqualTo("KMS.0303");
    assertThat(key.with(null).send(Signer.PLAIN, true, then, "POST", path, "{}").status())
        .as("nobody is told more without the token")
        .isEqualTo(401);
  }

  // What a key may do

  @Test
  void aPolicyNarrowsAndNeverWidens() {
    Tenant person = person();
    String key = owner.key(name("narrow"), "");
    String policy =
        ",'policy':{'Version':'1.1','Statement':[{'Effect':'Allow','Action':['kms:cmk:list',"
            + "'kms:keystore:list','iam:*:*']}]}";
    Temporary narrow = temporary(person, policy);
    String kms = "/v1.0/" + owner.project + "/kms/";
    narrow.lists(owner.project).is(200);
    String about = "{'key_id':'" + key + "'}";
    assertThat(narrow.send("POST", kms + "describe-key", about).code()).isEqualTo("KMS.0306");
    assertThat(narrow.send("GET", "/v3/users", "").status()).isEqualTo(403);

    Temporary child = Temporary.of(server, narrow.send("POST", PATH, byToken("")));
    child.lists(owner.project).is(200);
    assertThat(child.send("POST", kms + "describe-key", about).code()).isEqualTo("KMS.0306");
    Temporary both =
        Temporary.of(
            server, narrow.send("POST", PATH, byToken(policy.replace("kms:cmk:list", "kms:*:*"))));
    both.lists(owner.project).is(200);
    assertThat(both.send("POST", kms + "describe-key", about).code()).isEqualTo("KMS.0306");
  }

  @Test
  void aPolicyMayComeAsAText() {
    String text =
        ",'policy':'{\\\"Version\\\":\\\"1.1\\\",\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\","
            + "\\\"Action\\\":[\\\"kms:cmk:list\\\"]}]}'";
    Temporary narrow = temporary(person(), text);
    narrow.lists(owner.project).is(200);
    String tags = "/v1.0/" + owner.project + "/kms/tags";
    narrow.send("GET", tags, "").is(403);
  }

  @Test
  void aGrantDoesNotReachPastTheNarrowing() {
    Tenant person = person();
    String key = owner.key(name("granted"), "");
    owner.ok(
        "create-grant",
        "{'key_id':'%s','grantee_principal':'%s','operations':['describe-key']}"
            .formatted(key, person.user));
    Temporary narrow =
        temporary(
            person,
            ",'policy':{'Version':'1.1','Statement':[{'Effect':'Allow','Action':['kms:cmk:list']}]}");
    String kms = "/v1.0/" + owner.project + "/kms/";
    String about = "{'key_id':'" + key + "'}";
    temporary(person).send("POST", kms + "describe-key", about).is(200);
    assertThat(narrow.send("POST", kms + "describe-key", about).status()).isIn(403, 404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /v3.0/OS-CREDENTIAL/credentials ",
        "POST /v3.0/OS-CREDENTIAL/credentials {'credential':{'user_id':'$user'}}",
        "POST /v3/users {'user':{'name':'mallory'}}",
        "PATCH /v3/users/$user {'user':{'password':'Another-Horse-2'}}",
        "POST /v3.0/OS-USER/users {'user':{'name':'mallory'}}",
        "PUT /v3.0/OS-USER/users/$user {'user':{'email':'mallory@example.com'}}",
        "PUT /v3.0/OS-USER/users/$user/info {'user':{'email':'mallory@example.com'}}",
        "PUT /v3.0/OS-USER/users/$user/login-protect {'login_protect':{'enabled':false}}",
        "POST /v3/users/$user/password {'user':{'password':'Another-Horse-2','original_password':"
            + "'Correct-Horse-1'}}",
        "POST /v3/groups {'group':{'name':'mob'}}",
        "POST /v3.0/OS-ROLE/roles {'role':{'display_name':'x','type':'XA','policy':"
            + "{'Version':'5.0','Statement':[{'Effect':'Allow','Action':['*']}]}}}",
        "PUT /v3/domains/$domain/users/$user/roles/te_admin ",
        "POST /v3.0/OS-AGENCY/agencies {'agency':{'name':'a','trust_domain_id':'$domain'}}",
        "POST /v3/projects {'project':{'name':'x_y'}}",
      })
  void evenAnAdministratorsKeyMakesNothingThatLasts(String call) {
    Temporary key = temporary(owner);
    String[] parts =
        call.replace("$user", owner.user).replace("$domain", owner.account).split(" ", 3);
    assertThat(key.send(parts[0], parts[1], parts[2]).status()).as(call).isEqualTo(403);
  }

  @Test
  void aKeyFromAProjectTokenStaysInTheProject() {
    Tenant person = person();
    Tenant elsewhere = owner.elsewhere();
    String domain = "/v3/OS-INHERIT/domains/" + owner.account + "/users/" + person.user;
    owner.send("PUT", domain + "/roles/kms_adm/inherited_to_projects", "").is(204);
    String token = login(person, ofProject(owner));
    Temporary key = Temporary.of(server, held(token, "POST", PATH, byToken("")));
    key.lists(owner.project).is(200);
    key.lists(elsewhere.project).is(403);

    String open = login(person, "{'domain':{'id':'" + owner.account + "'}}");
    Temporary wide = Temporary.of(server, held(open, "POST", PATH, byToken("")));
    wide.lists(owner.project).is(200);
    wide.lists(elsewhere.project).is(200);
    // What cannot be scoped again opens no project by way of a key either.
    String derived = subject(tokens(rescope(open, "{'domain':{'id':'" + owner.account + "'}}")));
    Temporary none = Temporary.of(server, held(derived, "POST", PATH, byToken("")));
    none.lists(owner.project).is(403);
    none.send("GET", "/v3/auth/projects", "").is(200);
  }

  private static String rescope(String token, String scope) {
    return "{'auth':{'identity':{'methods':['token'],'token':{'id':'"
        + token
        + "'}},'scope':"
        + scope
        + "}}";
  }

  @Test
  void aKeyEndsWithItsTokenAtTheLatest() {
    Tenant person = person();
    String token = login(person, ofProject(owner));
    AHEAD.set(Duration.ofHours(23));
    Temporary key =
        Temporary.of(
            server, held(token, "POST", PATH, byToken(",'token':{'duration_seconds':86400}")));
    assertThat(Duration.between(Instant.now(), key.expiresAt()))
        .isBetween(Duration.ofHours(23), Duration.ofHours(24));
  }

  @Test
  void aTokenInTheBodyIsTakenWhereNoneIsInTheHeader() {
    Tenant person = person();
    String token = login(person, ofProject(owner));
    String body = byToken(",'token':{'id':'" + token + "'}");
    HttpResponse<String> answer =
        server.send(server.to(PATH).POST(BodyPublishers.ofString(body.replace('\'', '"'))));
    Temporary key = Temporary.of(server, new Reply(answer.statusCode(), answer));
    key.lists(owner.project).is(200);
    // Signed by somebody else, it is still the token's owner's.
    Tenant signer = person();
    Reply made = signer.send("POST", PATH, body);
    Temporary signed = Temporary.of(server, made);
    assertThat(signed.send("GET", "/v3/users/" + person.user, "").is(200).text("/user/id"))
        .isEqualTo(person.user);
    assertThat(eventsOf(made))
        .singleElement(STRING)
        .contains("\"user_id\":\"" + person.user + "\"", "\"code\":201")
        .contains("signed by ", " of user " + signer.user + " of account " + signer.account);
    Reply refused =
        signer
            .send("POST", PATH, byToken(",'token':{'id':'" + token + "'},'policy':{'Version':'9'}"))
            .is(400);
    assertThat(eventsOf(refused))
        .singleElement(STRING)
        .contains("\"user_id\":\"" + person.user + "\"", "\"code\":400")
        .contains(" of user " + signer.user + " of account " + signer.account);
    // The header goes first.
    Tenant second = person();
    Temporary first =
        Temporary.of(server, held(login(second, ofProject(owner)), "POST", PATH, body));
    first.send("GET", "/v3/users/" + second.user, "").is(200);
    first.send("GET", "/v3/users/" + person.user, "").is(403);
    String bad = byToken(",'token':{'id':'yk1_" + "A".repeat(43) + "'}");
    assertThat(person.send("POST", PATH, bad).status()).isEqualTo(401);
  }

  // Roles

  @Test
  void aRoleIsPlayedByKeyAndByToken() {
    String agency = name("helpers");
    agency(agency);
    String key = foreign.key(name("theirs"), "");
    Tenant operator = operator();
    Temporary role =
        Temporary.of(
            server,
            operator.send("POST", PATH, assuming(agency, ",'session_user':{'name':'night'}")));
    assertThat(role.lists(foreign.project).is(200).raw().body()).contains(key);
    role.lists(owner.project).is(403);

    HttpResponse<String> answer = assumed(operator, agency, ofProject(foreign));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    JsonNode token = new Reply(201, answer).at("/token");
    assertThat(token.at("/methods")).hasToString("[\"assume_role\"]");
    assertThat(token.at("/project/id").stringValue()).isEqualTo(foreign.project);
    assertThat(token.at("/user/name").stringValue()).endsWith("/" + agency);
    assertThat(token.at("/user/domain/id").stringValue()).isEqualTo(foreign.account);
    assertThat(token.at("/assumed_by/user/id").stringValue()).isEqualTo(operator.user);
    assertThat(token.at("/assumed_by/user/domain/id").stringValue()).isEqualTo(owner.account);
    String subject = subject(answer);
    String list = "/v1.0/" + foreign.project + "/kms/list-keys";
    assertThat(held(subject, "POST", list, "{}").is(200).raw().body()).contains(key);
    Temporary child = Temporary.of(server, held(subject, "POST", PATH, byToken("")));
    child.lists(foreign.project).is(200);
    // No role from a role, no token from its token.
    assertThat(held(subject, "POST", PATH, assuming(agency, "")).status()).isEqualTo(403);
    assertThat(tokens(rescope(subject, ofProject(foreign))).statusCode()).isEqualTo(401);
  }

  @Test
  void aSessionWithAnEmptyNameHasThePersonsName() {
    String agency = name("nameless");
    agency(agency);
    Tenant operator = operator();
    String body =
        assuming(agency, ",'domain_name':'','duration_seconds':900,'session_user':{'name':''}");
    Temporary.of(server, operator.send("POST", PATH, body)).lists(foreign.project).is(200);
    String scoped = body.substring(0, body.length() - 2) + ",'scope':" + ofProject(foreign) + "}}";
    operator.send("POST", "/v3/auth/tokens", scoped).is(201);
  }

  private static HttpResponse<String> assumed(Tenant who, String agency, String scope) {
    String body = assuming(agency, "");
    return who.send(
            "POST",
            "/v3/auth/tokens",
            body.substring(0, body.length() - 2) + ",'scope':" + scope + "}}")
        .raw();
  }

  @Test
  void aRoleIsOpenToThoseWhoMayAndAreTrusted() {
    String agency = name("closed");
    agency(agency);
    assertThat(person().send("POST", PATH, assuming(agency, "")).is(403).code())
        .isEqualTo("IAM.0003");
    Tenant operator = operator();
    Reply unknown = operator.send("POST", PATH, assuming("nowhere", "")).is(403);
    assertThat(unknown.code()).isEqualTo("IAM.0002");
    String untrusting = name("untrusting");
    foreign
        .send(
            "POST",
            "/v3.0/OS-AGENCY/agencies",
            "{'agency':{'name':'" + untrusting + "','trust_domain_id':'" + foreign.account + "'}}")
        .is(201);
    assertThat(operator.send("POST", PATH, assuming(untrusting, "")).is(403).raw().body())
        .isEqualTo(unknown.raw().body());
    String elsewhere = assuming(agency, "").replace(foreign.account, "no-such-account");
    assertThat(operator.send("POST", PATH, elsewhere).is(403).raw().body())
        .isEqualTo(unknown.raw().body());
    assertThat(assumed(operator, agency, ofProject(owner)).statusCode()).isEqualTo(403);
  }

  // What ends them, at once

  @Test
  void everythingEndsThatTakesRightsFromItsPerson() {
    Tenant who = person();
    String user = "/v3/users/" + who.user;
    String policy = "/v3/projects/" + owner.project + "/users/" + who.user + "/roles/kms_adm";
    String access = "/v3.0/OS-CREDENTIAL/credentials/" + who.accessKey();
    String[][] ends = {
      {"PATCH", user, "{'user':{'enabled':false}}", "PATCH", user, "{'user':{'enabled':true}}"},
      {
        "PATCH",
        user,
        "{'user':{'password':'Correct-Horse-2'}}",
        "PATCH",
        user,
        "{'user':{'password':'Correct-Horse-1'}}"
      },
      {
        "PUT",
        access,
        "{'credential':{'status':'inactive'}}",
        "PUT",
        access,
        "{'credential':{'status':'active'}}"
      },
      {"DELETE", policy, "", "PUT", policy, ""},
    };
    for (String[] end : ends) {
      Temporary signed = temporary(who);
      String token = login(who, ofProject(owner));
      Temporary byToken = Temporary.of(server, held(token, "POST", PATH, byToken("")));
      Temporary child = Temporary.of(server, byToken.send("POST", PATH, byToken("")));
      signed.lists(owner.project).is(200);
      byToken.lists(owner.project).is(200);
      child.lists(owner.project).is(200);

      assertThat(owner.send(end[0], end[1], end[2]).status()).isLessThan(300);
      signed.isNobody(owner.project);
      byToken.isNobody(owner.project);
      child.isNobody(owner.project);
      assertThat(held(token, "GET", "/v3/auth/projects", "").status()).isEqualTo(401);
      assertThat(owner.send(end[3], end[4], end[5]).status()).isLessThan(300);
      signed.isNobody(owner.project);
      byToken.isNobody(owner.project);
    }
    Temporary last = temporary(who);
    last.lists(owner.project).is(200);
    owner.send("DELETE", access, "").is(204);
    last.isNobody(owner.project);
  }

  @Test
  void aKeyEndsWithTheTokenThatItWasMadeFrom() {
    Tenant person = person();
    String token = login(person, ofProject(owner));
    Temporary key = Temporary.of(server, held(token, "POST", PATH, byToken("")));
    Temporary child = Temporary.of(server, key.send("POST", PATH, byToken("")));
    Temporary other = temporary(person);
    child.lists(owner.project).is(200);
    HttpResponse<String> revoked = server.revoke(token);
    assertThat(revoked.statusCode()).isEqualTo(204);
    key.isNobody(owner.project);
    child.isNobody(owner.project);
    other.lists(owner.project).is(200);
  }

  @Test
  void everythingEndsThatTakesTheRoleAway() {
    String name = name("ending");
    String agency = agency(name);
    Tenant operator = operator();
    String one = "/v3.0/OS-AGENCY/agencies/" + agency;
    String[][] ends = {
      {"DELETE", ofAgency(agency), "", "PUT", ofAgency(agency), ""},
      {
        "PUT",
        one,
        "{'agency':{'trust_domain_id':'" + foreign.account + "'}}",
        "PUT",
        one,
        "{'agency':{'trust_domain_id':'" + owner.account + "'}}"
      },
      {"DELETE", one, "", "", "", ""},
    };
    for (String[] end : ends) {
      Temporary role = Temporary.of(server, operator.send("POST", PATH, assuming(name, "")));
      String token = subject(assumed(operator, name, ofProject(foreign)));
      role.lists(foreign.project).is(200);
      held(token, "GET", "/v3/auth/projects", "").is(200);
      assertThat(foreign.send(end[0], end[1], end[2]).status()).isLessThan(300);
      role.isNobody(foreign.project);
      held(token, "GET", "/v3/auth/projects", "").is(401);
      if (!end[3].isEmpty()) {
        assertThat(foreign.send(end[3], end[4], end[5]).status()).isLessThan(300);
        role.isNobody(foreign.project);
      }
    }
  }

  @Test
  void whoLosesTheRightToPlayStopsPlaying() {
    String name = name("stopping");
    agency(name);
    Tenant operator = operator();
    Temporary role = Temporary.of(server, operator.send("POST", PATH, assuming(name, "")));
    role.lists(foreign.project).is(200);
    owner
        .send(
            "DELETE",
            "/v3/domains/" + owner.account + "/users/" + operator.user + "/roles/te_agency",
            "")
        .is(204);
    role.isNobody(foreign.project);
    operator.send("POST", PATH, assuming(name, "")).is(403);
  }

  @Test
  void anAgencyForADayIsPlayedForADay() {
    String name = name("short");
    String id = agency(name);
    foreign
        .send("PUT", "/v3.0/OS-AGENCY/agencies/" + id, "{'agency':{'duration':'ONEDAY'}}")
        .is(200);
    Tenant operator = operator();
    AHEAD.set(Duration.ofHours(23).plusMinutes(50));
    operator.dating(AHEAD.get());
    Temporary role =
        Temporary.of(
            server, operator.send("POST", PATH, assuming(name, ",'duration_seconds':'86400'")));
    assertThat(Duration.between(Instant.now().plus(AHEAD.get()), role.expiresAt()))
        .isBetween(Duration.ofMinutes(9), Duration.ofMinutes(10));
    AHEAD.set(Duration.ofHours(24).plusMinutes(1));
    operator.dating(AHEAD.get());
    operator.send("POST", PATH, assuming(name, "")).is(403);
  }

  @Test
  void bothAccountsSeeInTheirLogsWhoPlays() throws SQLException {
    String name = name("logged");
    String agency = agency(name);
    Tenant operator = operator();
    Temporary.of(server, operator.send("POST", PATH, assuming(name, "")));
    assertThat(log(foreign.account))
        .anyMatch(entry ->
            entry.contains("assumeAgency")
                && entry.contains(agency)
                && entry.contains(operator.user));
    assertThat(log(owner.account)).anyMatch(entry -> entry.contains("assumeAgency"));
  }

  /** What was recorded of a request, whoever's it was. */
  private static List<String> eventsOf(Reply answer) {
    String id = answer.raw().headers().firstValue("X-Request-Id").orElseThrow();
    return EventTail.all(folder.resolve("data/yaoku.db")).stream()
        .map(event -> new String(event.entry(), StandardCharsets.UTF_8))
        .filter(event -> event.contains(id))
        .toList();
  }

  private static List<String> log(String account) {
    return EventTail.all(folder.resolve("data/yaoku.db")).stream()
        .filter(event -> event.account().equals(account))
        .map(event -> new String(event.entry(), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void aKeyThatIsOneTooManyInARowIsRefusedInASentence() {
    Temporary last = temporary(person());
    for (int made = 1; made < IN_A_ROW_MAX; made++) {
      last = Temporary.of(server, last.send("POST", PATH, byToken("")));
    }
    Reply refused = last.send("POST", PATH, byToken("")).is(400);
    assertThat(refused.code()).isEqualTo("IAM.0007");
    assertThat(refused.text("/error_msg")).contains("derived too often");
    last.lists(owner.project).is(200);
  }
}
