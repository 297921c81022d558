package dev.yaoku.server;

import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same of a server whose rows are in PostgreSQL. */
@EnabledIf(value = PostgresProcess.CAN_RUN, disabledReason = PostgresProcess.MISSING)
class ForgedThingsWithPostgresTest extends ForgedThingsTest {
  @Override
  PostgresSetup newDatabase() throws IOException, SQLException {
    return new PostgresSetup();
  }
}
