package dev.yaoku.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes rows with their versions and MACs, and notes what was written. */
final class SealedRows extends CheckedRows {
  private final Written written;

  /** Rows of keys as the transaction has them by now: nobody else changes them meanwhile. */
  private final Map<String, Row> keyRows = new HashMap<>(2);

  SealedRows(Statements statements, SqlDialect dialect, GenuineRows genuine) {
    super(statements, genuine);
    this.written = new Written(statements, dialect);
  }

  /** What was done so far. */
  Written written() {
    return written;
  }

  /** The row of a key that this transaction has locked or written. */
  Optional<Row> knownKey(String id) {
    return Optional.ofNullable(keyRows.get(id));
  }

  /** Keeps the row of a key, which nobody else changes before the transaction ends. */
  void remember(Row row) {
    if (row.table() == Tables.KEY) {
      keyRows.put(row.primaryKey(), row);
    }
  }

  void insert(Row row) {
    written.noteWrite();
    genuine.seal(row, 1);
    List<@Nullable Object> parameters = new ArrayList<>();
    for (int i = 0; i < row.table().columns().size(); i++) {
      parameters.add(row.value(i));
    }
    parameters.add(row.mac());
    statements.execute(row.table().insert(), parameters.toArray());
    remember(row);
    written.note(row, row.rowVersion(), HexFormat.of().formatHex(row.mac()));
  }

  void replace(Row row, long versionBefore) {
    genuine.seal(row, versionBefore + 1);
    replace(row, versionBefore, row.table().changing());
  }

  /** Replaces a row that this transaction read, as far as it differs. */
  void replace(Row before, Row after) {
    genuine.seal(after, before.rowVersion() + 1);
    replace(after, before.rowVersion(), after.differences(before));
  }

  private void replace(Row row, long versionBefore, long positions) {
    written.noteWrite();
    Table table = row.table();
    List<@Nullable Object> parameters = new ArrayList<>();
    for (int i = 0; i < table.columns().size(); i++) {
      if ((positions & 1L << i) != 0) {
        parameters.add(row.value(i));
      }
    }
    parameters.add(row.mac());
    row.address().forEach(parameters::add);
    parameters.add(versionBefore);
    if (statements.execute(table.update(positions, row.isPlaced()), parameters.toArray()) != 1) {
      throw changedMeanwhile(table.name(), row.primaryKey());
    }
    remember(row);
    written.note(row, row.rowVersion(), HexFormat.of().formatHex(row.mac()));
  }

  boolean delete(Row row) {
    written.noteWrite();
    Table table = row.table();
    if (table == Tables.KEY) {
      keyRows.remove(row.primaryKey());
    }
    @Nullable Object[] address = row.address().toArray();
    boolean there = statements.execute(table.delete(row.isPlaced()), address) == 1;
    if (there) {
      written.note(row, 0, "");
    }
    return there;
  }

  /**
   * Deletes all rows of a table that have a value in a column, and says so in one {@link
   * RowChange}, however many they are: of many people there may be too many to name, and one by one
   * they would keep everybody's changes waiting (SECURITY_DESIGN H9).
   */
  void deleteAll(Table table, String column, String value) {
    deleteAll(table, List.of(column), value);
  }

  /** The same of rows that have one value in each of several columns. */
  void deleteAll(Table table, List<String> columns, String... values) {
    written.noteWrite();
    String condition =
        columns.stream()
            .map(column -> '"' + column + "\" = ?")
            .collect(Collectors.joining(" AND "));
    String delete = "DELETE FROM %s WHERE %s".formatted(table.name(), condition);
    if (statements.execute(delete, (Object[]) values) > 0) {
      String names = String.join("/", columns);
      written.note(
          List.of(RowChange.allGone(table.name(), names, String.join("/", List.of(values)))));
    }
  }

  static IllegalStateException changedMeanwhile(String table, String primaryKey) {
    return new IllegalStateException(
        "%s %s is not there any more or changed since it was read".formatted(table, primaryKey));
  }
}
