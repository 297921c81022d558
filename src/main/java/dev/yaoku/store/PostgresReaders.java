package dev.yaoku.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;

/** A pool of connections that read, each on the thread of whoever reads. */
final class PostgresReaders implements Readers {
  private final GenuineRows genuine;
  private final Health health;
  private final HikariDataSource pool;

  PostgresReaders(
      PostgresServer server, GenuineRows genuine, Health health, PostgresSettings settings) {
    this.genuine = genuine;
    this.health = health;
    HikariConfig config = new HikariConfig();
    config.setPoolName("store-readers");
    config.setDataSource(server.source());
    config.setMaximumPoolSize(settings.readers());
    config.setConnectionTimeout(settings.readWait().toMillis());
    this.pool = new HikariDataSource(config);
  }

  @Override
  public <T> T read(Function<? super Reading, T> work) {
    try (Connection connection = pool.getConnection();
        ReadSession session = new ReadSession(connection, SqlDialect.POSTGRES, genuine, health)) {
      return read(connection, session, work);
    } catch (SQLException | RuntimeException e) {
      throw Failures.of(e);
    }
  }

  private <T> T read(Connection connection, ReadSession session, Function<? super Reading, T> work)
      throws SQLException {
    try {
      return session.read(work);
    } finally {
      if (session.isBroken()) {
        // The pool does not know of the transaction, and would lend the connection in it again.
        pool.evictConnection(connection);
      }
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
