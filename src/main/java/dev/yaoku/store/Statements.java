package dev.yaoku.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;

/**
 * Runs SQL on one connection, by one thread. What was prepared is kept and used again: to parse and
 * plan a statement takes the engine longer than to run it.
 */
final class Statements implements AutoCloseable {
  /** Makes something of the row under the cursor. */
  interface Mapper<T> {
    T map(Columns row) throws SQLException;
  }

  /** Takes what a row has. */
  interface Taker {
    void take(Columns row) throws SQLException;
  }

  /** Works with a statement. */
  private interface Use<T> {
    T of(PreparedStatement statement) throws SQLException;
  }

  /** The first column, a number. */
  static final Mapper<Long> NUMBER = row -> row.number(1);

  /** The first column, a text. */
  static final Mapper<String> TEXT = row -> row.text(1);

  private static final int KEPT_MAX = 200;

  private final Connection connection;
  private final SqlRunner runner;
  private final Map<String, PreparedStatement> kept = new LinkedHashMap<>(16, 0.75f, true);

  Statements(Connection connection) throws SQLException {
    this.connection = connection;
    this.runner =
        connection.isWrapperFor(SQLiteConnection.class)
            ? new SqliteRunner(connection.unwrap(SQLiteConnection.class))
            : new JdbcRunner();
  }

  /** Every row of a query. A text with U+0000 is like none that is there. */
  <T> List<T> list(String sql, Mapper<T> mapper, @Nullable Object... parameters) {
    List<T> found = new ArrayList<>();
    each(sql, row -> found.add(mapper.map(row)), parameters);
    return found;
  }

  /** Every row of a query, one by one. */
  void each(String sql, Taker taker, @Nullable Object... parameters) {
    query(
        sql,
        row -> {
          taker.take(row);
          return true;
        },
        parameters);
  }

  /** The first row of a query. A text with U+0000 is like none that is there. */
  <T> Optional<T> first(String sql, Mapper<T> mapper, @Nullable Object... parameters) {
    List<T> found = new ArrayList<>(1);
    query(
        sql,
        row -> {
          found.add(mapper.map(row));
          return false;
        },
        parameters);
    return found.stream().findFirst();
  }

  /** The one number that a query always gives. */
  long number(String sql, @Nullable Object... parameters) {
    return first(sql, NUMBER, parameters).orElseThrow();
  }

  private void query(String sql, SqlRunner.Taker taker, @Nullable Object... parameters) {
    var _ =
        use(
            sql,
            statement -> {
              runner.query(statement, sought(parameters), taker);
              return true;
            });
  }

  /** Changes rows; says how many. */
  int execute(String sql, @Nullable Object... parameters) {
    return use(sql, statement -> runner.update(statement, parameters));
  }

  /** Steers a transaction. */
  void command(String sql) {
    use(sql, PreparedStatement::execute);
  }

  /**
   * Ends a transaction for good.
   *
   * @throws StoreException also where the engine only warns: PostgreSQL does when somebody cancels
   *     the wait for a standby that has to have what is committed
   */
  void commit() {
    use("COMMIT", Statements::commitWithoutWarning);
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

  private <T> T use(String sql, Use<T> use) {
    try {
      return use.of(prepared(sql));
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
  private static @Nullable Object[] sought(@Nullable Object[] parameters) {
    for (@Nullable Object parameter : parameters) {
      if (isNowhere(parameter)) {
        return Arrays.stream(parameters).map(each -> isNowhere(each) ? null : each).toArray();
      }
    }
    return parameters;
  }

  private static boolean isNowhere(@Nullable Object parameter) {
    return parameter instanceof String text && text.indexOf(0) >= 0;
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : kept.values()) {
      statement.close();
    }
    kept.clear();
  }
}
