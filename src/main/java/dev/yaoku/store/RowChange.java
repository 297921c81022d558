package dev.yaoku.store;

/**
 * A change to a row that decides rights, as the audit event of the change repeats it.
 *
 * @param table the table
 * @param primaryKey its primary key, parts joined by '/'
 * @param rowVersion the new version, 0 for a deleted row
 * @param mac the new MAC in hexadecimal, empty for a deleted row
 */
public record RowChange(String table, String primaryKey, long rowVersion, String mac) {}
