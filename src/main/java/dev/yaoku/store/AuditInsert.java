package dev.yaoku.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Appends events by one statement that is prepared once: the hottest of all statements, so it goes
 * by bare JDBC.
 */
final class AuditInsert implements AutoCloseable {
  private final PreparedStatement statement;

  AuditInsert(Connection connection) throws SQLException {
    statement =
        connection.prepareStatement("INSERT INTO audit (at, account, entry) VALUES (?, ?, ?)");
  }

  void insert(List<AuditRow> events) throws SQLException {
    if (events.isEmpty()) {
      return;
    }
    for (AuditRow event : events) {
      statement.setLong(1, event.atMillis());
      statement.setString(2, event.account());
      statement.setBytes(3, event.entry());
      statement.addBatch();
    }
    statement.executeBatch();
  }

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
