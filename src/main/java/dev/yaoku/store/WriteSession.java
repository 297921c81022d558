package dev.yaoku.store;

import java.io.Serial;
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
final class WriteSession implements GroupSession {
  /** What became of one task: its value, or why nothing of it remains. */
  sealed interface Outcome<T> {
    /** It is part of the transaction. */
    record Done<T>(T value) implements Outcome<T> {}

    /** It was rolled back alone. */
    record Refused<T>(Throwable cause) implements Outcome<T> {}
  }

  /** A task failed that cannot be rolled back alone: the group is to be begun anew. */
  static final class FailedHalfway extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private FailedHalfway() {
      super("a task failed halfway", null, false, false);
    }
  }

  private static final int CAREFUL_TRANSACTIONS = 16;
  private static final int ANSWERS_WITHIN_SECONDS = 2;
  private static final String SAVEPOINT = "SAVEPOINT task";
  private static final String RELEASE = "RELEASE SAVEPOINT task";

  private final Connection connection;
  private final SqlDialect dialect;
  private final GenuineRows genuine;
  private final Health health;
  private final Statements sql;
  private final Statement statement;
  private final @Nullable Checkpoints checkpoints;

  /** Of a database that servers share only. */
  private final @Nullable OwnChanges ours;

  /** Events of the transaction, in order; they are written together at its end. */
  private final List<AuditRow> unwritten = new ArrayList<>();

  private KeyIndex index;
  private final Set<ChangedKeys.Touched> touched = new LinkedHashSet<>();
  private int careful;
  private long change;
  private boolean changed;
  private boolean purged;

  /** A session of the embedded store. */
  static WriteSession ofSqlite(
      Connection connection, GenuineRows genuine, Health health, Checkpoints checkpoints)
      throws SQLException {
    return new WriteSession(connection, SqlDialect.SQLITE, genuine, health, checkpoints, null);
  }

  /** A session of a database that servers share. */
  static WriteSession ofPostgres(
      Connection connection, GenuineRows genuine, Health health, OwnChanges ours)
      throws SQLException {
    return new WriteSession(connection, SqlDialect.POSTGRES, genuine, health, null, ours);
  }

  private WriteSession(
      Connection connection,
      SqlDialect dialect,
      GenuineRows genuine,
      Health health,
      @Nullable Checkpoints checkpoints,
      @Nullable OwnChanges ours)
      throws SQLException {
    this.checkpoints = checkpoints;
    this.ours = ours;
    this.connection = connection;
    this.dialect = dialect;
    this.genuine = genuine;
    this.health = health;
    this.sql = new Statements(connection);
    this.statement = connection.createStatement();
    this.index = new KeyIndex(sql, dialect);
  }

  @Override
  public void begin(boolean changes) {
    if (changes) {
      beginChanges();
    } else {
      sql.command(dialect.beginEvents());
    }
    touched.clear();
    unwritten.clear();
    changed = false;
    purged = false;
  }

  /**
   * Begins a transaction that changes rows. All servers of one database meet at the row that counts
   * changes, before they have read anything else, and whoever comes second waits there: nobody
   * works on what another is changing.
   *
   * <p>So each statement may see what is committed when it begins, as nothing is committed until
   * this transaction is. A snapshot of the whole transaction would be from before the wait, and
   * whoever had waited would have to begin anew, and come too late again.
   */
  private void beginChanges() {
    long committedBefore = health.highestChange();
    index = new KeyIndex(sql, dialect);
    sql.command(dialect.beginChanges());
    String counter = SqlDialect.CHANGE_SEQUENCE + dialect.forUpdate();
    change = sql.first(counter, Statements.NUMBER).orElse(-1L);
    health.mustNotGoBack(change, committedBefore);
  }

  @Override
  public void append(List<AuditRow> events) {
    unwritten.addAll(events);
  }

  @Override
  public <T> Outcome<T> attempt(Function<? super Writing, T> work) {
    boolean savepoint = careful > 0;
    if (savepoint) {
      sql.command(SAVEPOINT);
    }
    SqlWriting writing = writing();
    Outcome<T> outcome;
    try {
      T value = work.apply(writing);
      if (savepoint) {
        sql.command(RELEASE);
      }
      index.keep();
      changed |= writing.written().changed();
      purged |= writing.written().purged();
      touched.addAll(writing.written().touched());
      unwritten.addAll(writing.events());
      outcome = new Outcome.Done<>(value);
    } catch (RuntimeException | Error e) {
      if (Failures.isSerialisation(e)) {
        throw Failures.of(e);
      }
      undo(writing.written(), savepoint, e);
      outcome = new Outcome.Refused<>(e instanceof Error ? e : Failures.of(e));
    }
    return outcome;
  }

  private SqlWriting writing() {
    return new SqlWriting(new SealedRows(sql, dialect, genuine), dialect, index);
  }

  private void undo(Written written, boolean savepoint, Throwable failure) {
    if (savepoint) {
      sql.command("ROLLBACK TO SAVEPOINT task");
      sql.command(RELEASE);
    } else if (written.wrote() || Failures.isOfEngine(failure)) {
      careful = CAREFUL_TRANSACTIONS;
      throw new FailedHalfway();
    }
    index.undo();
  }

  @Override
  public void commit() {
    AuditInsert.insert(sql, unwritten);
    unwritten.clear(); // the room that they took is given to others when they are durable
    if (changed) {
      index.flush();
      if (dialect == SqlDialect.POSTGRES && !touched.isEmpty()) {
        ChangedKeys.enter(writing(), touched);
      }
      sql.execute("UPDATE change_sequence SET value = value + 1");
    }
    sql.commit();
    if (checkpoints != null) {
      checkpoints.committed(purged);
    }
    careful = Math.max(0, careful - 1);
    if (changed) {
      if (ours != null) {
        ours.add(change + 1);
      }
      health.committed(change + 1);
    }
  }

  @Override
  public void probe() {
    sql.execute("UPDATE change_sequence SET value = value");
  }

  @Override
  public void rollback() {
    sql.command("ROLLBACK");
  }

  /** Does the writer's part of the checkpoint that is under way. */
  @Override
  public void lookAfter() {
    if (checkpoints != null) {
      try {
        checkpoints.lookAfter(statement);
      } catch (SQLException e) {
        throw Failures.of(e);
      }
    }
  }

  @Override
  public void mustBeThere() {
    try {
      if (dialect == SqlDialect.POSTGRES && !connection.isValid(ANSWERS_WITHIN_SECONDS)) {
        throw new StoreException("PostgreSQL has closed a connection that was not used.");
      }
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  @Override
  public void close() {
    try (connection) {
      statement.close();
      sql.close();
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }
}
