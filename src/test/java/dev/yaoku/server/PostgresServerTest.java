package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.store.PostgresProcess;
import dev.yaoku.store.PostgresSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server whose keys are in PostgreSQL. */
class PostgresServerTest {
  @TempDir Path scratch;
  private String database = "";
  private Map<String, String> settings = Map.of();

  @BeforeEach
  void makesADatabase() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    database = PostgresProcess.shared().newDatabase(null);
    settings = settings(PostgresProcess.shared().settings(database));
  }

  static Map<String, String> settings(PostgresSettings known) throws IOException {
    Map<String, String> settings = new HashMap<>();
    settings.put("store.engine", "postgres");
    settings.put("store.postgres.host", known.host());
    settings.put("store.postgres.port", Integer.toString(known.port()));
    settings.put("store.postgres.database", known.database());
    settings.put("store.postgres.user", known.user());
    settings.put("store.postgres.password", "file:" + PostgresProcess.shared().passwordFile());
    settings.put("store.postgres.tls", "off");
    return settings;
  }

  @AfterEach
  void dropsIt() throws IOException, SQLException {
    PostgresProcess.shared().dropDatabase(database);
  }

  @Test
  void whatItKeptInPostgresItStillHasAfterARestart() throws IOException {
    String key;
    String ciphertext;
    try (LiveServer server = new LiveServer(scratch.resolve("data"), settings)) {
      key = server.kms("create-key", "{'key_alias':'kept'}", "/key_info/key_id");
      ciphertext =
          server.kms(
              "encrypt-data", "{'key_id':'" + key + "','plain_text':'hello'}", "/cipher_text");
      server.kms("create-key", "{'key_alias':'rsa','key_spec':'RSA_2048'}", "/key_info/key_id");
    }
    try (LiveServer server = new LiveServer(scratch.resolve("data"), settings)) {
      assertThat(server.kms("decrypt-data", "{'cipher_text':'" + ciphertext + "'}", "/plain_text"))
          .isEqualTo("hello");
      assertThat(server.kms("list-keys", "{}").at("/keys")).hasSize(2);
    }
    assertThat(scratch.resolve("data/yaoku.db")).doesNotExist();
  }

  /** What a restore brings back has tables of its own. */
  @Test
  void whereTheDatabaseOfAnInstallationIsEmptyNothingIsMadeInIt() throws Exception {
    Path data = scratch.resolve("data");
    new LiveServer(data, settings).close();
    PostgresProcess.shared().dropDatabase(database);
    database = PostgresProcess.shared().newDatabase(null);
    settings = settings(PostgresProcess.shared().settings(database));

    assertThatThrownBy(() -> new LiveServer(data, settings))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("Nothing was changed");

    try (Connection sql = asOwner();
        ResultSet tables =
            sql.createStatement()
                .executeQuery("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")) {
      assertThat(tables.next()).isTrue();
      assertThat(tables.getInt(1)).isZero();
    }
  }

  @Test
  void ofADiskThatTheRootKeyMightShareWithPostgresNothingIsSaid() throws IOException {
    try (CapturedLog log = new CapturedLog();
        LiveServer server = new LiveServer(scratch.resolve("data"), settings)) {
      assertThat(server.kms("list-keys", "{}").at("/keys")).isEmpty();
      assertThat(log.text()).doesNotContain("share a file system");
    }
  }

  /** As docs/postgresql.md has it, to the letter. */
  @Test
  void aRoleThatCanOnlyChangeRowsAndNoEventsIsEnough() throws Exception {
    Path data = scratch.resolve("data");
    new LiveServer(data, settings).close();
    String role = database + "_run";
    execute(
        "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(role, PostgresProcess.PASSWORD),
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO " + role,
        "REVOKE UPDATE, DELETE ON audit FROM " + role,
        "GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO " + role);
    Map<String, String> asRole = new HashMap<>(settings);
    asRole.put("store.postgres.user", role);
    try (LiveServer server = new LiveServer(data, asRole)) {
      String key = server.kms("create-key", "{'key_alias':'kept'}", "/key_info/key_id");
      server.kms("disable-key", "{'key_id':'" + key + "'}");
      assertThat(server.kms("list-keys", "{}").at("/keys")).hasSize(1);
      server.yaoku.wiring().housekeeping().round();
    } finally {
      execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  private PostgresSettings known() throws IOException {
    return PostgresProcess.shared().settings(database);
  }

  private void execute(String... statements) throws IOException, SQLException {
    try (Connection sql = asOwner();
        Statement statement = sql.createStatement()) {
      for (String one : statements) {
        statement.execute(one);
      }
    }
  }

  private Connection asOwner() throws IOException, SQLException {
    PostgresSettings known = known();
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(known.host(), known.port(), known.database()),
        known.user(),
        known.password() == null ? "" : known.password().value());
  }

  /** Nobody has to write for it: a database that hangs answers no look, either. */
  @Test
  void whereTheDatabaseHangsReadinessAndTheAlarmSayTheSame() throws IOException {
    Map<String, String> through = new HashMap<>(settings);
    try (Line line = new Line(Integer.parseInt(settings.get("store.postgres.port")))) {
      through.put("store.postgres.port", Integer.toString(line.port()));
      through.put("admin.address", "127.0.0.1:0");
      try (LiveServer server = new LiveServer(scratch.resolve("data"), through)) {
        assertThat(ofTheOperator(server, "/metrics").body())
            .contains("\nyaoku_store_writable 1.0\n");
        line.goDead();
        awaitReadiness(server, 503);
        assertThat(ofTheOperator(server, "/metrics").body())
            .contains("\nyaoku_store_writable 0.0\n");
        line.goOn();
        awaitReadiness(server, 200);
        assertThat(ofTheOperator(server, "/metrics").body())
            .contains("\nyaoku_store_writable 1.0\n");
      }
    }
  }

  private static void awaitReadiness(LiveServer server, int status) {
    long start = System.nanoTime();
    while (ofTheOperator(server, "/health/ready").statusCode() != status) {
      assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(90).toNanos());
      Thread.onSpinWait();
    }
  }

  private static HttpResponse<String> ofTheOperator(LiveServer server, String path) {
    URI page = URI.create("http://127.0.0.1:" + server.yaoku.adminPort() + path);
    return server.send(HttpRequest.newBuilder(page));
  }
}
