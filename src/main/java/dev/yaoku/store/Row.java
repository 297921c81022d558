package dev.yaoku.store;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The values of one row of a {@link Table}: text, 64-bit numbers, bytes, or null. */
final class Row {
  private static final byte[] NO_MAC = {};

  private final Table table;
  private final @Nullable Object[] values;
  private byte[] mac = NO_MAC;

  private Row(Table table) {
    this.table = table;
    this.values = new @Nullable Object[table.columns().size()];
  }

  /** A row to be filled and written. */
  static Row of(Table table) {
    return new Row(table);
  }

  /** The row under the cursor, selected by {@link Table#select}. */
  static Row read(Table table, Columns from) throws SQLException {
    Row row = new Row(table);
    List<Table.Column> columns = table.columns();
    for (int i = 0; i < columns.size(); i++) {
      row.values[i] = value(from, i + 1, columns.get(i).type());
    }
    byte[] mac = from.bytesOrNull(columns.size() + 1);
    row.mac = mac == null ? NO_MAC : mac;
    return row;
  }

  private static @Nullable Object value(Columns from, int position, Table.Type type)
      throws SQLException {
    return switch (type) {
      case TEXT -> from.textOrNull(position);
      case BYTES -> from.bytesOrNull(position);
      case NUMBER -> from.numberOrNull(position);
    };
  }

  /** A copy that can be changed without changing this one. */
  Row copy() {
    Row copy = new Row(table);
    System.arraycopy(values, 0, copy.values, 0, values.length);
    copy.mac = mac;
    return copy;
  }

  Row set(String column, @Nullable String value) {
    values[table.position(column)] = value;
    return this;
  }

  Row setUnlessEmpty(String column, String value) {
    return set(column, value.isEmpty() ? null : value);
  }

  Row set(String column, long value) {
    values[table.position(column)] = value;
    return this;
  }

  Row set(String column, boolean value) {
    return set(column, value ? 1L : 0L);
  }

  Row set(String column, @Nullable Boolean value) {
    values[table.position(column)] = value == null ? null : value ? 1L : 0L;
    return this;
  }

  Row set(String column, byte[] value) {
    values[table.position(column)] = value;
    return this;
  }

  Row set(String column, @Nullable Instant value) {
    values[table.position(column)] = value == null ? null : value.toEpochMilli();
    return this;
  }

  Table table() {
    return table;
  }

  @Nullable Object value(int position) {
    return values[position];
  }

  @Nullable Object value(String column) {
    return values[table.position(column)];
  }

  @Nullable String textOrNull(String column) {
    return (String) value(column);
  }

  String textOrEmpty(String column) {
    return Objects.requireNonNullElse(textOrNull(column), "");
  }

  String text(String column) {
    return Objects.requireNonNull(textOrNull(column));
  }

  long number(String column) {
    return (Long) Objects.requireNonNull(value(column));
  }

  long numberOrZero(String column) {
    Long number = (Long) value(column);
    return number == null ? 0 : number;
  }

  int integer(String column) {
    return Math.toIntExact(number(column));
  }

  boolean flag(String column) {
    return number(column) != 0;
  }

  @Nullable Boolean flagOrNull(String column) {
    Long number = (Long) value(column);
    return number == null ? null : number != 0;
  }

  byte[] bytes(String column) {
    return (byte[]) Objects.requireNonNull(value(column));
  }

  @Nullable Instant instantOrNull(String column) {
    Long millis = (Long) value(column);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  Instant instant(String column) {
    return Instant.ofEpochMilli(number(column));
  }

  long rowVersion() {
    return number(Table.ROW_VERSION);
  }

  byte[] mac() {
    return mac;
  }

  void seal(byte[] newMac) {
    mac = newMac;
  }

  /** Which columns have another value than in a row of the same table, a bit for each position. */
  long differences(Row other) {
    long differences = 0;
    for (int i = 0; i < values.length; i++) {
      if (!Objects.deepEquals(values[i], other.values[i])) {
        differences |= 1L << i;
      }
    }
    return differences;
  }

  /** The primary key, parts joined by '/'. */
  String primaryKey() {
    if (table.primaryKey().size() == 1) {
      return String.valueOf(value(table.primaryKey().getFirst()));
    }
    return table.primaryKey().stream()
        .map(c -> String.valueOf(value(c)))
        .collect(Collectors.joining("/"));
  }

  /** Whether the row says by which columns beside its primary key it is found. */
  boolean isPlaced() {
    return !table.place().isEmpty() && value(table.place().getLast()) != null;
  }

  /** What finds the row: its place, if it has one, and its primary key. */
  Stream<@Nullable Object> address() {
    Stream<String> place = isPlaced() ? table.place().stream() : Stream.of();
    return Stream.concat(place, table.primaryKey().stream()).map(this::value);
  }

  /**
   * What the MAC covers: numbers as u64, text as strict UTF-8. Columns that came later than the
   * table are left out while none of them is set, so that what was written before stays genuine;
   * their number says which are there.
   */
  List<byte @Nullable []> encoded() {
    int newest = newestAddition();
    List<byte @Nullable []> encoded = new ArrayList<>(values.length);
    List<Table.Column> columns = table.columns();
    for (int i = 0; i < values.length; i++) {
      if (columns.get(i).addition() <= newest) {
        encoded.add(encoded(values[i]));
      }
    }
    return encoded;
  }

  private int newestAddition() {
    int newest = 0;
    List<Table.Column> columns = table.columns();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != null) {
        newest = Math.max(newest, columns.get(i).addition());
      }
    }
    return newest;
  }

  private static byte @Nullable [] encoded(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> StrictUtf8.bytes(text);
      case Long number -> ByteBuffer.allocate(Long.BYTES).putLong(number).array();
      case byte[] bytes -> bytes;
      default -> throw new IllegalStateException("a column of an unknown type");
    };
  }
}
