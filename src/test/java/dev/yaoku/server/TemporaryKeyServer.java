package dev.yaoku.server;

import static dev.yaoku.server.Staff.PASSWORD;
import static dev.yaoku.server.Staff.self;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server whose clock can be set ahead, with two accounts, and how their people get temporary
 * access keys and play roles.
 */
abstract class TemporaryKeyServer {
  static final String PATH = "/v3.0/OS-CREDENTIAL/securitytokens";

  /** How far the server's clock is ahead of the real one. */
  static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

  @TempDir static Path folder;
  static LiveServer server;
  static Tenant owner;
  static Tenant foreign;
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

  /** Somebody who may do everything with keys. */
  static Tenant person() {
    Tenant person = staff.person();
    staff.give(self(person), owner.project, "kms_adm");
    return person;
  }

  static String byToken(String more) {
    return "{'auth':{'identity':{'methods':['token']" + more + "}}}";
  }

  static Temporary temporary(Tenant who) {
    return temporary(who, "");
  }

  static Temporary temporary(Tenant who, String more) {
    return Temporary.of(server, who.send("POST", PATH, byToken(more)));
  }

  static Reply held(String token, String method, String path, String body) {
    HttpResponse<String> answer = server.byToken(token, method, path, body);
    return new Reply(answer.statusCode(), answer);
  }

  static HttpResponse<String> tokens(String body) {
    return server.logIn(body);
  }

  static String subject(HttpResponse<String> answer) {
    return answer
        .headers()
        .firstValue("X-Subject-Token")
        .orElseThrow(() -> new AssertionError(answer.body()));
  }

  static String login(Tenant who, String scope) {
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

  static String ofProject(Tenant who) {
    return "{'project':{'id':'" + who.project + "'}}";
  }

  /** An agency of the other account that trusts the owner's and may do everything with keys. */
  static String agency(String name) {
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

  static String ofAgency(String id) {
    return "/v3.0/OS-AGENCY/projects/" + foreign.project + "/agencies/" + id + "/roles/kms_adm";
  }

  private static void give(String agency) {
    foreign.send("PUT", ofAgency(agency), "").is(204);
  }

  static Tenant operator() {
    Tenant person = person();
    staff.giveForAccount(self(person), "te_agency");
    return person;
  }

  static String assuming(String agency, String more) {
    return "{'auth':{'identity':{'methods':['assume_role'],'assume_role':{'domain_id':'"
        + foreign.account
        + "','agency_name':'"
        + agency
        + "'"
        + more
        + "}}}}";
  }

  static String rescope(String token, String scope) {
    return "{'auth':{'identity':{'methods':['token'],'token':{'id':'"
        + token
        + "'}},'scope':"
        + scope
        + "}}";
  }

  static HttpResponse<String> assumed(Tenant who, String agency, String scope) {
    String body = assuming(agency, "");
    return who.send(
            "POST",
            "/v3/auth/tokens",
            body.substring(0, body.length() - 2) + ",'scope':" + scope + "}}")
        .raw();
  }
}
