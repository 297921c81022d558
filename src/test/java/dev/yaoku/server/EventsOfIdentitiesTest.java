package dev.yaoku.server;

import static dev.yaoku.server.Staff.PASSWORD;
import static java.time.temporal.ChronoUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TokenText;
import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The log says to whom something was done: whose key, name, token or password it was. */
class EventsOfIdentitiesTest {
  private static final String CREDENTIALS = "/v3.0/OS-CREDENTIAL/credentials";
  private static final String AUTHORITY = "/v3/OS-YAOKU/client-authorities/workloads";

  @TempDir static Path folder;
  private static LiveServer server;
  private static RequestEvents events;
  private static Tenant owner;
  private static Tenant person;

  @BeforeAll
  static void start() throws IOException {
    Path data = folder.resolve("data");
    server = new LiveServer(data, Map.of());
    events = new RequestEvents(data);
    owner = Tenant.first(server);
    person = new Staff(owner).person();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String text(JsonNode event, String member) {
    return event.at("/" + member).asString("");
  }

  @Test
  void anAccessKeyIsSomebodys() {
    Reply made = Staff.accessKey(owner, person.user).is(201);
    String key = made.text("/credential/access");
    JsonNode making = events.of(made);
    assertThat(text(making, "resource_id")).isEqualTo(key);
    assertThat(text(making, "detail")).startsWith("of user " + person.user + ", person-");

    Reply deleted = owner.send("DELETE", CREDENTIALS + "/" + key, "").is(204);
    assertThat(text(events.of(deleted), "detail")).startsWith("of user " + person.user);
  }

  @Test
  void aPasswordThatAnotherSetsIsNoChangeOfAnAddress() {
    String one = "/v3/users/" + new Staff(owner).user();
    Reply password = owner.send("PATCH", one, "{'user':{'password':'Another-Horse-2'}}").is(200);
    assertThat(text(events.of(password), "detail")).isEqualTo("with a new password");
    Reply other = owner.send("PATCH", one, "{'user':{'description':'on leave'}}").is(200);
    assertThat(text(events.of(other), "detail")).isEmpty();
  }

  @Test
  void aRevokedTokenIsItsOwners() {
    String token =
        server
            .logIn(
                "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'%s','password':'%s'}}}}}"
                    .formatted(person.user, PASSWORD))
            .headers()
            .firstValue("X-Subject-Token")
            .orElseThrow();
    Reply revoked =
        owner.send("DELETE", "/v3/auth/tokens", "", Map.of("X-Subject-Token", token)).is(204);
    JsonNode event = events.of(revoked);
    assertThat(text(event, "resource_id")).isEqualTo(TokenText.credential(TokenText.sha256(token)));
    assertThat(text(event, "resource_name")).startsWith("person-");
  }

  @Test
  void aNameInCertificatesIsGivenToOneAndTakenFromAnother() {
    Instant now = Instant.now();
    String pem = new TestPki("CN=workloads", now.minus(1, DAYS), now.plus(30, DAYS)).pem();
    owner
        .send(
            "PUT",
            AUTHORITY,
            "{'client_authority':{'certificate':'" + pem.replace("\n", "\\n") + "'}}")
        .is(200);
    String second = new Staff(owner).user();

    assertThat(detail(named("PUT", person.user)))
        .isEqualTo("name dns:web.example.com given to user " + person.user);
    assertThat(detail(named("PUT", second)))
        .isEqualTo(
            "name dns:web.example.com given to user %s taken from user %s"
                .formatted(second, person.user));
    assertThat(detail(named("DELETE", "")))
        .isEqualTo("name dns:web.example.com taken from user " + second);
  }

  private static String detail(Reply reply) {
    return text(events.of(reply), "detail");
  }

  private static Reply named(String method, String user) {
    String body = user.isEmpty() ? "" : "{'user_id':'" + user + "'}";
    return owner.send(method, AUTHORITY + "/names/dns%3Aweb.example.com", body);
  }

  @Test
  void aRefusalNamesWhatItWasAbout() {
    isRefusedAbout(person.send("DELETE", "/v3/users/" + owner.user, ""), "user", owner.user);
    String nobody = "0".repeat(32);
    isRefusedAbout(person.send("DELETE", "/v3/users/" + nobody, ""), "user", nobody);
    isRefusedAbout(person.send("DELETE", "/v3/groups/" + nobody, ""), "group", nobody);
    isRefusedAbout(
        person.send("DELETE", "/v3.0/OS-AGENCY/agencies/" + nobody, ""), "agency", nobody);
    isRefusedAbout(person.send("DELETE", "/v3.0/OS-ROLE/roles/" + nobody, ""), "policy", nobody);
    isRefusedAbout(
        person.send("DELETE", CREDENTIALS + "/" + owner.accessKey(), ""),
        "credential",
        owner.accessKey());
    JsonNode making =
        events.of(person.send("POST", "/v3/users", "{'user':{'name':'helper'}}").is(403));
    assertThat(text(making, "resource_type")).isEqualTo("user");
    assertThat(text(making, "resource_name")).isEqualTo("helper");
  }

  private static void isRefusedAbout(Reply reply, String type, String id) {
    JsonNode event = events.of(reply.is(403));
    assertThat(text(event, "resource_type")).as(event.toString()).isEqualTo(type);
    assertThat(text(event, "resource_id")).as(event.toString()).isEqualTo(id);
    assertThat(event.has("resource_name")).as(event.toString()).isFalse();
  }
}
