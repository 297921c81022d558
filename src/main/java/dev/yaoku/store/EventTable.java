package dev.yaoku.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events of the database in the order in which they were entered, some at a time: a
 * reader that stays in one transaction would keep the write-ahead log from beginning anew.
 */
final class EventTable implements EventSource {
  private static final String SOME =
      "SELECT seq, at, account, entry FROM audit WHERE seq > ? ORDER BY seq LIMIT 500";

  private final Connection connection;
  private final Statements sql;
  private final Deque<AuditRow> some = new ArrayDeque<>();
  private long last;

  EventTable(Connection connection) throws SQLException {
    this.connection = connection;
    this.sql = new Statements(connection);
  }

  @Override
  public @Nullable AuditRow next() {
    if (some.isEmpty()) {
      some.addAll(
          sql.list(
              SOME,
              row -> {
                last = row.number(1);
                return new AuditRow(row.number(2), row.text(3), row.bytes(4));
              },
              last));
    }
    return some.poll();
  }

  @Override
  public void close() {
    try (connection) {
      sql.close();
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }
}
