package dev.yaoku.store;

import dev.yaoku.key.Problem;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An open store, and a connection to the same database behind its back. */
final class TestStore implements AutoCloseable {
  /** Opens what is under test and what looks at it. */
  interface Opener {
    SqlStore open(Consumer<Problem.RowNotGenuine> notGenuine);
  }

  /** Opens a connection behind the store's back. */
  interface BackDoor {
    Connection open() throws SQLException;
  }

  /** What else is to be undone at the end. */
  interface Closing {
    void close() throws IOException;
  }

  /** Rows that the store reported as not genuine. */
  final List<Problem.RowNotGenuine> reported = new CopyOnWriteArrayList<>();

  final Engine engine;
  final BackDoor backDoor;
  private final Opener opener;
  private final @Nullable EventFiles eventFiles;
  private final Closing closing;
  private SqlStore store;

  TestStore(Engine engine, Opener opener, BackDoor backDoor, Closing closing) {
    this(engine, opener, backDoor, null, closing);
  }

  TestStore(
      Engine engine,
      Opener opener,
      BackDoor backDoor,
      @Nullable EventFiles eventFiles,
      Closing closing) {
    this.engine = engine;
    this.eventFiles = eventFiles;
    this.opener = opener;
    this.backDoor = backDoor;
    this.closing = closing;
    this.store = opener.open(reported::add);
    store.authenticateRowsWith(new TestRowMac());
  }

  SqlStore store() {
    return store;
  }

  /** Stops the server and starts it anew, so that nothing is left in memory. */
  SqlStore reopen() {
    store.close();
    store = opener.open(reported::add);
    store.authenticateRowsWith(new TestRowMac());
    return store;
  }

  /**
   * How the engine finds what a query is about, with values in place of parameters, which say no
   * more about a table than these do. On an empty table PostgreSQL would rather read all of it, so
   * that way is closed to it.
   */
  String plan(String sql) throws SQLException {
    boolean sqlite = engine == Engine.SQLITE;
    StringBuilder plan = new StringBuilder();
    String query = sql.replace("LIMIT ?", "LIMIT 9").replace("?", "'x'");
    try (Connection connection = backDoor.open();
        Statement statement = connection.createStatement()) {
      if (!sqlite) {
        statement.execute("SET enable_seqscan = off");
      }
      String explain = sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ";
      try (ResultSet rows = statement.executeQuery(explain + query)) {
        while (rows.next()) {
          plan.append(rows.getString(sqlite ? "detail" : "QUERY PLAN")).append('\n');
        }
      }
    }
    return plan.toString();
  }

  /** Changes the database without the store's knowledge; says how many rows were touched. */
  int behindItsBack(String sql, Object... parameters) throws SQLException {
    try (Connection connection = backDoor.open();
        PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      return statement.executeUpdate();
    }
  }

  /**
   * Removes what servers of one database tell each other, so that each table has what a test wrote.
   */
  void forgetsChangedKeys() throws SQLException {
    behindItsBack("DELETE FROM setting WHERE name = ?", ChangedKeys.SETTING);
  }

  /** The first column of what a query finds. */
  List<Object> seenBehindItsBack(String sql) throws SQLException {
    try (Connection connection = backDoor.open();
        PreparedStatement statement = connection.prepareStatement(sql);
        ResultSet rows = statement.executeQuery()) {
      List<Object> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getObject(1));
      }
      return found;
    }
  }

  /** All events, those of changes first. */
  List<AuditRow> events() {
    List<AuditRow> events = new ArrayList<>();
    try (EventSource source = new EventTable(backDoor.open())) {
      collect(source, events);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    if (eventFiles != null) {
      try (EventSource source = new EventFileReader(eventFiles, _ -> {})) {
        collect(source, events);
      }
    }
    return events;
  }

  private static void collect(EventSource source, List<AuditRow> events) {
    for (AuditRow event = source.next(); event != null; event = source.next()) {
      events.add(event);
    }
  }

  @Override
  public void close() throws IOException {
    store.close();
    closing.close();
  }
}
