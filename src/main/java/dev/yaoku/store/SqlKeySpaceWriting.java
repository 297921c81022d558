package dev.yaoku.store;

import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.KeyPolicy;

/** Writes key spaces, rows with their versions and MACs. */
final class SqlKeySpaceWriting extends SqlKeySpaceReading implements KeySpaceWriting {
  private final SealedRows sql;

  SqlKeySpaceWriting(SealedRows sql) {
    super(sql);
    this.sql = sql;
  }

  @Override
  public void insert(KeyPolicy policy) {
    sql.insert(KeySpaceRows.row(policy));
  }

  @Override
  public void update(KeyPolicy policy) {
    sql.replace(KeySpaceRows.row(policy), policy.rowVersion());
  }

  @Override
  public void remove(KeyPolicy policy) {
    sql.delete(KeySpaceRows.row(policy));
  }

  @Override
  public void insert(AccessPoint accessPoint) {
    sql.insert(KeySpaceRows.row(accessPoint));
  }

  @Override
  public void update(AccessPoint accessPoint) {
    sql.replace(KeySpaceRows.row(accessPoint), accessPoint.rowVersion());
  }

  @Override
  public void remove(AccessPoint accessPoint) {
    if (sql.delete(KeySpaceRows.row(accessPoint)) && accessPoint.wrapped().length > 0) {
      sql.written().notePurge();
    }
  }
}
