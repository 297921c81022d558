package dev.yaoku.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Types;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs SQL on one connection, by one thread. What was prepared is kept and used again: to parse and
 * plan a statement takes the engine longer than to run it.
 */
final class Statements implements AutoCloseable {
  /** Makes something of the row under the cursor. */
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  /** Takes what a row has. */
  interface Taker {
    void take(ResultSet row) throws SQLException;
  }

  /** Works with a statement. */
  private interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  /** Puts a text into a statement. */
  private interface Texts {
    void bind(PreparedStatement statement, int place, String text) throws SQLException;
  }

  /** The first column, a number. */
  static final Mapper<Long> NUMBER = row -> row.getLong(1);

  /** The first column, a text. */
  static final Mapper<String> TEXT = row -> row.getString(1);

  private static final int KEPT_MAX = 200;

  private final Connection connection;
  private final Map<String, PreparedStatement> kept = new LinkedHashMap<>(16, 0.75f, true);

  Statements(Connection connection) {
    this.connection = connection;
  }

  /** Every row of a query. A text with U+0000 is like none that is there. */
  <T> List<T> list(String sql, Mapper<T> mapper, @Nullable Object... parameters) {
    List<T> found = new ArrayList<>();
    each(sql, row -> found.add(mapper.map(row)), parameters);
    return found;
  }

  /** Every row of a query, one by one. */
  void each(String sql, Taker taker, @Nullable Object... parameters) {
    var _ =
        use(
            sql,
            statement -> {
              try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                  taker.take(rows);
                }
              }
              return true;
            },
            Statements::bindSought,
            parameters);
  }

  /** The first row of a query. A text with U+0000 is like none that is there. */
  <T> Optional<T> first(String sql, Mapper<T> mapper, @Nullable Object... parameters) {
    return use(
        sql,
        statement -> {
          try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? Optional.of(mapper.map(rows)) : Optional.empty();
          }
        },
        Statements::bindSought,
        parameters);
  }

  /** The one number that a query always gives. */
  long number(String sql, @Nullable Object... parameters) {
    return first(sql, NUMBER, parameters).orElseThrow();
  }

  /** Changes rows; says how many. */
  int execute(String sql, @Nullable Object... parameters) {
    return use(sql, PreparedStatement::executeUpdate, PreparedStatement::setString, parameters);
  }

  /** Steers a transaction. */
  void command(String sql) {
    use(sql, PreparedStatement::execute, PreparedStatement::setString);
  }

  /**
   * Ends a transaction for good.
   *
   * @throws StoreException also where the engine only warns: PostgreSQL does when somebody cancels
   *     the wait for a standby that has to have what is committed
   */
  void commit() {
    use("COMMIT", Statements::commitWithoutWarning, PreparedStatement::setString);
  }

  private static boolean commitWithoutWarning(PreparedStatement commit) throws SQLException {
    boolean rows = commit.execute();
    SQLWarning warning = commit.getWarnings();
    if (warning != null) {
      throw new SQLException(
          "the commit ended with a warning: " + warning.getMessage(), warning.getSQLState());
    }
    return rows;
  }

  private <T> T use(String sql, Use<T> use, Texts texts, @Nullable Object... parameters) {
    try {
      PreparedStatement statement = prepared(sql);
      bind(statement, texts, parameters);
      T result = use.of(statement);
      if (parameters.length > 0) {
        statement.clearParameters();
      }
      return result;
    } catch (SQLException e) {
      forget(sql);
      throw Failures.of(e);
    }
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = kept.get(sql);
    if (statement == null) {
      if (kept.size() >= KEPT_MAX) {
        forget(kept.keySet().iterator().next()); // the one not used for longest
      }
      statement = connection.prepareStatement(sql);
      kept.put(sql, statement);
    }
    return statement;
  }

  /** After a failure an engine's statement may be in any state. */
  private void forget(String sql) {
    PreparedStatement statement = kept.remove(sql);
    if (statement != null) {
      try {
        statement.close();
      } catch (SQLException e) {
        // The connection is failing, which whoever uses it is told by its own failure.
      }
    }
  }

  /**
   * No row has a text with U+0000 ({@link StrictUtf8}), and PostgreSQL does not take one even to
   * look for it: like NULL it equals nothing.
   */
  private static void bindSought(PreparedStatement statement, int place, String text)
      throws SQLException {
    if (text.indexOf(0) < 0) {
      statement.setString(place, text);
    } else {
      statement.setNull(place, Types.VARCHAR);
    }
  }

  private static void bind(PreparedStatement statement, Texts texts, @Nullable Object... parameters)
      throws SQLException {
    for (int i = 0; i < parameters.length; i++) {
      int place = i + 1;
      switch (parameters[i]) {
        case null -> statement.setNull(place, Types.NULL);
        case String text -> texts.bind(statement, place, text);
        case Long number -> statement.setLong(place, number);
        case Integer number -> statement.setInt(place, number);
        case byte[] bytes -> statement.setBytes(place, bytes);
        default -> throw new IllegalArgumentException("a parameter of an unknown type");
      }
    }
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : kept.values()) {
      statement.close();
    }
    kept.clear();
  }
}
