package dev.yaoku.server;

import dev.yaoku.store.PostgresProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

/** A new database for a server, which is dropped at the end. */
public final class PostgresSetup implements AutoCloseable {
  private final PostgresProcess postgres = PostgresProcess.shared();
  private final String database = postgres.newDatabase(null);

  public PostgresSetup() throws IOException, SQLException {}

  /** What a server is told of it. */
  public Map<String, String> settings() throws IOException {
    return PostgresServerTest.settings(postgres.settings(database));
  }

  /** A connection behind the server's back. */
  Connection connect() throws SQLException {
    return postgres.connect(database);
  }

  @Override
  public void close() throws SQLException {
    postgres.dropDatabase(database);
  }
}
