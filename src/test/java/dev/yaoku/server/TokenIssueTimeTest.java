package dev.yaoku.server;

import static dev.yaoku.server.Staff.PASSWORD;
import static dev.yaoku.server.Staff.deny;
import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A denial of all that was issued before a time, by which an administrator voids sessions. */
class TokenIssueTimeTest {
  private static final String KEYS = "/v3.0/OS-CREDENTIAL/securitytokens";

  /** How far the server's clock is ahead of the real one. */
  private static final AtomicReference<Duration> AHEAD = new AtomicReference<>(Duration.ZERO);

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Staff staff;

  @BeforeAll
  static void start() throws IOException {
    Surroundings machine =
        new Surroundings(
            () -> Instant.now().plus(AHEAD.get()), System::nanoTime, Randomness.kernel());
    server = new LiveServer(folder.resolve("data"), Map.of(), machine);
    owner = Tenant.first(server);
    staff = new Staff(owner);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String logIn(String user) {
    return logIn("password", "'password':{'user':{'id':'" + user + "','password':'%s'}}");
  }

  private static String logIn(String method, String proof) {
    HttpResponse<String> answer =
        server.logIn(
            "{'auth':{'identity':{'methods':['%s'],%s},'scope':{'project':{'id':'%s'}}}}"
                .formatted(method, proof.formatted(PASSWORD), owner.project));
    return answer
        .headers()
        .firstValue("X-Subject-Token")
        .orElseThrow(() -> new AssertionError(answer.body()));
  }

  private static Temporary keyOf(String token) {
    HttpResponse<String> made =
        server.byToken(token, "POST", KEYS, "{'auth':{'identity':{'methods':['token']}}}");
    return Temporary.of(server, new Reply(made.statusCode(), made));
  }

  private static int lists(String token) {
    String path = "/v1.0/" + owner.project + "/kms/list-keys";
    return server.byToken(token, "POST", path, "{}").statusCode();
  }

  private static int lists(Temporary key) {
    String path = "/v1.0/" + owner.project + "/kms/list-keys";
    Instant then = Instant.now().plus(AHEAD.get());
    return key.send(Signer.PLAIN, true, then, "POST", path, "{}").status();
  }

  @Test
  void whatIsDerivedFromAVoidedTokenIsVoidToo() {
    String person = staff.user();
    staff.giveEverywhere("users/" + person, "kms_adm");
    String stolen = logIn(person);
    assertThat(lists(stolen)).isEqualTo(200);

    AHEAD.set(Duration.ofMinutes(1));
    String now = Instant.now().plus(AHEAD.get()).toString();
    String denial = staff.policy(deny("'*'", "DateLessThan", "g:TokenIssueTime", now));
    staff.giveEverywhere("users/" + person, denial);
    AHEAD.set(Duration.ofMinutes(2));

    assertThat(lists(stolen)).isEqualTo(403);
    assertThat(lists(logIn("token", "'token':{'id':'" + stolen + "'}"))).isEqualTo(403);
    assertThat(lists(keyOf(stolen))).isEqualTo(403);
    String fresh = logIn(person);
    assertThat(lists(fresh)).isEqualTo(200);
    assertThat(lists(keyOf(fresh))).isEqualTo(200);
  }
}
