package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** What happens to a store that another version of the program made. */
class MigrationsTest {
  @TempDir private Path scratch;

  private Database ofTheFirstVersion(Engine engine) throws IOException, SQLException {
    Database database = Database.empty(engine, scratch);
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
    Database database = Database.empty(Engine.SQLITE, scratch);
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
    Database database = Database.empty(engine, scratch);
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
    Database.empty(Engine.POSTGRES, scratch);
    PostgresProcess postgres = PostgresProcess.shared();
    DataSource migrations = new PostgresServer(postgres.settings("postgres")).migrations();
    Database database = new Database(migrations, SqlDialect.POSTGRES);

    assertThat(database.texts("SHOW statement_timeout")).containsExactly("0");
    assertThat(database.texts("SHOW idle_in_transaction_session_timeout")).containsExactly("0");
    assertThat(database.texts("SHOW synchronous_commit")).containsExactly("on");
  }

  @Test
  void theSchemaThatHoldsSomethingElseIsNamedAndWhatWasFoundThere() throws Exception {
    Database database = Database.empty(Engine.POSTGRES, scratch);
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
    Database database = Database.empty(engine, scratch);
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
