package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever signs by a clock that is wrong is told what the server's says. */
class ClockSkewTest {
  private static final Duration AHEAD = Duration.ofMinutes(16);
  private static final Pattern TIME =
      Pattern.compile("signature expired; the server's clock says ([-0-9]{10}T[0-9:.]+Z)");

  private static final int EXPIRED = 403; // the gateway's, for a token whose time is over

  @TempDir Path folder;
  private volatile Duration ahead = Duration.ZERO;
  private volatile Duration passed = Duration.ZERO;

  @Test
  void aSignatureOutOfTimeIsAnsweredWithTheServersTime() throws IOException {
    Surroundings machine =
        new Surroundings(() -> Instant.now().plus(AHEAD), System::nanoTime, Randomness.kernel());
    try (LiveServer server = new LiveServer(folder.resolve("data"), Map.of(), machine)) {
      Tenant late = Tenant.first(server);
      for (String path : new String[] {"/v1.0/" + late.project + "/kms/list-keys", "/v3/users"}) {
        HttpResponse<String> answer = late.send("POST", path, "{}").is(401).raw();
        Matcher said = TIME.matcher(answer.body());
        assertThat(said.find()).as(answer.body()).isTrue();
        assertThat(Duration.between(Instant.now(), Instant.parse(said.group(1))))
            .isBetween(AHEAD.minusMinutes(1), AHEAD);
        assertThat(late.dating(AHEAD).send("POST", path, "{}").status()).isNotEqualTo(401);
        late.dating(Duration.ZERO);
      }
    }
  }

  @Test
  void whatAClockThatWasAheadIssuedIsNotGoodForLonger() throws IOException {
    try (LiveServer server = new LiveServer(folder.resolve("data"), Map.of(), movable())) {
      Tenant owner = Tenant.first(server);
      ahead = Duration.ofDays(365);
      String token = token(server);
      Temporary temporary =
          Temporary.of(
              server,
              owner
                  .dating(ahead)
                  .send(
                      "POST",
                      "/v3.0/OS-CREDENTIAL/securitytokens",
                      "{'auth':{'identity':{'methods':['token']}}}"));
      assertThat(withToken(server, token)).isEqualTo(200);

      ahead = Duration.ZERO;

      assertThat(withToken(server, token)).isEqualTo(EXPIRED);
      assertThat(temporary.lists(owner.project).status()).isEqualTo(EXPIRED);
      assertThat(withToken(server, token(server))).isEqualTo(200);
    }
  }

  @Test
  void whatMachinesIssueWhoseClocksAreALittleApartIsGood() throws IOException {
    try (LiveServer server = new LiveServer(folder.resolve("data"), Map.of(), movable())) {
      ahead = Duration.ofMinutes(14);
      String token = token(server);
      ahead = Duration.ZERO;
      assertThat(withToken(server, token)).isEqualTo(200);
    }
  }

  @Test
  void aClockThatIsAheadForgetsNoSignature() throws Exception {
    Map<String, String> settings = Map.of("auth.replay", "refuse-changes");
    try (LiveServer server = new LiveServer(folder.resolve("data"), settings, movable())) {
      Tenant.first(server).key("orders", "");
      assertThat(signaturesSeen()).isEqualTo(1);

      ahead = Duration.ofHours(3);
      server.yaoku.wiring().housekeeping().round();
      assertThat(signaturesSeen()).isEqualTo(1);

      passed = ahead;
      server.yaoku.wiring().keys().clocks().tick();
      server.yaoku.wiring().housekeeping().round();
      assertThat(signaturesSeen()).isZero();
    }
  }

  /** Else what was sent there could be sent once more to the others, whose clocks are right. */
  @Test
  void aServerThatStartsAheadOfAnotherForgetsNoSignature() throws Exception {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    String database = PostgresProcess.shared().newDatabase(null);
    Map<String, String> settings =
        new HashMap<>(PostgresServerTest.settings(PostgresProcess.shared().settings(database)));
    settings.put("auth.replay", "refuse-changes");
    ahead = Duration.ofMinutes(45);
    try (LiveServer right = new LiveServer(folder.resolve("data"), settings)) {
      Tenant.first(right).key("orders", "");
      try (LiveServer late = LiveServer.beside(folder.resolve("data"), settings, movable());
          Connection db = PostgresProcess.shared().connect(database)) {
        late.yaoku.wiring().housekeeping().round();
        assertThat(signaturesSeen(db)).isEqualTo(1);
        assertThat(right.yaoku.wiring().keys().clocks().waits()).isFalse();
      }
    } finally {
      PostgresProcess.shared().dropDatabase(database);
    }
  }

  private Surroundings movable() {
    return new Surroundings(
        () -> Instant.now().plus(ahead),
        () -> System.nanoTime() + passed.toNanos(),
        Randomness.kernel());
  }

  private static String token(LiveServer server) {
    String body =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"%s",
          "password":"%s","domain":{"name":"%s"}}}},"scope":{"project":{"id":"%s"}}}}
        """
            .formatted(
                server.known("user_name"),
                server.known("password"),
                server.known("domain_name"),
                server.known("project_id"));
    return server.logIn(body).headers().firstValue("X-Subject-Token").orElseThrow();
  }

  private static int withToken(LiveServer server, String token) {
    return server
        .byToken(token, "POST", "/v1.0/" + server.known("project_id") + "/kms/list-keys", "{}")
        .statusCode();
  }

  private long signaturesSeen() throws SQLException {
    try (Connection db =
        DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("data/yaoku.db"))) {
      return signaturesSeen(db);
    }
  }

  private static long signaturesSeen(Connection db) throws SQLException {
    try (Statement statement = db.createStatement();
        ResultSet rows = statement.executeQuery("SELECT count(*) FROM seen_signature")) {
      assertThat(rows.next()).isTrue();
      return rows.getLong(1);
    }
  }
}
