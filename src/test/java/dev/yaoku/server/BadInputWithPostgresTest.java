package dev.yaoku.server;

import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same of a server whose rows are in PostgreSQL, which takes less than SQLite. */
@EnabledIf(value = PostgresProcess.CAN_RUN, disabledReason = PostgresProcess.MISSING)
class BadInputWithPostgresTest extends BadInputTest {
  /** Few: what differs is what the database says to texts, and each kind of them is there. */
  @Override
  int rounds(int usual) {
    return usual / 4;
  }

  @Override
  PostgresSetup newDatabase() throws IOException, SQLException {
    return new PostgresSetup();
  }
}
