package dev.yaoku.server;

import static dev.yaoku.server.Staff.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import dev.yaoku.store.EventTail;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Roles of agencies over HTTP: who plays them, how, and for how long. */
class RolesOverHttpTest extends TemporaryKeyServer {
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
    String named = ",'session_user':{'name':'by night'}";
    Temporary played = Temporary.of(server, operator.send("POST", PATH, assuming(name, named)));
    assertThat(log(foreign.account))
        .anyMatch(entry ->
            entry.contains("assumeAgency")
                && entry.contains(agency)
                && entry.contains(operator.user)
                && entry.contains(", as by night with " + played.access()));
    assertThat(log(owner.account)).anyMatch(entry -> entry.contains("assumeAgency"));
  }

  private static List<String> log(String account) {
    return EventTail.all(folder.resolve("data/yaoku.db")).stream()
        .filter(event -> event.account().equals(account))
        .map(event -> new String(event.entry(), StandardCharsets.UTF_8))
        .toList();
  }
}
