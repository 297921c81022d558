package dev.yaoku.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection to PostgreSQL that reads apart from all others, for looks that must neither wait
 * behind requests nor hang with them. Where the server does not answer in time the connection is
 * closed, and the next read opens another.
 */
final class ImpatientReader implements Readers {
  private static final Logger LOG = LoggerFactory.getLogger(ImpatientReader.class);

  private final PostgresServer server;
  private final GenuineRows genuine;
  private final Health health;
  private final Duration patience;
  private @Nullable ReadSession session;

  /**
   * A reader without a connection yet.
   *
   * @param patience how long the server may leave a statement without an answer
   */
  ImpatientReader(PostgresServer server, GenuineRows genuine, Health health, Duration patience) {
    this.server = server;
    this.genuine = genuine;
    this.health = health;
    this.patience = patience;
  }

  @Override
  public synchronized <T> T read(Function<? super Reading, T> work) {
    try {
      ReadSession open = open();
      try {
        return open.read(work);
      } finally {
        if (open.isBroken()) {
          close();
        }
      }
    } catch (SQLException | RuntimeException e) {
      throw Failures.of(e);
    }
  }

  private ReadSession open() throws SQLException {
    ReadSession open = session;
    if (open == null) {
      open = new ReadSession(server.open(patience), SqlDialect.POSTGRES, genuine, health);
      session = open;
    }
    return open;
  }

  @Override
  public synchronized void close() {
    ReadSession open = session;
    session = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException | RuntimeException e) {
        LOG.debug("a connection of the store did not close", e);
      }
    }
  }
}
