package dev.yaoku.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import org.jspecify.annotations.Nullable;

/** Runs statements by what every driver of JDBC has. */
final class JdbcRunner implements SqlRunner {
  @Override
  public int update(PreparedStatement statement, @Nullable Object[] parameters)
      throws SQLException {
    bind(statement, parameters);
    int changed = statement.executeUpdate();
    unbind(statement, parameters);
    return changed;
  }

  @Override
  public void query(PreparedStatement statement, @Nullable Object[] parameters, Taker taker)
      throws SQLException {
    bind(statement, parameters);
    try (ResultSet rows = statement.executeQuery()) {
      Columns columns = new ResultColumns(rows);
      boolean wanted = true;
      while (wanted && rows.next()) {
        wanted = taker.take(columns);
      }
    }
    unbind(statement, parameters);
  }

  private static void bind(PreparedStatement statement, @Nullable Object[] parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      int place = i + 1;
      switch (parameters[i]) {
        case null -> statement.setNull(place, Types.NULL);
        case String text -> statement.setString(place, text);
        case Long number -> statement.setLong(place, number);
        case Integer number -> statement.setInt(place, number);
        case byte[] bytes -> statement.setBytes(place, bytes);
        default -> throw new IllegalArgumentException("a parameter of an unknown type");
      }
    }
  }

  private static void unbind(PreparedStatement statement, @Nullable Object[] parameters)
      throws SQLException {
    if (parameters.length > 0) {
      statement.clearParameters();
    }
  }

  /** The row under the cursor of a result. */
  private record ResultColumns(ResultSet row) implements Columns {
    @Override
    public long number(int column) throws SQLException {
      return row.getLong(column);
    }

    @Override
    public @Nullable Long numberOrNull(int column) throws SQLException {
      long number = row.getLong(column);
      return row.wasNull() ? null : number;
    }

    @Override
    public @Nullable String textOrNull(int column) throws SQLException {
      return row.getString(column);
    }

    @Override
    public byte @Nullable [] bytesOrNull(int column) throws SQLException {
      return row.getBytes(column);
    }
  }
}
