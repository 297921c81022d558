package dev.yaoku.store;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import java.util.List;

/**
 * Finds the keys of multi-region sets. What a key belongs to, its own row says, which is checked;
 * both that and the rows of the set, of which somebody may have edited one, say where to look.
 */
final class MembersOfSets {
  /** The second condition lets the partial index serve; keys that are alone are not asked about. */
  private static final String IDS =
      """
      SELECT id FROM "key" WHERE replica_set IN (?, ?) AND replica_set <> ''
      UNION SELECT key_id FROM set_member WHERE replica_set = ?
      """;

  private static final String LIVING = "WHERE id IN (" + IDS + ")";
  static final String IN_ORDER = LIVING + " ORDER BY created_at, id";

  private final CheckedRows sql;

  MembersOfSets(CheckedRows sql) {
    this.sql = sql;
  }

  /** Those that are genuine; others are left out and reported. */
  List<Key> genuine(String set) {
    return of(set, sql.listed(Tables.KEY, KeyRows::key, IN_ORDER, places(set)));
  }

  /** All, or a refusal if one that may be of the set is not genuine. */
  List<Key> all(String set) {
    return of(set, sql.all(Tables.KEY, KeyRows::key, IN_ORDER, places(set)));
  }

  private static List<Key> of(String set, List<Key> found) {
    return found.stream().filter(key -> key.set().equals(set)).toList();
  }

  /** Whatever any row says to be of the set, genuine or not, purged keys too. */
  List<KeyId> ids(String set) {
    return sql.statements.list(IDS + "ORDER BY 1", row -> new KeyId(row.text(1)), places(set));
  }

  /** Whether any key that may be of the set is there, genuine or not. */
  boolean anyLives(String set) {
    return sql.exists("SELECT 1 FROM \"key\" " + LIVING + " LIMIT 1", places(set));
  }

  private static Object[] places(String set) {
    return new Object[] {KeyRows.PRIMARY + set, KeyRows.REPLICA + set, set};
  }
}
