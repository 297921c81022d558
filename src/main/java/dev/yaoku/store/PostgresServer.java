package dev.yaoku.store;

import dev.yaoku.secret.Redacted;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.postgresql.jdbc.SslMode;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/** Opens connections to PostgreSQL, encrypted and to the right server (SECURITY_DESIGN M14). */
final class PostgresServer {
  /**
   * A commit is durable before it is acknowledged, whatever the server's default is, and nothing
   * waits for a lock for ever. A server that stops in the middle of a change keeps all others
   * waiting: its transaction ends before they give up. One that is well pauses for milliseconds
   * between two statements. No statement takes seconds where the database is well: one that takes
   * longer is ended there before it is given up here, where nobody knows what it holds. A commit
   * that waits for a standby is no such statement: no limit ends it there.
   */
  private static final String OPTIONS =
      "-c synchronous_commit=on -c lock_timeout=5000 -c statement_timeout=10000"
          + " -c idle_in_transaction_session_timeout=3000";

  /**
   * What a migration does may take any time, also where the role has limits for statements and idle
   * transactions; only for locks it waits no longer than others.
   */
  private static final String MIGRATING =
      "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0";

  /** Whether a connection has what was asked for: a pooler in between may pass over it. */
  private static final String KEPT =
      "SELECT current_setting('synchronous_commit') IN ('on', 'remote_apply')"
          + " AND current_setting('lock_timeout') <> '0'"
          + " AND current_setting('statement_timeout') <> '0'"
          + " AND current_setting('idle_in_transaction_session_timeout') <> '0'";

  private static final int CONNECT_SECONDS = 5;

  /** How long nothing is heard of a machine that is lost without a word. */
  private static final int SOCKET_SECONDS = 15;

  private static final int WITHOUT_END = 0;

  /** The driver's own log, in a format of its own: what matters is in its exceptions. */
  private static final Logger DRIVER = Logger.getLogger("org.postgresql");

  static {
    DRIVER.setLevel(Level.OFF);
  }

  private final PrimarySource source;
  private final PrimarySource migrations;

  PostgresServer(PostgresSettings settings) {
    if (settings.host().startsWith("/")) {
      throw new StoreException(
          "PostgreSQL is reached by TCP only: give 127.0.0.1 as host instead of a socket's path.");
    }
    source = connectionsTo(settings, "", SOCKET_SECONDS);
    migrations = connectionsTo(settings, MIGRATING, WITHOUT_END);
  }

  private static PrimarySource connectionsTo(
      PostgresSettings settings, String first, int socketSeconds) {
    PrimarySource source = new PrimarySource(first);
    source.setServerNames(new String[] {settings.host()});
    source.setPortNumbers(new int[] {settings.port()});
    source.setDatabaseName(settings.database());
    source.setUser(settings.user());
    Redacted<String> password = settings.password();
    if (password != null) {
      source.setPassword(password.value());
    }
    source.setApplicationName("yaoku");
    source.setOptions(OPTIONS);
    source.setReWriteBatchedInserts(true);
    source.setTcpKeepAlive(true);
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setLoginTimeout(CONNECT_SECONDS);
    source.setSocketTimeout(socketSeconds);
    secure(source, settings);
    return source;
  }

  private static void secure(PrimarySource source, PostgresSettings settings) {
    if (!settings.tls()) {
      source.setSslMode(SslMode.DISABLE.value);
      return;
    }
    source.setSslMode(SslMode.VERIFY_FULL.value);
    source.setChannelBinding("require");
    Path root = settings.rootCertificate();
    if (root == null) {
      source.setSslfactory(DefaultJavaSSLFactory.class.getName());
    } else {
      source.setSslRootCert(root.toString());
    }
  }

  /**
   * Refuses a database that does not keep text in UTF-8. Most others cannot hold every letter, so
   * that names which are as good as any fail for ever; SQL_ASCII holds what is no text at all.
   *
   * @throws StoreException with the encoding and what to do; nothing is changed then
   */
  void mustHoldEveryText() {
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW server_encoding")) {
      String encoding = row.next() ? row.getString(1) : "unknown";
      if (!encoding.equals("UTF8")) {
        throw new StoreException(
            ("The database %s has the encoding %s, and the store needs UTF8. Make one with CREATE"
                    + " DATABASE ... TEMPLATE template0 ENCODING 'UTF8', move what there is with"
                    + " pg_dump, and name it in store.postgres.database. Nothing was changed.")
                .formatted(source.getDatabaseName(), encoding));
      }
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  /** All connections of a server that serves are made here. */
  DataSource source() {
    return source;
  }

  /** Connections whose statements may take any time. */
  DataSource migrations() {
    return migrations;
  }

  /**
   * A connection on which a commit is durable before it is acknowledged.
   *
   * @throws StoreException if something between here and the server passes over what that needs
   */
  Connection open() throws SQLException {
    Connection opened = source.getConnection();
    try {
      mustHaveKeptItsSettings(opened);
      return opened;
    } catch (SQLException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static void mustHaveKeptItsSettings(Connection opened) throws SQLException {
    try (Statement statement = opened.createStatement();
        ResultSet row = statement.executeQuery(KEPT)) {
      if (!row.next() || !row.getBoolean(1)) {
        throw new StoreException(
            "What is between this server and PostgreSQL, such as PgBouncer, passes over the"
                + " settings of a connection, so that changes could be lost after they were"
                + " answered: name PostgreSQL itself in store.postgres, or give the store's user"
                + " these settings there (docs/postgresql.md). Nothing was changed.");
      }
    }
  }

  /** A connection that fails once the server leaves a statement without an answer for so long. */
  Connection open(Duration patience) throws SQLException {
    return source.getConnection(patience);
  }
}
