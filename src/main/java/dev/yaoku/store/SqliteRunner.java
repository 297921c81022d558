package dev.yaoku.store;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.Codes;
import org.sqlite.core.CoreStatement;
import org.sqlite.core.DB;

/**
 * Runs statements by what the driver of SQLite has below JDBC. By JDBC each query asks for the
 * names of all its columns, and each value of each row passes three more calls and a lock: half of
 * what a query of a few rows costs (ADR 25).
 */
final class SqliteRunner implements SqlRunner {
  private final DB engine;

  SqliteRunner(SQLiteConnection connection) {
    this.engine = connection.getDatabase();
  }

  @Override
  public int update(PreparedStatement statement, @Nullable Object[] parameters)
      throws SQLException {
    CoreStatement prepared = (CoreStatement) statement;
    long changed = engine.executeUpdate(prepared, parameters);
    if (parameters.length > 0) {
      prepared.pointer.safeRunInt(DB::clear_bindings);
    }
    return Math.toIntExact(changed);
  }

  @Override
  public void query(PreparedStatement statement, @Nullable Object[] parameters, Taker taker)
      throws SQLException {
    CoreStatement prepared = (CoreStatement) statement;
    boolean found = engine.execute(prepared, parameters);
    prepared.pointer.safeRunConsume((db, pointer) -> {
      try {
        handOut(db, pointer, found, taker);
      } finally {
        db.reset(pointer); // which says again what made a step fail
        db.clear_bindings(pointer);
      }
    });
  }

  private static void handOut(DB db, long pointer, boolean found, Taker taker) throws SQLException {
    Columns row = new EngineColumns(db, pointer);
    boolean there = found;
    while (there && taker.take(row)) {
      int code = db.step(pointer);
      there = code == Codes.SQLITE_ROW;
      if (!there && code != Codes.SQLITE_DONE) {
        db.throwex(code);
      }
    }
  }

  /** The row that a statement has come to. */
  private record EngineColumns(DB db, long pointer) implements Columns {
    @Override
    public long number(int column) throws SQLException {
      return db.column_long(pointer, column - 1);
    }

    @Override
    public @Nullable Long numberOrNull(int column) throws SQLException {
      long number = number(column);
      boolean none = number == 0 && db.column_type(pointer, column - 1) == Codes.SQLITE_NULL;
      return none ? null : number;
    }

    /** SQLite keeps UTF-8; its driver takes twice as long to make a text of it. */
    @Override
    public @Nullable String textOrNull(int column) throws SQLException {
      byte[] utf8 = bytesOrNull(column);
      return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public byte @Nullable [] bytesOrNull(int column) throws SQLException {
      return db.column_blob(pointer, column - 1);
    }
  }
}
