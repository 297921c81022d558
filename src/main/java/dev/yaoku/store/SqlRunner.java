package dev.yaoku.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Runs what is prepared on a connection. */
interface SqlRunner {
  /** Takes one row after the other. While it does, it runs no SQL. */
  interface Taker {
    /** Takes a row; says whether it wants another. */
    boolean take(Columns row) throws SQLException;
  }

  /** Changes rows; says how many. */
  int update(PreparedStatement statement, @Nullable Object[] parameters) throws SQLException;

  /** Hands out the rows of a query. */
  void query(PreparedStatement statement, @Nullable Object[] parameters, Taker taker)
      throws SQLException;
}
