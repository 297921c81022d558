package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** What happens to a store that another version of the program made. */
class MigrationsTest {
  @TempDir private Path scratch;

  /** An empty database of an engine. */
  private record Database(DataSource source, SqlDialect dialect) {
    void migrateTo(String version) {
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:db/migration")
          .javaMigrations(new WiderSets(dialect))
          .placeholders(dialect.types())
          .target(version)
          .load()
          .migrate();
    }

    void run(String sql) throws SQLException {
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    List<String> history() throws SQLException {
      return texts("SELECT version FROM flyway_schema_history ORDER BY installed_rank");
    }

    List<String> texts(String query) throws SQLException {
      List<String> texts = new ArrayList<>();
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(query)) {
        while (row.next()) {
          texts.add(row.getString(1));
        }
      }
      return texts;
    }
  }

  private Database empty(Engine engine) throws IOException, SQLException {
    if (engine == Engine.SQLITE) {
      SqliteFile file = SqliteFile.at(scratch.resolve("yaoku.db"), new Health(), 0);
      return new Database(file.source(), SqlDialect.SQLITE);
    }
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    PostgresProcess server = PostgresProcess.shared();
    PostgresServer database = new PostgresServer(server.settings(server.newDatabase(null)));
    return new Database(database.source(), SqlDialect.POSTGRES);
  }

  private Database ofTheFirstVersion(Engine engine) throws IOException, SQLException {
    Database database = empty(engine);
    database.migrateTo("1");
    String mac = engine == Engine.SQLITE ? "x'00'" : "'\\x00'";
    database.run(
        "INSERT INTO setting (name, value, row_version, system_key_version, row_mac)"
            + " VALUES ('root-key-fingerprint', '0123456789abcdef', 1, 1, "
            + mac
            + ")");
    return database;
  }

  @ParameterizedTest
  @EnumSource
  void anEarlierStoreIsMigratedAfterItWasFoundToBeOurs(Engine engine) throws Exception {
    Database database = ofTheFirstVersion(engine);
    List<Optional<String>> asked = new ArrayList<>();
    Migrations.run(
        database.source(),
        database.dialect(),
        true,
        found -> {
          asked.add(found.setting("root-key-fingerprint"));
          asked.add(found.setting("nothing"));
        });
    assertThat(asked).containsExactly(Optional.of("0123456789abcdef"), Optional.empty());
    assertThat(database.history()).last().isEqualTo(Integer.toString(Migrations.NEWEST));
  }

  /** What is authenticated of a row is the row, so that a table can be laid anew. */
  @ParameterizedTest
  @EnumSource
  void aliasesOfAnEarlierStoreStayAndEachProjectMayHaveItsOwn(Engine engine) throws Exception {
    Database database = empty(engine);
    database.migrateTo("14");
    database.run(alias(engine, "one"));
    assertThatThrownBy(() -> database.run(alias(engine, "two"))).isInstanceOf(SQLException.class);

    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);

