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
  private final List<String> place;
  private final List<Column> columns;
  private final Map<String, Integer> positions = new HashMap<>();
  private final String select;
  private final String insert;
  private final long changing;
  private final Found byName;
  private final Found byPlace;

  /** How one row is changed or removed. */
  private static final class Found {
    private final String updateBegins;
    private final String updateEnds;
    private final String delete;

    /** Updates by which columns they set, a bit for each position. */
    private final Map<Long, String> updates = new ConcurrentHashMap<>();

    Found(String table, String condition) {
      updateBegins = "UPDATE \"" + table + "\" SET ";
      updateEnds = ", \"row_mac\" = ? WHERE " + condition + " AND row_version = ?";
      delete = "DELETE FROM \"%s\" WHERE %s".formatted(table, condition);
    }
  }

  private Table(String name, List<String> primaryKey, List<String> place, List<Column> columns) {
    this.name = name;
    this.primaryKey = primaryKey;
    this.place = place;
    this.columns = List.copyOf(columns);
    for (int i = 0; i < columns.size(); i++) {
      positions.put(columns.get(i).name(), i);
    }
    List<String> all =
        Stream.concat(columns.stream().map(Column::name), Stream.of(ROW_MAC)).toList();
    this.select = "SELECT " + joined(all, ", ", "") + " FROM \"" + name + "\" ";
    this.insert =
        "INSERT INTO \"%s\" (%s) VALUES (%s)"
            .formatted(
                name,
                joined(all, ", ", ""),
                all.stream().map(c -> "?").collect(Collectors.joining(", ")));
    this.changing =
        ((1L << columns.size()) - 1)
            & ~Stream.concat(place.stream(), primaryKey.stream())
                .mapToLong(c -> 1L << position(c))
                .sum();
    String named = joined(primaryKey, " AND ", " = ?");
    this.byName =
        new Found(
            name, place.isEmpty() ? named : quoted(place.getLast()) + " IS NULL AND " + named);
    this.byPlace = new Found(name, joined(place, "", " = ? AND ") + named);
  }

  private static String quoted(String name) {
    return '"' + name + '"';
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

  /**
   * The columns by which a row is found beside its primary key, where they are set. Empty for most
   * tables, which have an index by the primary key.
   */
  List<String> place() {
    return place;
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

  /** Every column by which no row is found, a bit for each position. */
  long changing() {
    return changing;
  }

  /**
   * Sets some columns. What an update does not name, the engine need not file anew in its indexes.
   *
   * @param positions a bit for each column
   * @param placed whether the row has a {@link #place}
   * @return takes these columns in order, the MAC, {@link Row#address}, and the version replaced
   */
  String update(long positions, boolean placed) {
    Found found = placed ? byPlace : byName;
    return found.updates.computeIfAbsent(
        positions,
        these ->
            IntStream.range(0, columns.size())
                .filter(i -> (these & 1L << i) != 0)
                .mapToObj(i -> '"' + columns.get(i).name() + "\" = ?")
                .collect(Collectors.joining(", ", found.updateBegins, found.updateEnds)));
  }

  /**
   * Takes {@link Row#address}.
   *
   * @param placed whether the row has a {@link #place}
   */
  String delete(boolean placed) {
    return (placed ? byPlace : byName).delete;
  }

  static Builder named(String name, String... primaryKey) {
    return new Builder(name, List.of(primaryKey));
  }

  /** Collects columns in schema order. */
  static final class Builder {
    private final String name;
    private final List<String> primaryKey;
    private final List<Column> columns = new ArrayList<>();
    private List<String> place = List.of();
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

    /** Rows in which these columns are set are found by them and by the primary key together. */
    Builder foundBy(String... names) {
      place = List.of(names);
      return this;
    }

    Table build() {
      addition = 0;
      number(ROW_VERSION, SYSTEM_KEY_VERSION);
      return new Table(name, primaryKey, place, columns);
    }
  }
}
