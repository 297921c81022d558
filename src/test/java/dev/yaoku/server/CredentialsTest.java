package dev.yaoku.server;

import static dev.yaoku.server.Staff.PASSWORD;
import static dev.yaoku.server.Staff.self;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When passwords, access keys and tokens prove who somebody is, and when no longer, over HTTP. */
class CredentialsTest extends StaffedServer {
  @Test
  void aDisabledOrDeletedUserIsOutAtOnce() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, "kms_adm");
    String token = token(person);
    encrypt(person, key).is(200);

    setEnabled(person, false);
    encrypt(person, key).is(401);
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(401);
    setEnabled(person, true);
    encrypt(person, key).is(200);
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(401);

    owner.send("DELETE", "/v3/users/" + person.user, "").is(204);
    encrypt(person, key).is(401);
  }

  private static void setEnabled(Tenant person, boolean enabled) {
    owner.send("PATCH", "/v3/users/" + person.user, "{'user':{'enabled':" + enabled + "}}").is(200);
  }

  @Test
  void anAccessKeyThatIsInactiveOrGoneSignsNothing() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, "kms_adm");
    String one =
        "/v3.0/OS-CREDENTIAL/credentials/"
            + owner
                .send("GET", "/v3.0/OS-CREDENTIAL/credentials?user_id=" + person.user, "")
                .text("/credentials/0/access");
    encrypt(person, key).is(200);
    owner.send("PUT", one, "{'credential':{'status':'inactive'}}").is(200);
    encrypt(person, key).is(401);
    owner.send("PUT", one, "{'credential':{'status':'active'}}").is(200);
    encrypt(person, key).is(200);
    owner.send("DELETE", one, "").is(204);
    encrypt(person, key).is(401);
  }

  /** What is wrong is for the operator's log alone; a stranger learns nothing from an answer. */
  @Test
  void whyAnAccessKeyIsRefusedIsToldToNobody() {
    Tenant person = staff.person();
    Tenant disabled = staff.person();
    String access =
        owner
            .send("GET", "/v3.0/OS-CREDENTIAL/credentials?user_id=" + disabled.user, "")
            .text("/credentials/0/access");
    owner
        .send(
            "PUT",
            "/v3.0/OS-CREDENTIAL/credentials/" + access,
            "{'credential':{'status':'inactive'}}")
        .is(200);
    List<Tenant> refused =
        List.of(
            person.as(person.user, person.accessKey(), "s".repeat(40)),
            person.as(person.user, "YKNOBODYSACCESSKEY00", "s".repeat(40)),
            disabled);

    assertThat(refused)
        .extracting(who -> withoutItsId(who.kms("list-keys", "{}").is(401)))
        .allMatch(body -> body.contains("verify aksk signature fail"))
        .containsOnly(withoutItsId(refused.getFirst().kms("list-keys", "{}")));
    assertThat(refused)
        .extracting(who -> withoutItsId(who.send("GET", "/v3/projects", "").is(401)))
        .allMatch(body -> body.contains("verify aksk signature fail"))
        .containsOnly(withoutItsId(refused.getFirst().send("GET", "/v3/projects", "")));
  }

  private static String withoutItsId(Reply reply) {
    String id = reply.raw().headers().firstValue("x-request-id").orElseThrow();
    return reply.raw().body().replace(id, "");
  }

  @Test
  void aNewPasswordEndsWhatTheOldOneOpened() {
    Tenant person = staff.person();
    String token = token(person);
    String body = "{'user':{'password':'Another-Horse-2','original_password':'" + PASSWORD + "'}}";
    person.send("POST", "/v3/users/" + person.user + "/password", body).is(204);
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(401);
    assertThat(login(person, PASSWORD).statusCode()).isEqualTo(401);
    assertThat(login(person, "Another-Horse-2").statusCode()).isEqualTo(201);
    person.send("POST", "/v3/users/" + person.user + "/password", body).is(401);
  }

  @Test
  void lostRightsEndTokens() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, "kms_adm");
    String token = token(person);
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(200);
    staff.take(self(person), person.project, "kms_adm");
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(401);
  }

  @Test
  void aDerivedTokenMakesAndReadsNoAccessKeys() {
    Tenant person = staff.person();
    String first = token(person);
    String body = "{'credential':{'user_id':'" + person.user + "'}}".replace('\'', '"');
    String path = "/v3.0/OS-CREDENTIAL/credentials";
    assertThat(server.byToken(first, "GET", path, "").statusCode()).isEqualTo(200);

    String derive =
        "{'auth':{'identity':{'methods':['token'],'token':{'id':'"
            + first
            + "'}},'scope':{'project':{'id':'"
            + person.project
            + "'}}}}";
    String derived =
        server
            .send(
                server
                    .to("/v3/auth/tokens")
                    .POST(BodyPublishers.ofString(derive.replace('\'', '"'))))
            .headers()
            .firstValue("X-Subject-Token")
            .orElseThrow();
    assertThat(server.byToken(derived, "GET", path, "").statusCode()).isEqualTo(403);
    assertThat(server.byToken(derived, "POST", path, body).statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"short1", "onlylowercase", "12345678", "weaK-N4me"})
  void aWeakPasswordIsRefusedWithoutBeingShown(String weak) {
    String body = "{'user':{'name':'weaK-N4me','password':'" + weak + "'}}";
    Reply refused = owner.send("POST", "/v3/users", body).is(400);
    assertThat(refused.at("/error/message").stringValue()).contains("8 to 128 characters");
    if (!weak.equals("weaK-N4me")) {
      assertThat(refused.raw().body()).doesNotContain(weak);
    }
  }

  private static HttpResponse<String> login(Tenant person, String password) {
    String body =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'"
            + person.user
            + "','password':'"
            + password
            + "'}}},'scope':{'project':{'id':'"
            + person.project
            + "'}}}}";
    return server.logIn(body);
  }

  @Test
  void aHeaderWithoutAValueOffersNoCredentials() {
    Tenant person = staff.person();
    staff.give(self(person), person.project, "kms_adm");
    String list = "/v1.0/" + person.project + "/kms/list-keys";
    HttpResponse<String> none = server.send(server.to(list).POST(BodyPublishers.ofString("{}")));
    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(none.body()).contains("x-auth-token not found");

    // As often as failed attempts would be slowed down.
    for (int i = 0; i < 20; i++) {
      HttpResponse<String> empty = server.byToken("", "POST", list, "{}");
      assertThat(empty.statusCode()).isEqualTo(401);
      assertThat(empty.body()).contains("x-auth-token not found");
    }
    HttpResponse<String> beside =
        server.send(
            server
                .to(list)
                .header("Authorization", "")
                .header("X-Auth-Token", token(person))
                .POST(BodyPublishers.ofString("{}")));
    assertThat(beside.statusCode()).as(beside.body()).isEqualTo(200);
  }

  private static String token(Tenant person) {
    return login(person, PASSWORD).headers().firstValue("X-Subject-Token").orElseThrow();
  }
}