    database.run(alias(engine, "two"));
    assertThatThrownBy(() -> database.run(alias(engine, "two"))).isInstanceOf(SQLException.class);
    assertThat(database.texts("SELECT project || name || key_id || alias FROM alias ORDER BY 1"))
        .containsExactly("oneappkey-1alias/app", "twoappkey-1alias/app");
  }

  /** Which keys have a trait was kept in rows of 4,096, as their bits or, where shorter, a list. */
  @ParameterizedTest
  @EnumSource
  void setsOfKeysOfAnEarlierStoreHoldTheSameKeys(Engine engine) throws Exception {
    Database database = empty(engine);
    database.migrateTo("20");
    String bits = "ff" + "00".repeat(6) + "01" + "00".repeat(503) + "80";
    database.run(setBefore(engine, "one", "all", "", "", 0, "0001" + "0fff"));
    database.run(setBefore(engine, "one", "all", "", "", 1, bits));
    database.run(setBefore(engine, "one", "all", "", "", 3, "0000"));
    database.run(setBefore(engine, "one", "all", "", "", 4, "0002"));
    database.run(setBefore(engine, "one", "tag", "a", "b", 4, "0003"));
    database.run(setBefore(engine, "one", "tag", "a", "c", 4, "0004"));
    database.run(setBefore(engine, "one", "tag", "b", "c", 4, "0005"));
    database.run(setBefore(engine, "one", "tag-key", "b", "c", 4, "0006"));
    database.run(setBefore(engine, "two", "tag-key", "b", "c", 4, "0007"));

    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);

    try (Connection connection = database.source().getConnection()) {
      KeySets sets = new KeySets(new Statements(connection));
      assertThat(numbers(sets.set("one", "all", "", "")))
          .containsExactly(
              16_386,
              12_288,
              8_128 + 7,
              4_096 + 63,
              4_096 + 62,
              4_096 + 61,
              4_096 + 60,
              4_096 + 59,
              4_096 + 58,
              4_096 + 57,
              4_096 + 56,
              4_096,
              4_095,
              1);
      assertThat(numbers(sets.set("one", "tag", "a", "b"))).containsExactly(16_387);
      assertThat(numbers(sets.set("one", "tag", "a", "c"))).containsExactly(16_388);
      assertThat(numbers(sets.set("one", "tag", "b", "c"))).containsExactly(16_389);
      assertThat(numbers(sets.set("one", "tag-key", "b", "c"))).containsExactly(16_390);
      assertThat(numbers(sets.set("two", "tag-key", "b", "c"))).containsExactly(16_391);
    }
    assertThat(database.texts("SELECT count(*) FROM trait_set")).containsExactly("7");
  }

  /** Copying is part of the transaction in which the schema changes. */
  @ParameterizedTest
  @EnumSource
  void setsThatCannotBeCopiedStayAndTheNextStartCopiesThem(Engine engine) throws Exception {
    Database database = empty(engine);
    database.migrateTo("20");
    database.run(
        """
        INSERT INTO key_set WITH RECURSIVE n(bucket) AS
          (SELECT 0 UNION ALL SELECT bucket + 4 FROM n WHERE bucket < 4396)
        SELECT 'one', 'all', '', '', bucket, %s FROM n
        """
            .formatted(bytes(engine, "0001")));
    for (String damaged : List.of("000102", "1000", "8001", "00".repeat(514))) {
      database.run(setBefore(engine, "two", "all", "", "", 0, damaged));
      assertThatThrownBy(() ->
              Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING))
          .as(damaged)
          .isInstanceOf(StoreException.class)
          .hasStackTraceContaining("index of keys is damaged");
      assertThat(database.history()).last().isEqualTo("20");
      assertThat(database.texts("SELECT count(*) FROM key_set")).containsExactly("1101");
      database.run("DELETE FROM key_set WHERE project = 'two'");
    }
    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);
    assertThat(database.texts("SELECT count(*) FROM trait_set")).containsExactly("1100");
  }

  /** Whatever their keys are, and with no place, which their MACs do not cover. */
  @ParameterizedTest
  @EnumSource
  void versionsAndGrantsOfAnEarlierStoreStayAsTheyAre(Engine engine) throws Exception {
    Database database = empty(engine);
    database.migrateTo("21");
    database.run(key(engine, "key-b", "one", 2));
    database.run(version(engine, "key-b", 1, "null"));
    database.run(version(engine, "key-b", 2, "7"));
    database.run(version(engine, "gone", 1, "null"));
    database.run(grant(engine, "grant-1", "key-b", "one", "null"));
    database.run(grant(engine, "grant-2", "gone", "two", "'grant-0'"));

    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);

    String hex = engine == Engine.SQLITE ? "hex(%s)" : "upper(encode(%s, 'hex'))";
    String bytes = hex.formatted("wrapped") + "||'/'||" + hex.formatted("row_mac");
    assertThat(
            database.texts(
                """
                SELECT key_id||'/'||version||'/'||material_id||'/'||%s||'/'||%s||'/'
                ||coalesce(expires_at, -1)||'/'||row_version||'/'||project_key_version||waiting
                ||coalesce(project, '-')||coalesce(key_number, -1)
                FROM key_version ORDER BY key_id, version
                """
                    .formatted(bytes, hex.formatted("fingerprint"))))
        .containsExactly(
            "gone/1/m1/AB01/CD01/EF/-1/31/40--1",
            "key-b/1/m1/AB01/CD01/EF/-1/31/40--1",
            "key-b/2/m2/AB02/CD02/EF/7/32/40--1");
    assertThat(
            database.texts(
                """
                SELECT id||'/'||project||'/'||key_id||'/'||grantee||grantee_type||operations
                ||issuer||coalesce(retiring, '-')||coalesce(name, '-')||created_at||row_version||'/'
                ||coalesce(parent, '-')||'/'||%s||coalesce(key_number, -1)
                FROM key_grant ORDER BY id
                """
                    .formatted(hex.formatted("row_mac"))))
        .containsExactly(
            "grant-1/one/key-b/whouserdecrypt-datame--51/-/CD-1",
            "grant-2/two/gone/whouserdecrypt-datame--51/grant-0/CD-1");
    assertThatThrownBy(() -> database.run(version(engine, "key-b", 2, "null")))
        .as("a version is there once")
        .isInstanceOf(SQLException.class);
  }

  /** A migration must not leave what a later destruction would not find (SECURITY_DESIGN C3). */
  @Test
  void materialThatAMigrationMovedIsNowhereOnceItIsDestroyed() throws Exception {
    Database database = empty(Engine.SQLITE);
    database.migrateTo("21");
    database.run(key(Engine.SQLITE, "key-a", "one", 1));
    database.run(version(Engine.SQLITE, "key-a", 1, "null"));
    String mark = "5ec4e7".repeat(20);
    database.run("UPDATE key_version SET wrapped = x'" + mark + "'");
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");
    assertThat(fileAsHex()).contains(mark);

    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);
    assertThat(database.texts("SELECT lower(hex(wrapped)) FROM key_version")).containsExactly(mark);
    database.run("DELETE FROM key_version");
    database.run("PRAGMA wal_checkpoint(TRUNCATE)");

    assertThat(fileAsHex()).doesNotContain(mark);
  }

  private String fileAsHex() throws IOException {
    return HexFormat.of().formatHex(Files.readAllBytes(scratch.resolve("yaoku.db")));
  }

  private static String key(Engine engine, String id, String project, int number) {
    return """
    INSERT INTO "key" (id, account, project, number, name, description, spec, usage, origin, state,
      created_at, realm, enterprise_project, keystore, is_default, current_version,
      rotation_enabled, rotation_interval_days, rotation_count, replica_set, tag_digest,
      row_version, system_key_version, row_mac)
    VALUES ('%s', 'a', '%s', %d, 'n', '', 'AES_256', 'ENCRYPT_DECRYPT', 'KMS', 'ENABLED',
      1, 'r', '0', '0', 0, 1, 0, 0, 0, '', %s, 1, 1, %s)
    """
        .formatted(id, project, number, bytes(engine, ""), bytes(engine, "cd"));
  }

  private static String version(Engine engine, String key, int number, String expiresAt) {
    return """
    INSERT INTO key_version (key_id, version, material_id, wrapped, project_key_version,
      fingerprint, waiting, created_at, expires_at, row_version, system_key_version, row_mac)
    VALUES ('%s', %d, 'm%d', %s, 4, %s, 0, 5, %s, 3%d, 1, %s)
    """
        .formatted(
            key,
            number,
            number,
            bytes(engine, "ab0" + number),
            bytes(engine, "ef"),
            expiresAt,
            number,
            bytes(engine, "cd0" + number));
  }

  private static String grant(Engine engine, String id, String key, String project, String parent) {
    return """
    INSERT INTO key_grant (id, key_id, project, grantee, grantee_type, operations, issuer,
      created_at, row_version, system_key_version, row_mac, parent)
    VALUES ('%s', '%s', '%s', 'who', 'user', 'decrypt-data', 'me', 5, 1, 1, %s, %s)
    """
        .formatted(id, key, project, bytes(engine, "cd"), parent);
  }

  private static String bytes(Engine engine, String hex) {
    return (engine == Engine.SQLITE ? "x'" : "'\\x") + hex + "'";
  }

  private static long[] numbers(NumberSet set) {
    return set.page(0, 100);
  }

  private static String setBefore(
      Engine engine,
      String project,
      String facet,
      String name,
      String value,
      int bucket,
      String hex) {
    return "INSERT INTO key_set VALUES ('%s', '%s', '%s', '%s', %d, %s)"
        .formatted(project, facet, name, value, bucket, bytes(engine, hex));
  }

  private static String alias(Engine engine, String project) {
    return "INSERT INTO alias (account, name, project, key_id, alias, created_at, updated_at,"
        + " row_version, system_key_version, row_mac) VALUES ('acme', 'app', '"
        + project
        + "', 'key-1', 'alias/app', 1, 2, 1, 1, "
        + (engine == Engine.SQLITE ? "x'00'" : "'\\x00'")
        + ")";
  }

  @ParameterizedTest
  @EnumSource
  void anEarlierStoreOfAnotherRootKeyIsNotTouched(Engine engine) throws Exception {
    Database database = ofTheFirstVersion(engine);
    assertThatThrownBy(() ->
            Migrations.run(
                database.source(),
                database.dialect(),
                true,
                _ -> {
                  throw new IllegalArgumentException("not ours");
                }))
        .hasMessage("not ours");
    assertThat(database.history()).containsExactly("1");
  }

  @ParameterizedTest
  @EnumSource
  void aRoleThatMayNotMigrateSaysWhoMust(Engine engine) throws Exception {
    Database database = ofTheFirstVersion(engine);
    assertThatThrownBy(() ->
            Migrations.run(database.source(), database.dialect(), false, BeforeMigration.NOTHING))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("schema version 1")
        .hasMessageContaining("migrate it first");
    assertThat(database.history()).containsExactly("1");
  }

  /** Another database, which the sentence for foreign ones advises, would fail as well. */
  @Test
  void aDiskOrPermissionThatKeepsAMigrationFromItsWorkIsNamedAsThat() throws Exception {
    ofTheFirstVersion(Engine.SQLITE);
    SQLiteConfig readOnly = new SQLiteConfig();
    readOnly.setReadOnly(true);
    SQLiteDataSource source = new SQLiteDataSource(readOnly);
    source.setUrl("jdbc:sqlite:" + scratch.resolve("yaoku.db"));

    assertThatThrownBy(
            () -> Migrations.run(source, SqlDialect.SQLITE, true, BeforeMigration.NOTHING))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("read and write permission")
        .hasMessageNotContaining("use an empty one");
  }

  @Test
  void aDatabaseThatHoldsSomethingElseIsNotTouched() throws Exception {
    Database database = empty(Engine.SQLITE);
    database.run("CREATE TABLE setting (other TEXT)");

    assertThatThrownBy(() ->
            Migrations.run(database.source(), SqlDialect.SQLITE, true, BeforeMigration.NOTHING))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("use an empty one");
  }

  @ParameterizedTest
  @EnumSource
  void aMigrationThatFailsLeavesNothingOfItselfAndTheNextStartGoesOn(Engine engine)
      throws Exception {
    Database database = empty(engine);
    database.migrateTo("18");
    database.run("CREATE TABLE ended_sessions (other TEXT)");

    assertThatThrownBy(() ->
            Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("the next start goes on from there")
        .hasMessageNotContaining("use an empty one");
    assertThat(database.history()).last().isEqualTo("18");

    database.run("DROP TABLE ended_sessions");
    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);
    assertThat(database.history()).last().isEqualTo(Integer.toString(Migrations.NEWEST));
  }

  /** A large store's migration takes minutes, and one that is ended begins anew at each start. */
  @Test
  void noStatementOfAMigrationIsEndedForItsTime() throws Exception {
    empty(Engine.POSTGRES);
    PostgresProcess postgres = PostgresProcess.shared();
    DataSource migrations = new PostgresServer(postgres.settings("postgres")).migrations();
    Database database = new Database(migrations, SqlDialect.POSTGRES);

    assertThat(database.texts("SHOW statement_timeout")).containsExactly("0");
    assertThat(database.texts("SHOW idle_in_transaction_session_timeout")).containsExactly("0");
    assertThat(database.texts("SHOW synchronous_commit")).containsExactly("on");
  }

  @Test
  void theSchemaThatHoldsSomethingElseIsNamedAndWhatWasFoundThere() throws Exception {
    Database database = empty(Engine.POSTGRES);
    database.run("CREATE SCHEMA other");
    database.run("CREATE TABLE other.setting (other TEXT)");
    database.run(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = other, public',"
            + " current_database()); END $$");

    assertThatThrownBy(() ->
            Migrations.run(database.source(), SqlDialect.POSTGRES, true, BeforeMigration.NOTHING))
        .isInstanceOfSatisfying(
            StoreException.class,
            failure ->
                assertThat(failure.inOneLine())
                    .contains("The schema \"other\" of the database could not be brought to")
                    .contains("use an empty one. (")
                    .contains("non-empty"));
  }

  @ParameterizedTest
  @EnumSource
  void aStoreOfANewerProgramIsLeftAlone(Engine engine) throws Exception {
    Database database = empty(engine);
    Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING);
    database.run(
        "UPDATE flyway_schema_history SET version = '999' WHERE version = '"
            + Migrations.NEWEST
            + "'");
    assertThatThrownBy(() ->
            Migrations.run(database.source(), database.dialect(), true, BeforeMigration.NOTHING))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("schema version 999")
        .hasMessageContaining("start the newer program. Nothing was changed.");
  }
}
