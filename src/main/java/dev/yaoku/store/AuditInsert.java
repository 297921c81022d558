package dev.yaoku.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/**
 * Appends events by statements that are prepared once, several rows at a time: the hottest of all
 * statements, so it goes by bare JDBC.
 */
final class AuditInsert implements AutoCloseable {
  private static final int[] ROWS = {16, 4, 1};
  private static final int COLUMNS = 3;

  private final PreparedStatement[] statements = new PreparedStatement[ROWS.length];

  AuditInsert(Connection connection) throws SQLException {
    for (int i = 0; i < ROWS.length; i++) {
      statements[i] =
          connection.prepareStatement(
              "INSERT INTO audit (at, account, entry) VALUES (?, ?, ?)"
                  + ", (?, ?, ?)".repeat(ROWS[i] - 1));
    }
  }

  void insert(List<AuditRow> events) throws SQLException {
    int done = 0;
    for (int i = 0; i < ROWS.length; i++) {
      for (; events.size() - done >= ROWS[i]; done += ROWS[i]) {
        insert(statements[i], events.subList(done, done + ROWS[i]));
      }
    }
  }

  private static void insert(PreparedStatement statement, List<AuditRow> events)
      throws SQLException {
    int place = 0;
    for (AuditRow event : events) {
      statement.setLong(place + 1, event.atMillis());
      statement.setString(place + 2, event.account());
      statement.setBytes(place + 3, event.entry());
      place += COLUMNS;
    }
    statement.executeUpdate();
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : statements) {
      statement.close();
    }
  }
}
