package dev.yaoku.store;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads rows and checks each. */
class CheckedRows {
  final Statements statements;
  final GenuineRows genuine;

  CheckedRows(Statements statements, GenuineRows genuine) {
    this.statements = statements;
    this.genuine = genuine;
  }

  final Optional<Row> row(Table table, String condition, Object... parameters) {
    return statements
        .first(table.select(condition), row -> Row.read(table, row), parameters)
        .map(genuine::check);
  }

  /** Rows as they are. */
  final List<Row> rows(Table table, String condition, Object... parameters) {
    return statements.list(table.select(condition), row -> Row.read(table, row), parameters);
  }

  /** Rows of which every single one matters: one that is not genuine refuses all. */
  final <T> List<T> all(
      Table table, Function<Row, T> mapper, String condition, Object... parameters) {
    return rows(table, condition, parameters).stream().map(genuine::check).map(mapper).toList();
  }

  /** Rows of a list: one that is not genuine is left out and reported. */
  final <T> List<T> listed(
      Table table, Function<Row, T> mapper, String condition, Object... parameters) {
    return rows(table, condition, parameters).stream()
        .filter(genuine::checkListed)
        .map(mapper)
        .toList();
  }

  final boolean exists(String query, Object... parameters) {
    return statements.first(query, Statements.NUMBER, parameters).isPresent();
  }

  final long number(String query, Object... parameters) {
    return statements.number(query, parameters);
  }
}
