package dev.yaoku.store;

import java.util.Map;

/** All that SQLite and PostgreSQL say differently. */
enum SqlDialect {
  SQLITE(
      Map.of(
          "text", "TEXT",
          "number", "INTEGER",
          "bytes", "BLOB",
          "serial", "INTEGER PRIMARY KEY",
          "table", "STRICT",
          "clustered", "STRICT, WITHOUT ROWID"),
      "BEGIN",
      "BEGIN IMMEDIATE",
      "BEGIN IMMEDIATE",
      "",
      "instr(name, ?) > 0"),
  POSTGRES(
      Map.of(
          "text", "TEXT COLLATE \"C\"",
          "number", "BIGINT",
          "bytes", "BYTEA",
          "serial", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
          "table", "",
          "clustered", ""),
      "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT value FROM change_sequence",
      "BEGIN ISOLATION LEVEL READ COMMITTED",
      "BEGIN",
      " FOR UPDATE",
      "strpos(name, ?) > 0");

  /** Reads how many groups of changes were committed. */
  static final String CHANGE_SEQUENCE = "SELECT value FROM change_sequence";

  private final Map<String, String> types;
  private final String beginReading;
  private final String beginChanges;
  private final String beginEvents;
  private final String forUpdate;
  private final String nameContains;

  SqlDialect(
      Map<String, String> types,
      String beginReading,
      String beginChanges,
      String beginEvents,
      String forUpdate,
      String nameContains) {
    this.types = types;
    this.beginReading = beginReading;
    this.beginChanges = beginChanges;
    this.beginEvents = beginEvents;
    this.forUpdate = forUpdate;
    this.nameContains = nameContains;
  }

  /** What the placeholders of the migrations stand for. */
  Map<String, String> types() {
    return types;
  }

  /** Begins a snapshot, and reads the number of changes where that costs no journey. */
  String beginReading() {
    return beginReading;
  }

  /** Begins a transaction that changes rows. */
  String beginChanges() {
    return beginChanges;
  }

  /** Begins a transaction that only appends events. */
  String beginEvents() {
    return beginEvents;
  }

  /** Ends a query whose rows must not change before the transaction ends. */
  String forUpdate() {
    return forUpdate;
  }

  /** A condition that takes part of a name, letter by letter. */
  String nameContains() {
    return nameContains;
  }
}
