package dev.yaoku.store;

import dev.yaoku.key.KeyId;
import dev.yaoku.key.KmsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which keys were changed last in a database that several servers share, so that each forgets what
 * it has in memory of these and no others. Kept as a setting: it is written in the transaction of
 * the change, and like the clock's marks without an event of its own.
 *
 * @param count how many entries were ever made
 * @param last the latest, oldest first; {@link #ALL} stands for any number of keys
 */
record ChangedKeys(long count, List<String> last) {
  static final String SETTING = "changed-keys";

  /** Several keys, or who knows which. */
  static final String ALL = "*";

  private static final int KEPT = 64;

  /** So many keys that something has in common are entered one by one. */
  private static final int NAMED_MAX = 32;

  // The second condition lets the partial index serve.
  private static final String IN_KEYSTORE =
      "SELECT id FROM \"key\" WHERE keystore = ? AND keystore <> '0' LIMIT ?";

  private static final String IN_SET =
      "SELECT key_id FROM set_member WHERE replica_set = ? LIMIT ?";

  /** More keys than one group of changes touches. */
  private static final long AHEAD = 1_000_000;

  private static final ChangedKeys NONE = new ChangedKeys(0, List.of());

  /** Of a list that this installation did not write, so that nobody knows. */
  private static final ChangedKeys UNKNOWN = new ChangedKeys(-1, List.of());

  /** As it is stored: the count, then one entry a line. */
  static ChangedKeys read(Optional<String> stored) {
    return stored
        .map(text -> text.lines().toList())
        .map(lines ->
            new ChangedKeys(Long.parseLong(lines.getFirst()), lines.subList(1, lines.size())))
        .orElse(NONE);
  }

  String text() {
    return count + "\n" + String.join("\n", last);
  }

  /** With more entries. */
  ChangedKeys plus(Collection<String> keys) {
    List<String> all = new ArrayList<>(last);
    all.addAll(keys);
    return new ChangedKeys(
        count + keys.size(), List.copyOf(all.subList(Math.max(0, all.size() - KEPT), all.size())));
  }

  /** The list as a server finds it. */
  static ChangedKeys in(Reading tx) {
    try {
      return read(tx.setting(SETTING));
    } catch (KmsException notGenuine) {
      return UNKNOWN;
    }
  }

  /**
   * What was entered after so many entries.
   *
   * @param anything whether another server changed anything
   */
  Elsewhere since(boolean anything, long seen) {
    long fresh = count - seen;
    if (seen < 0 || fresh < 0 || fresh > last.size()) {
      return new Elsewhere(anything, true, Set.of());
    }
    List<String> entries = last.subList(last.size() - (int) fresh, last.size());
    Set<KeyId> keys = new HashSet<>();
    entries.stream().filter(id -> !id.equals(ALL)).map(KeyId::new).forEach(keys::add);
    return new Elsewhere(anything, entries.contains(ALL), keys);
  }

  /**
   * Enters keys that a transaction changed. A setting that this installation did not write is
   * replaced by one that counts from where no server has been, which all take for a change of all
   * keys.
   */
  static void enter(SqlWriting tx, Collection<String> keys) {
    ChangedKeys before = in(tx);
    if (before.equals(UNKNOWN)) {
      tx.removeSetting(SETTING);
      before = new ChangedKeys(AHEAD * tx.changeSequence(), List.of());
    }
    tx.putSetting(SETTING, before.plus(keys).text());
  }

  /**
   * The keys that a row is part of what is in memory of, {@link #ALL} for too many to name. What
   * one tenant changes concerns no key of another's (SECURITY_DESIGN H9).
   */
  static List<String> keysOf(Row row, Statements statements) {
    Table table = row.table();
    if (table == Tables.KEY) {
      return List.of(row.text("id"));
    }
    if (table == Tables.KEY_VERSION
        || table == Tables.KEY_GRANT
        || table == Tables.ALIAS
        || table == Tables.TAG) {
      return List.of(row.text("key_id"));
    }
    if (table == Tables.KEYSTORE) {
      return named(statements.list(IN_KEYSTORE, Statements.TEXT, row.text("id"), NAMED_MAX + 1));
    }
    if (table == Tables.SET_MEMBER) {
      String set = row.text("replica_set");
      List<String> members =
          new ArrayList<>(statements.list(IN_SET, Statements.TEXT, set, NAMED_MAX + 1));
      members.add(row.text("key_id")); // which may have left
      return named(members);
    }
    return List.of();
  }

  private static List<String> named(List<String> keys) {
    return keys.size() > NAMED_MAX ? List.of(ALL) : keys;
  }
}
