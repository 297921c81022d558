package dev.yaoku.server;

import static dev.yaoku.server.Staff.allow;
import static dev.yaoku.server.Staff.deny;
import static dev.yaoku.server.Staff.name;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conditions on how a request comes hold for every request, log-ins and questions about others
 * among them.
 */
class ConditionsOnRequestsTest {
  private static final String FAR = "cn-south-1";
  private static final String ONLY_SECURE = deny("'*'", "Bool", "g:SecureTransport", "false");
  private static final String KEYS = "'kms:cmk:*'";

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Staff staff;
  private static Tenant far;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of("regions.others", FAR));
    owner = Tenant.first(server);
    staff = new Staff(owner);
    far = owner.in(server.projectIn(FAR));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  // Log-ins

  private static HttpResponse<String> logIn(String agent, String identity) {
    String body =
        "{'auth':{'identity':{%s},'scope':{'project':{'id':'%s'}}}}"
            .formatted(identity, owner.project);
    return server.send(
        server
            .to("/v3/auth/tokens")
            .header("user-agent", agent)
            .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
  }

  private static HttpResponse<String> byPassword(Tenant who, String agent) {
    return logIn(
        agent,
        "'methods':['password'],'password':{'user':{'id':'%s','password':'%s'}}"
            .formatted(who.user, Staff.PASSWORD));
  }

  private static HttpResponse<String> byToken(String token) {
    return logIn("any", "'methods':['token'],'token':{'id':'%s'}".formatted(token));
  }

  private static HttpResponse<String> byAccessKey(Tenant who) {
    String credentials = "/v3.0/OS-CREDENTIAL/credentials";
    Tenant.Reply made =
        owner.send("POST", credentials, "{'credential':{'user_id':'" + who.user + "'}}").is(201);
    return logIn(
        "any",
        "'methods':['hw_ak_sk'],'hw_ak_sk':{'access':{'key':'%s'},'secret':{'key':'%s'}}"
            .formatted(made.text("/credential/access"), made.text("/credential/secret")));
  }

  @Test
  void whoMustComeSecurelyLogsInSecurely() {
    Tenant person = staff.person();
    staff.ofAccount(person, ONLY_SECURE);

    HttpResponse<String> first = byPassword(person, "any");
    assertThat(first.statusCode()).as(first.body()).isEqualTo(201);
    String token = first.headers().firstValue("X-Subject-Token").orElseThrow();
    assertThat(byToken(token).statusCode()).isEqualTo(201);
    assertThat(byAccessKey(person).statusCode()).isEqualTo(201);
  }

  @Test
  void aClientThatIsNotWantedGetsNoToken() {
    Tenant person = staff.person();
    staff.ofAccount(person, deny("'iam:tokens:create'", "StringMatch", "g:UserAgent", "curl*"));

    assertThat(byPassword(person, "curl/8.14").statusCode()).isEqualTo(403);
    assertThat(byPassword(person, "firefox").statusCode()).isEqualTo(201);
  }

  // Questions

  private static boolean couldEncrypt(Tenant asking, Tenant about, String key) {
    String question =
        "{'user':'%s','action':'encrypt-data','key_id':'%s'}".formatted(about.user, key);
    return asking.kms("yaoku-check-access", question).is(200).at("/allowed").booleanValue();
  }

  private static boolean encrypts(Tenant who, String key) {
    int status =
        who.kms("encrypt-data", "{'key_id':'%s','plain_text':'x'}".formatted(key)).status();
    assertThat(status).isIn(200, 403, 404);
    return status == 200;
  }

  @Test
  void whatCouldBeDoneIsSaidForARequestThatComesAsTheQuestionDoes() {
    String key = owner.key("orders", "");
    Tenant person = staff.holding(allow(KEYS), ONLY_SECURE);

    assertThat(encrypts(person, key)).isTrue();
    assertThat(couldEncrypt(owner, person, key)).isTrue();
  }

  @Test
  void whatCouldBeDoneInAnotherRegionIsWhatCanBeDoneThere() {
    String key = far.key(name("far"), "");
    String urn = "kms:%s:%s:KeyId:%s".formatted(FAR, owner.account, key);
    String onlyIn = "{'Effect':'Allow','Action':['kms:cmk:*'],'Resource':['kms:%s:*:KeyId:*']}";
    Tenant there = staff.holding(onlyIn.formatted(FAR));
    Tenant here = staff.holding(onlyIn.formatted(server.known("region")));

    for (String called : new String[] {key, urn}) {
      assertThat(encrypts(there.in(far.project), called)).isTrue();
      assertThat(couldEncrypt(far, there, called)).isTrue();
      assertThat(encrypts(here.in(far.project), called)).isFalse();
      assertThat(couldEncrypt(far, here, called)).isFalse();
    }
  }
}
