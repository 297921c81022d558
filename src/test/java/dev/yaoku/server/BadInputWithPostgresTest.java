package dev.yaoku.server;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.sql.SQLException;

/** The same of a server whose rows are in PostgreSQL, which takes less than SQLite. */
class BadInputWithPostgresTest extends BadInputTest {
  @Override
  PostgresSetup newDatabase() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    return new PostgresSetup();
  }
}
