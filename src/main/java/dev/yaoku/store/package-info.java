/**
 * SQL for SQLite and PostgreSQL: rows, transactions, migrations, and the check that nobody else
 * wrote a row.
 */
@org.jspecify.annotations.NullMarked
package dev.yaoku.store;
