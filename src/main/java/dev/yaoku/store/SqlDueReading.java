package dev.yaoku.store;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyVersion;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Reads what is due by SQL that both engines speak. */
final class SqlDueReading implements DueReading {
  private final CheckedRows sql;

  SqlDueReading(CheckedRows sql) {
    this.sql = sql;
  }

  @Override
  public Due<Key> deletionDue(Instant before, long passed, int limit) {
    return due(
        Tables.KEY,
        KeyRows::key,
        "WHERE deletion_at IS NOT NULL AND deletion_at < ? ORDER BY deletion_at, id",
        before,
        passed,
        limit);
  }

  @Override
  public Due<Key> rotationDue(Instant now, long passed, int limit) {
    return due(
        Tables.KEY,
        KeyRows::key,
        """
        WHERE rotation_due_at IS NOT NULL AND rotation_due_at <= ? AND state = 'ENABLED'
        ORDER BY rotation_due_at, id
        """,
        now,
        passed,
        limit);
  }

  @Override
  public Due<Key> rotationTooFarOff(Instant now, long passed, int limit) {
    return due(
        Tables.KEY,
        KeyRows::key,
        """
        WHERE rotation_due_at IS NOT NULL
        AND rotation_due_at > ? + rotation_interval_days * 86400000
        ORDER BY rotation_due_at, id
        """,
        now,
        passed,
        limit);
  }

  @Override
  public Due<Key> materialExpired(Instant now, long passed, int limit) {
    return due(
        Tables.KEY,
        KeyRows::key,
        """
        WHERE material_expires_at IS NOT NULL AND material_expires_at <= ?
        ORDER BY material_expires_at, id
        """,
        now,
        passed,
        limit);
  }

  @Override
  public Due<KeyVersion> versionsExpired(Instant before, long passed, int limit) {
    return due(
        Tables.KEY_VERSION,
        KeyRows::version,
        """
        WHERE expires_at IS NOT NULL AND expires_at <= ? ORDER BY expires_at, key_id, version
        """,
        before,
        passed,
        limit);
  }

  @Override
  public Due<Rows.ImportToken> importTokensEnded(Instant at, long passed, int limit) {
    return due(
        Tables.IMPORT_TOKEN,
        KeyRows::importToken,
        "WHERE expires_at <= ? ORDER BY expires_at, id",
        at,
        passed,
        limit);
  }

  @Override
  public Due<Rows.ImportToken> importTokensTooFarOff(Instant at, long passed, int limit) {
    return due(
        Tables.IMPORT_TOKEN,
        KeyRows::importToken,
        "WHERE expires_at > ? ORDER BY expires_at, id",
        at,
        passed,
        limit);
  }

  @Override
  public Due<Rows.ImportToken> importTokensEndedButFull(Instant at, long passed, int limit) {
    return due(
        Tables.IMPORT_TOKEN,
        KeyRows::importToken,
        "WHERE expires_at <= ? AND length(wrapped) > 0 ORDER BY expires_at, id",
        at,
        passed,
        limit);
  }

  /**
   * Rows of a list of what is due: one that is not genuine is left out and reported, but counted.
   */
  private <T> Due<T> due(
      Table table, Function<Row, T> mapper, String condition, Instant at, long passed, int limit) {
    List<Row> rows =
        sql.rows(table, condition + " LIMIT ? OFFSET ?", at.toEpochMilli(), limit, passed);
    List<T> genuineOnes = rows.stream().filter(sql.genuine::checkListed).map(mapper).toList();
    return new Due<>(genuineOnes, rows.size());
  }
}
