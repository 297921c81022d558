package dev.yaoku.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A table whose rows decide rights: its columns in schema order, which is the order in which the
 * row's MAC covers them. The MAC itself, the last column, is not among them.
 */
final class Table {
  /** What a column holds. */
  enum Type {
    TEXT,
    NUMBER,
    BYTES
  }

  /**
   * A column.
   *
   * @param addition 0 for what the table began with; columns that came later together have the same
   *     number, and count in the MAC only where one of them or of a later addition is set
   */
  record Column(String name, Type type, int addition) {}

  static final String ROW_VERSION = "row_version";
  static final String SYSTEM_KEY_VERSION = "system_key_version";
  static final String ROW_MAC = "row_mac";

  private final String name;
  private final List<String> primaryKey;
  private final List<Column> columns;
  private final Map<String, Integer> positions = new HashMap<>();
  private final String select;
  private final String insert;
  private final String updateBegins;
  private final String updateEnds;
  private final long primaryKeyMask;
  private final String delete;

  /** Updates by which columns they set, a bit for each position. */
  private final Map<Long, String> updates = new ConcurrentHashMap<>();

  private Table(String name, List<String> primaryKey, List<Column> columns) {
    this.name = name;
    this.primaryKey = primaryKey;
    this.columns = List.copyOf(columns);
    for (int i = 0; i < columns.size(); i++) {
      positions.put(columns.get(i).name(), i);
    }
    List<String> all =
        Stream.concat(columns.stream().map(Column::name), Stream.of(ROW_MAC)).toList();
    String key = joined(primaryKey, " AND ", " = ?");
    this.select = "SELECT " + joined(all, ", ", "") + " FROM \"" + name + "\" ";
    this.insert =
        "INSERT INTO \"%s\" (%s) VALUES (%s)"
            .formatted(
                name,
                joined(all, ", ", ""),
                all.stream().map(c -> "?").collect(Collectors.joining(", ")));
    this.updateBegins = "UPDATE \"" + name + "\" SET ";
    this.updateEnds = ", \"row_mac\" = ? WHERE " + key + " AND row_version = ?";
    this.primaryKeyMask = primaryKey.stream().mapToLong(c -> 1L << position(c)).sum();
    this.delete = "DELETE FROM \"%s\" WHERE %s".formatted(name, key);
  }

  private static String joined(List<String> names, String separator, String after) {
    return names.stream().map(n -> '"' + n + '"' + after).collect(Collectors.joining(separator));
  }

  String name() {
    return name;
  }

  List<String> primaryKey() {
    return primaryKey;
  }

  /** All columns that the MAC covers, in order. */
  List<Column> columns() {
    return columns;
  }

  int position(String column) {
    Integer position = positions.get(column);
    if (position == null) {
      throw new IllegalArgumentException("no column " + column + " in " + name);
    }
    return position;
  }

  /** Selects every column and the MAC; goes on with the condition. */
  String select(String condition) {
    return select + condition;
  }

  /** Takes every column and the MAC. */
  String insert() {
    return insert;
  }

  /** Every column that is not in the primary key, a bit for each position. */
  long changing() {
    return ((1L << columns.size()) - 1) & ~primaryKeyMask;
  }

  /**
   * Sets some columns. What an update does not name, the engine need not file anew in its indexes.
   *
   * @param positions a bit for each column
   * @return takes these columns in order, the MAC, the primary key, and the version replaced
   */
  String update(long positions) {
    return updates.computeIfAbsent(
        positions,
        these ->
            IntStream.range(0, columns.size())
                .filter(i -> (these & 1L << i) != 0)
                .mapToObj(i -> '"' + columns.get(i).name() + "\" = ?")
                .collect(Collectors.joining(", ", updateBegins, updateEnds)));
  }

  /** Takes the primary key. */
  String delete() {
    return delete;
  }

  static Builder named(String name, String... primaryKey) {
    return new Builder(name, List.of(primaryKey));
  }

  /** Collects columns in schema order. */
  static final class Builder {
    private final String name;
    private final List<String> primaryKey;
    private final List<Column> columns = new ArrayList<>();
    private int addition;

    private Builder(String name, List<String> primaryKey) {
      this.name = name;
      this.primaryKey = primaryKey;
    }

    Builder text(String... names) {
      return add(Type.TEXT, names);
    }

    Builder number(String... names) {
      return add(Type.NUMBER, names);
    }

    Builder bytes(String... names) {
      return add(Type.BYTES, names);
    }

    private Builder add(Type type, String... names) {
      for (String column : names) {
        columns.add(new Column(column, type, addition));
      }
      return this;
    }

    /** What follows came later than the table, and can be null. */
    Builder later() {
      addition++;
      return this;
    }

    Table build() {
      addition = 0;
      number(ROW_VERSION, SYSTEM_KEY_VERSION);
      return new Table(name, primaryKey, columns);
    }
  }
}
