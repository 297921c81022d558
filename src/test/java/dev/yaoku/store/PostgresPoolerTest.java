package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Behind a pooler that forgets what a connection asked for, a commit may be less than durable. */
class PostgresPoolerTest {
  private PostgresProcess postgres;
  private String database = "";

  @BeforeEach
  void findsPostgres() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    postgres = PostgresProcess.shared();
    database = postgres.newDatabase(null);
  }

  @AfterEach
  void dropsTheDatabase() throws SQLException {
    postgres.dropDatabase(database);
  }

  @Test
  void aConnectionWithoutItsSettingsIsRefusedAndNothingIsMade() throws Exception {
    try (ForgetfulPooler pooler = new ForgetfulPooler(postgres.port())) {
      assertThatThrownBy(() -> open(pooler))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("PgBouncer")
          .hasMessageContaining("Nothing was changed");
    }
    assertThat(postgres.tables(database)).isZero();
  }

  @Test
  void theSettingsMayBeTheUsersOwn() throws Exception {
    always("synchronous_commit = on", "lock_timeout = 5000", "statement_timeout = 30000");
    try (ForgetfulPooler pooler = new ForgetfulPooler(postgres.port())) {
      assertThatThrownBy(() -> open(pooler)).hasMessageContaining("PgBouncer");
      always("idle_in_transaction_session_timeout = 30000");
      open(pooler).close();
      always("synchronous_commit = local");
      assertThatThrownBy(() -> open(pooler)).hasMessageContaining("PgBouncer");
    }
  }

  private void always(String... settings) throws SQLException {
    try (Connection connection = postgres.connect(database);
        Statement statement = connection.createStatement()) {
      for (String setting : settings) {
        statement.execute("ALTER DATABASE " + database + " SET " + setting);
      }
    }
  }

  private SqlStore open(ForgetfulPooler pooler) {
    return SqlStore.openPostgres(
        PostgresProcess.settingsThrough(pooler.port(), database),
        _ -> {},
        BeforeMigration.NOTHING,
        System::nanoTime);
  }
}
