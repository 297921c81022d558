package dev.yaoku.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Function;

/** A connection that reads, one snapshot after another. */
final class ReadSession implements AutoCloseable {
  private final Connection connection;
  private final SqlDialect dialect;
  private final GenuineRows genuine;
  private final Health health;
  private final Statements sql;
  private final Statement statement;
  private boolean broken;

  ReadSession(Connection connection, SqlDialect dialect, GenuineRows genuine, Health health)
      throws SQLException {
    this.connection = connection;
    this.dialect = dialect;
    this.genuine = genuine;
    this.health = health;
    this.sql = new Statements(connection);
    try {
      this.statement = connection.createStatement();
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** Runs the work on one snapshot, which is not older than what this server has seen. */
  <T> T read(Function<? super Reading, T> work) throws SQLException {
    health.mustBeUsable();
    long committedBefore = health.highestChange();
    broken = true;
    long change = begin();
    try {
      health.mustNotGoBack(change, committedBefore);
      return work.apply(new SqlReading(new CheckedRows(sql, genuine), dialect));
    } finally {
      sql.command("ROLLBACK");
      broken = false;
    }
  }

  private long begin() throws SQLException {
    // The query takes the snapshot; with PostgreSQL both travel to the server together.
    boolean rows = statement.execute(dialect.beginReading());
    while (!rows && statement.getUpdateCount() != -1) {
      rows = statement.getMoreResults();
    }
    try (ResultSet row =
        rows ? statement.getResultSet() : statement.executeQuery(SqlDialect.CHANGE_SEQUENCE)) {
      return row.next() ? row.getLong(1) : -1;
    }
  }

  /** Whether the last transaction did not end, so that the connection is of no more use. */
  boolean isBroken() {
    return broken;
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      statement.close();
      sql.close();
    }
  }
}
