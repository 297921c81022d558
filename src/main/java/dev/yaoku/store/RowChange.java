package dev.yaoku.store;

/**
 * A change to a row that decides rights, as the audit event of the change repeats it.
 *
 * @param table the table
 * @param primaryKey its primary key, parts joined by '/'
 * @param rowVersion the new version, 0 for a deleted row
 * @param mac the new MAC in hexadecimal, empty for a deleted row and for one that has none
 */
public record RowChange(String table, String primaryKey, long rowVersion, String mac) {
  /** A row is added that has neither versions nor a MAC. */
  static RowChange withoutMac(String table, String primaryKey) {
    return new RowChange(table, primaryKey, 1, "");
  }

  /**
   * All rows that have this value are deleted; {@code column=value} stands for their keys. Several
   * columns and their values are joined by '/'.
   */
  static RowChange allGone(String table, String column, String value) {
    return new RowChange(table, column + "=" + value, 0, "");
  }
}
