package dev.yaoku.store;

import java.io.Serial;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connects to PostgreSQL where it is the primary server, and refuses a standby. That one answers
 * reads as well, but with what was true a while ago: rights that were taken away since, or fewer
 * changes than this server knows of, as if the store had been set back (SECURITY_DESIGN C1). While
 * a cluster changes its primary, the name of the new one may lead to the old one for a while.
 *
 * <p>It is enough to ask once: a primary becomes a standby only by a restart, which ends all its
 * connections.
 */
final class PrimarySource extends PGSimpleDataSource {
  @Serial private static final long serialVersionUID = 1;

  /** PostgreSQL's own state for what a standby cannot do, "read only SQL transaction". */
  private static final String READ_ONLY = "25006";

  private final String settings;

  /**
   * A source of connections.
   *
   * @param settings statements that each begins with, or nothing: they hold whatever is between
   *     here and the server, and whatever the role has of its own
   */
  PrimarySource(String settings) {
    this.settings = settings;
  }

  @Override
  public Connection getConnection(@Nullable String user, @Nullable String password)
      throws SQLException {
    return ready(super.getConnection(user, password), _ -> {});
  }

  /** A connection that fails once the server leaves a statement without an answer for so long. */
  Connection getConnection(Duration patience) throws SQLException {
    int millis = Math.toIntExact(patience.toMillis());
    return ready(
        super.getConnection(getUser(), getPassword()),
        opened -> opened.setNetworkTimeout(Runnable::run, millis));
  }

  /** What a connection needs before anything is asked. */
  private interface Preparation {
    void prepare(Connection opened) throws SQLException;
  }

  private Connection ready(Connection opened, Preparation preparation) throws SQLException {
    try {
      preparation.prepare(opened);
      mustBePrimary(opened);
      set(opened);
      return opened;
    } catch (SQLException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private void set(Connection opened) throws SQLException {
    if (!settings.isEmpty()) {
      try (Statement statement = opened.createStatement()) {
        statement.execute(settings);
      }
    }
  }

  private static void mustBePrimary(Connection opened) throws SQLException {
    try (Statement statement = opened.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_is_in_recovery()")) {
      if (!row.next() || row.getBoolean(1)) {
        throw new SQLException("this PostgreSQL is a standby, or not yet the primary", READ_ONLY);
      }
    }
  }
}
