package dev.yaoku.store;

import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Turns failures of the database into a sentence that says what to do. */
final class Failures {
  private static final int SQLITE_BUSY = 5;
  private static final int SQLITE_READONLY = 8;
  private static final int SQLITE_IOERR = 10;
  private static final int SQLITE_CORRUPT = 11;
  private static final int SQLITE_FULL = 13;
  private static final int SQLITE_CANTOPEN = 14;
  private static final int SQLITE_CONSTRAINT = 19;
  private static final int SQLITE_NOTADB = 26;

  /** Of PostgreSQL: no permission, read-only, no room. */
  private static final Set<String> PLACE_STATES = Set.of("42501", "25006", "53100");

  /** Of PostgreSQL: what somebody else holds was waited for too long. */
  private static final String HELD_BY_OTHERS = "55P03";

  /** Of PostgreSQL: a transaction that did nothing for too long was ended. */
  private static final String IDLE_TOO_LONG = "25P03";

  /** Of the driver of PostgreSQL: no TLS there, or no password here. */
  private static final String CONNECTION_REJECTED = "08004";

  private static final String NOT_AS_CONFIGURED =
      "PostgreSQL answers, but the connection is not as it must be: look at its certificate, and at"
          + " host, tls, root-certificate and password of store.postgres.";

  private Failures() {}

  /** The failure as it is thrown to callers; refusals and bugs stay what they are. */
  static RuntimeException of(Throwable failure) {
    SQLException cause = sqlCause(failure);
    if (cause == null || failure instanceof StoreException) {
      return failure instanceof RuntimeException known
          ? known
          : new StoreException("The store failed: " + failure.getMessage(), failure);
    }
    return new StoreException(sentence(cause), failure);
  }

  /** Whether another transaction was quicker, so that trying again is the remedy. */
  static boolean isSerialisation(Throwable failure) {
    SQLException cause = sqlCause(failure);
    String state = cause == null ? null : cause.getSQLState();
    return "40001".equals(state) || "40P01".equals(state);
  }

  /** Whether others held what was needed, for longer than anybody waits. */
  static boolean isOfWaiting(Throwable failure) {
    SQLException cause = sqlCause(failure);
    return cause != null && HELD_BY_OTHERS.equals(cause.getSQLState());
  }

  /** Whether the connection to PostgreSQL is lost, and with it what was not committed there. */
  static boolean isOfConnection(Throwable failure) {
    SQLException cause = sqlCause(failure);
    String state = cause == null || isOfSqlite(cause) ? null : cause.getSQLState();
    return state != null
        && (state.startsWith("08") || state.startsWith("57P") || state.equals(IDLE_TOO_LONG));
  }

  /** Whether the database engine failed, so that the transaction may be of no use any more. */
  static boolean isOfEngine(Throwable failure) {
    return sqlCause(failure) != null;
  }

  /**
   * Whether the place of the store failed, and not what is in it: permissions, the disk, or a
   * server that does not answer.
   */
  static boolean isOfPlace(Throwable failure) {
    SQLException cause = sqlCause(failure);
    if (cause == null) {
      return false;
    }
    String state = cause.getSQLState();
    if (state != null && !isOfSqlite(cause)) {
      return PLACE_STATES.contains(state) || state.startsWith("08") || state.startsWith("57P");
    }
    return switch (cause.getErrorCode() & 0xff) {
      case SQLITE_READONLY, SQLITE_FULL, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_BUSY -> true;
      default -> false;
    };
  }

  private static @Nullable SQLException sqlCause(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  private static String sentence(SQLException cause) {
    String state = cause.getSQLState();
    if (state == null || isOfSqlite(cause)) {
      return ofSqlite(cause);
    }
    return isOfTrust(cause) ? NOT_AS_CONFIGURED : ofPostgres(state);
  }

  /** Whether the server is there, and one of both is not satisfied with the other. */
  private static boolean isOfTrust(SQLException cause) {
    if (CONNECTION_REJECTED.equals(cause.getSQLState()) || isOfOtherName(cause)) {
      return true;
    }
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof SSLException || t instanceof GeneralSecurityException) {
        return true;
      }
    }
    return false;
  }

  /** The driver says so in words only. */
  private static boolean isOfOtherName(SQLException cause) {
    String message = cause.getMessage();
    return message != null && message.contains("hostnameverifier");
  }

  private static boolean isOfSqlite(SQLException cause) {
    return cause.getClass().getName().startsWith("org.sqlite");
  }

  private static String ofSqlite(SQLException cause) {
    return switch (cause.getErrorCode() & 0xff) {
      case SQLITE_FULL -> "The disk of the store is full: free some space. Nothing was changed.";
      case SQLITE_READONLY, SQLITE_CANTOPEN ->
          "The store cannot be opened for writing: give the server's user read and write permission"
              + " on the data directory and the files in it.";
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          "The store file is damaged: stop the server, keep the file, and restore a backup.";
      case SQLITE_IOERR ->
          "The disk of the store fails to read or write: look at the system's log.";
      case SQLITE_BUSY ->
          "Another program holds the store: only one server may use a data directory.";
      case SQLITE_CONSTRAINT -> "The row is there already, or breaks a rule of the schema.";
      default -> "The store failed: look at the cause in the log.";
    };
  }

  private static String ofPostgres(String state) {
    return switch (state) {
      case "53100" -> "The disk of PostgreSQL is full: free some space. Nothing was changed.";
      case "42501" ->
          "PostgreSQL denies this user a permission that the store needs: see docs/postgresql.md.";
      case HELD_BY_OTHERS ->
          "Somebody holds what a change needs for more than 5 seconds: look in pg_stat_activity for"
              + " a server that hangs, or a transaction that was left open.";
      case "08P01" ->
          "What answers in PostgreSQL's place does not take this server's connections: if it is a"
              + " pooler such as PgBouncer, name PostgreSQL itself in store.postgres.";
      case "26000", "42P05" ->
          "A pooler gives each transaction another connection: name PostgreSQL itself in"
              + " store.postgres, or let the pooler keep connections for a session.";
      case "25006" -> "PostgreSQL is read-only: connect to the primary server.";
      case "57014" ->
          "PostgreSQL ended a statement that took too long, or that somebody ended: look at"
              + " statement_timeout, and at what else keeps the database busy.";
      case IDLE_TOO_LONG ->
          "A change stood still for seconds, and PostgreSQL ended it: look whether this machine has"
              + " too little time or memory. Nothing was changed.";
      case "XX001", "XX002" -> "The database is damaged: restore a backup.";
      default -> ofClassOfState(state);
    };
  }

  private static String ofClassOfState(String state) {
    return switch (state.length() < 2 ? "" : state.substring(0, 2)) {
      case "08", "57" -> "PostgreSQL does not answer: check that it runs and can be reached.";
      case "28" -> "PostgreSQL refuses the user or password of the store.";
      case "3D" -> "PostgreSQL has no database of the configured name: create it.";
      case "23" -> "The row is there already, or breaks a rule of the schema.";
      case "40" -> "Too many servers change the same rows at once: try again.";
      default -> "The store failed: look at the cause in the log.";
    };
  }
}
