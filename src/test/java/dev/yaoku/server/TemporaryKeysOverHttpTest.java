package dev.yaoku.server;

import static dev.yaoku.server.Staff.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.yaoku.server.Tenant.Reply;
import dev.yaoku.store.EventTail;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Temporary access keys over HTTP: how they are got, used and narrowed. */
class TemporaryKeysOverHttpTest extends TemporaryKeyServer {
  private static final int IN_A_ROW_MAX = 7;

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
        "{'auth':{'identity':{'methods':['token'],'policy':'{\\\"Version\\\":\\\"5.0\\\",\\\"Statement\\\":["
            + "{\\\"Sid\\\":\\\"\\\\ud800\\\",\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":[\\\"*\\\"]}]}'}}}",
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

  /** What was recorded of a request, whoever's it was. */
  private static List<String> eventsOf(Reply answer) {
    String id = answer.raw().headers().firstValue("X-Request-Id").orElseThrow();
    return EventTail.all(folder.resolve("data/yaoku.db")).stream()
        .map(event -> new String(event.entry(), StandardCharsets.UTF_8))
        .filter(event -> event.contains(id))
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
