package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database that cannot hold every text is refused before it holds any. */
class PostgresEncodingTest {
  private PostgresProcess postgres;

  @BeforeEach
  void findsPostgres() throws IOException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    postgres = PostgresProcess.shared();
  }

  /** With SQL_ASCII every byte is a letter, also of what is no text. */
  @ParameterizedTest
  @ValueSource(strings = {"LATIN1", "SQL_ASCII", "EUC_JP"})
  void aDatabaseOfAnotherEncodingIsRefusedAndNothingIsMadeInIt(String encoding)
      throws SQLException {
    String database = postgres.newDatabaseIn(encoding);
    try {
      assertThatThrownBy(() -> open(database))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining(database)
          .hasMessageContaining(encoding)
          .hasMessageContaining("ENCODING 'UTF8'");
      assertThat(postgres.tables(database)).isZero();
    } finally {
      postgres.dropDatabase(database);
    }
  }

  @Test
  void oneInUtf8HoldsEveryText() throws SQLException {
    String database = postgres.newDatabaseIn("UTF8");
    try (SqlStore store = open(database)) {
      store.authenticateRowsWith(new TestRowMac());
      store.write(tx -> {
        tx.putSetting("installation", "\u65e5\u672c \ud83d\udd11");
        return true;
      });
      assertThat(store.<Optional<String>>read(tx -> tx.setting("installation")))
          .contains("\u65e5\u672c \ud83d\udd11");
    } finally {
      postgres.dropDatabase(database);
    }
  }

  private SqlStore open(String database) {
    return SqlStore.openPostgres(
        postgres.settings(database), _ -> {}, BeforeMigration.NOTHING, System::nanoTime);
  }
}
