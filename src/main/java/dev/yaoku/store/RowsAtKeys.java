package dev.yaoku.store;

import dev.yaoku.key.Grant;
import dev.yaoku.key.KeyId;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What lies at a key: the versions of its material, and grants. Both are found by the key's number;
 * whose a row is, only the row itself says (ADR 40).
 */
final class RowsAtKeys {
  /** Takes the key's id. */
  static final String AT_KEY =
      "WHERE (project, key_number) = (SELECT project, number FROM \"key\" WHERE id = ?)";

  /** The same of rows that were written before such rows had a number. */
  static final String BEFORE_NUMBERS = "WHERE key_id = ? AND key_number IS NULL";

  private static final Comparator<Grant> NEWEST_FIRST =
      Comparator.comparing(Grant::createdAt).reversed().thenComparing(Grant::id);

  private final CheckedRows sql;

  RowsAtKeys(CheckedRows sql) {
    this.sql = sql;
  }

  /** Oldest first. One that is not genuine, or another key's, or there twice, refuses all. */
  List<Row> versions(KeyId id) {
    SortedMap<Long, Row> versions = new TreeMap<>();
    rows(Tables.KEY_VERSION, id)
        .map(sql.genuine::check)
        .forEach(version -> {
          if (!isOf(id, version) || versions.put(version.number("version"), version) != null) {
            throw sql.genuine.refuse(version);
          }
        });
    return List.copyOf(versions.values());
  }

  /** Newest first. One that is not genuine, or another key's, is left out and reported. */
  List<Grant> grants(KeyId id) {
    return rows(Tables.KEY_GRANT, id)
        .filter(sql.genuine::checkListed)
        .filter(grant -> {
          boolean itsOwn = isOf(id, grant);
          if (!itsOwn) {
            sql.genuine.report(grant);
          }
          return itsOwn;
        })
        .map(GrantRows::grant)
        .sorted(NEWEST_FIRST)
        .toList();
  }

  /** How many grants there are at most: rows that are not genuine count here, too. */
  long grantRows(KeyId id) {
    return sql.number("SELECT count(*) FROM key_grant " + AT_KEY, id.text())
        + sql.number("SELECT count(*) FROM key_grant " + BEFORE_NUMBERS, id.text());
  }

  private Stream<Row> rows(Table table, KeyId id) {
    return Stream.concat(
        sql.rows(table, BEFORE_NUMBERS, id.text()).stream(),
        sql.rows(table, AT_KEY, id.text()).stream());
  }

  private static boolean isOf(KeyId id, Row row) {
    return row.text("key_id").equals(id.text());
  }
}
