package dev.yaoku.store;

import java.sql.SQLException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The columns of the row under the cursor, counted from 1. */
interface Columns {
  /** A number; 0 where there is none. */
  long number(int column) throws SQLException;

  /** A number, or null where there is none. */
  @Nullable Long numberOrNull(int column) throws SQLException;

  /** A text, or null where there is none. */
  @Nullable String textOrNull(int column) throws SQLException;

  /** Bytes, or null where there are none. */
  byte @Nullable [] bytesOrNull(int column) throws SQLException;

  /** A text of a column that always has one. */
  default String text(int column) throws SQLException {
    return Objects.requireNonNull(textOrNull(column));
  }

  /** Bytes of a column that always has some. */
  default byte[] bytes(int column) throws SQLException {
    return Objects.requireNonNull(bytesOrNull(column));
  }
}
