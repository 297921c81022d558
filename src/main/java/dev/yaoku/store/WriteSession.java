package dev.yaoku.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The connection that writes: one transaction after another, each holding a group of tasks.
 *
 * <p>Nearly all tasks do what they are meant to, or are refused before they have written anything.
 * So there are no savepoints, until a task fails that has written: then the transaction is begun
 * anew with a savepoint for each, and for some transactions after it, so that it does not pay to
 * make tasks fail.
 */
final class WriteSession implements AutoCloseable {
  /** What became of one task: its value, or why nothing of it remains. */
  sealed interface Outcome<T> {
    /** It is part of the transaction. */
    record Done<T>(T value) implements Outcome<T> {}

    /** It was rolled back alone. */
    record Refused<T>(Throwable cause) implements Outcome<T> {}
  }

  /** A task failed that cannot be rolled back alone: the group is to be begun anew. */
  static final class FailedHalfway extends RuntimeException {
    @java.io.Serial private static final long serialVersionUID = 1;

    private FailedHalfway() {
      super("a task failed halfway", null, false, false);
    }
  }

  private static final int CAREFUL_TRANSACTIONS = 16;
  private static final String SAVEPOINT = "SAVEPOINT task";
  private static final String RELEASE = "RELEASE SAVEPOINT task";

  private final Connection connection;
  private final Dialect dialect;
  private final GenuineRows genuine;
  private final Health health;
  private final Statements sql;
  private final Statement statement;
  private final @Nullable Checkpoints checkpoints;
  private final AuditInsert audit;
  private final List<AuditRow> unwritten = new ArrayList<>();
  private KeyIndex index;
  private final Set<String> touched = new LinkedHashSet<>();
  private int careful;
  private long change;
  private boolean changed;
  private boolean purged;

  /** A session without checkpoints. */
  WriteSession(Connection connection, Dialect dialect, GenuineRows genuine, Health health)
      throws SQLException {
    this(connection, dialect, genuine, health, null);
  }

  WriteSession(
      Connection connection,
      Dialect dialect,
      GenuineRows genuine,
      Health health,
      @Nullable Checkpoints checkpoints)
      throws SQLException {
    this.checkpoints = checkpoints;
    this.connection = connection;
    this.dialect = dialect;
    this.genuine = genuine;
    this.health = health;
    this.sql = new Statements(connection);
    this.statement = connection.createStatement();
    this.audit = new AuditInsert(connection);
    this.index = new KeyIndex(sql, dialect);
  }

  /** Begins a transaction that only appends events. */
  void beginEvents() {
    sql.command(dialect.beginEvents());
    touched.clear();
    unwritten.clear();
    changed = false;
    purged = false;
  }

  /**
   * Begins a transaction that changes rows. All servers of one database meet at the row that counts
   * changes, before they have read anything else: whoever comes second is told at once to try
   * again, and no transaction works on what another is changing.
   */
  void beginChanges() {
    long committedBefore = health.highestChange();
    index = new KeyIndex(sql, dialect);
    touched.clear();
    sql.command(dialect.beginChanges());
    String counter = Dialect.CHANGE_SEQUENCE + dialect.forUpdate();
    change = sql.first(counter, Statements.NUMBER).orElse(-1L);
    health.mustNotGoBack(change, committedBefore);
    unwritten.clear();
    changed = false;
    purged = false;
  }

  /** Adds events to the transaction; those that come one after another are written together. */
  void append(List<AuditRow> events) {
    unwritten.addAll(events);
  }

  private void writeEvents() {
    try {
      audit.insert(unwritten);
    } catch (SQLException e) {
      throw Failures.of(e);
    }
    unwritten.clear();
  }

  /**
   * Runs work inside the transaction; if it throws, it alone is rolled back.
   *
   * @throws StoreException if the transaction itself is lost
   * @throws FailedHalfway if the transaction must be rolled back and run again with savepoints
   */
  <T> Outcome<T> attempt(Function<? super Writing, T> work) {
    writeEvents();
    boolean savepoint = careful > 0;
    if (savepoint) {
      sql.command(SAVEPOINT);
    }
    SqlWriting writing = new SqlWriting(sql, dialect, genuine, index, audit);
    Outcome<T> outcome;
    try {
      T value = work.apply(writing);
      if (savepoint) {
        sql.command(RELEASE);
      }
      index.keep();
      changed |= writing.changed();
      purged |= writing.purged();
      touched.addAll(writing.touched());
      outcome = new Outcome.Done<>(value);
    } catch (RuntimeException | Error e) {
      if (Failures.isSerialisation(e)) {
        throw Failures.of(e);
      }
      undo(writing, savepoint, e);
      outcome = new Outcome.Refused<>(e instanceof Error ? e : Failures.of(e));
    }
    return outcome;
  }

  private void undo(SqlWriting writing, boolean savepoint, Throwable failure) {
    if (savepoint) {
      sql.command("ROLLBACK TO SAVEPOINT task");
      sql.command(RELEASE);
    } else if (writing.wrote() || Failures.isOfEngine(failure)) {
      careful = CAREFUL_TRANSACTIONS;
      throw new FailedHalfway();
    }
    index.undo();
  }

  /** Makes the group durable. */
  void commit() {
    writeEvents();
    if (changed) {
      index.flush();
      if (dialect == Dialect.POSTGRES && !touched.isEmpty()) {
        ChangedKeys.enter(new SqlWriting(sql, dialect, genuine, index, audit), touched);
      }
      sql.execute("UPDATE change_sequence SET value = value + 1");
    }
    sql.command("COMMIT");
    if (checkpoints != null) {
      checkpoints.committed();
    }
    careful = Math.max(0, careful - 1);
    if (changed) {
      if (dialect == Dialect.POSTGRES) {
        health.committedHere(change + 1);
      } else {
        health.committed(change + 1);
      }
    }
  }

  /** Writes to the disk for no other purpose than to see whether it can be done. */
  void probe() {
    sql.execute("UPDATE change_sequence SET value = value");
  }

  /** Whether the last transaction removed key material for good. */
  boolean purged() {
    return purged;
  }

  /** Leaves nothing of the transaction, if there still is one. */
  void rollback() {
    sql.command("ROLLBACK");
  }

  /** Between two transactions: does the writer's part of the checkpoint that is under way. */
  void finishCheckpoint() throws SQLException {
    if (checkpoints != null) {
      checkpoints.finish(statement);
    }
  }

  /**
   * Empties the write-ahead log, so that purged material is not left in it (SECURITY_DESIGN M7).
   *
   * @return whether it is done, or readers were in the way
   */
  boolean emptyWriteAheadLog() throws SQLException {
    return checkpoints == null || checkpoints.empty(statement);
  }

  @Override
  public void close() throws SQLException {
    try (connection) {
      audit.close();
      statement.close();
      sql.close();
    }
  }
}
