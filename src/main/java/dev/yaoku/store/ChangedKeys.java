package dev.yaoku.store;

import dev.yaoku.key.KeyId;
import dev.yaoku.key.KmsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which keys were changed last in a database that several servers share, so that each forgets what
 * it has in memory of these and no others. Kept as a setting: it is written in the transaction of
 * the change, and like the clock's marks without an event of its own.
 *
 * <p>There is room for some entries. For more, the two oldest of the project that has most become
 * one that stands for all its keys: who changes many at a time makes others forget its own, and no
 * other tenant's (SECURITY_DESIGN H9).
 *
 * @param count how many entries were ever made
 * @param lost the number of the latest that is not kept, nor covered by one that is
 * @param last the latest, oldest first
 */
record ChangedKeys(long count, long lost, List<Entry> last) {
  static final String SETTING = "key-changes";

  private static final int KEPT = 64;

  /** In the place of a key's id: all keys of the project. */
  private static final String ALL = "*";

  /** In the place of a key's id, with the keystore's behind it: all keys in that. */
  private static final String KEYSTORE = "keystore:";

  private static final String PROJECT_OF = "SELECT project FROM \"key\" WHERE id = ?";

  private static final String IN_SET =
      "SELECT project, key_id FROM set_member WHERE replica_set = ?";

  /** More keys than one group of changes touches. */
  private static final long AHEAD = 1_000_000;

  private static final ChangedKeys NONE = new ChangedKeys(0, 0, List.of());

  /** Of a list that this installation did not write, so that nobody knows. */
  private static final ChangedKeys UNKNOWN = new ChangedKeys(-1, -1, List.of());

  /**
   * Something of which others may have in memory what is not so any more.
   *
   * @param project whose; empty if there is no such key
   * @param key a key, or what else stands in its place
   */
  record Touched(String project, String key) {
    /** A key whose project is to be looked up. */
    static Touched key(String id, Statements statements) {
      return new Touched(statements.first(PROJECT_OF, Statements.TEXT, id).orElse(""), id);
    }

    boolean isKeystore() {
      return key.startsWith(KEYSTORE);
    }
  }

  /** What was touched, and as how many-th. */
  record Entry(long number, Touched what) {
    private static Entry read(String line) {
      String[] parts = line.split(" ", -1);
      return new Entry(Long.parseLong(parts[0]), new Touched(parts[1], parts[2]));
    }

    private String text() {
      return number + " " + what.project() + " " + what.key();
    }
  }

  /** As it is stored: the two numbers, then one entry a line. */
  static ChangedKeys read(Optional<String> stored) {
    return stored.map(text -> read(text.lines().toList())).orElse(NONE);
  }

  private static ChangedKeys read(List<String> lines) {
    String[] numbers = lines.getFirst().split(" ", -1);
    return new ChangedKeys(
        Long.parseLong(numbers[0]),
        Long.parseLong(numbers[1]),
        lines.stream().skip(1).map(Entry::read).toList());
  }

  String text() {
    return Stream.concat(Stream.of(count + " " + lost), last.stream().map(Entry::text))
        .collect(Collectors.joining("\n"));
  }

  /** With more entries. */
  ChangedKeys plus(Collection<Touched> touched) {
    List<Entry> all = new ArrayList<>(last);
    long number = count;
    long gone = lost;
    for (Touched what : touched) {
      all.removeIf(entry -> entry.what().equals(what));
      all.add(new Entry(++number, what));
      if (all.size() > KEPT && !merged(all)) {
        gone = all.removeFirst().number();
      }
    }
    return new ChangedKeys(number, gone, List.copyOf(all));
  }

  /** Makes room for one, unless all entries are of different projects. */
  private static boolean merged(List<Entry> entries) {
    Map<String, List<Entry>> byProject =
        entries.stream()
            .collect(
                Collectors.groupingBy(
                    entry -> entry.what().project(), LinkedHashMap::new, Collectors.toList()));
    List<Entry> most =
        byProject.values().stream().max(Comparator.comparingInt(List::size)).orElse(List.of());
    if (most.size() < 2) {
      return false;
    }
    Entry second = most.get(1);
    Touched whole = new Touched(second.what().project(), ALL);
    entries.set(entries.indexOf(second), new Entry(second.number(), whole));
    entries.remove(most.getFirst());
    return true;
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
    if (seen < Math.max(0, lost) || seen > count) {
      return new Elsewhere(anything, true, Set.of());
    }
    List<Touched> fresh =
        last.stream().filter(entry -> entry.number() > seen).map(Entry::what).toList();
    Predicate<Touched> whole = what -> what.key().equals(ALL);
    return new Elsewhere(
        anything,
        false,
        fresh.stream()
            .filter(whole.or(Touched::isKeystore).negate())
            .map(what -> new KeyId(what.key()))
            .collect(Collectors.toSet()),
        fresh.stream()
            .filter(Touched::isKeystore)
            .map(what -> what.key().substring(KEYSTORE.length()))
            .collect(Collectors.toSet()),
        fresh.stream().filter(whole).map(Touched::project).collect(Collectors.toSet()));
  }

  /**
   * Enters what a transaction changed. A setting that this installation did not write is replaced
   * by one that counts from where no server has been, which all take for a change of all keys.
   */
  static void enter(SqlWriting tx, Collection<Touched> touched) {
    ChangedKeys before = in(tx);
    if (before.equals(UNKNOWN)) {
      tx.removeSetting(SETTING);
      long ahead = AHEAD * tx.changeSequence();
      before = new ChangedKeys(ahead, ahead, List.of());
    }
    tx.putSetting(SETTING, before.plus(touched).text());
  }

  /** The keys that a row is part of what is in memory of. */
  static List<Touched> touchedBy(Row row, Statements statements) {
    Table table = row.table();
    if (table == Tables.KEY) {
      return List.of(new Touched(row.text("project"), row.text("id")));
    }
    if (table == Tables.KEY_GRANT || table == Tables.ALIAS || table == Tables.TAG) {
      return List.of(new Touched(row.text("project"), row.text("key_id")));
    }
    if (table == Tables.KEY_VERSION) {
      String project = row.textOrNull("project"); // of rows of earlier stores only the key tells
      return List.of(
          project == null
              ? Touched.key(row.text("key_id"), statements)
              : new Touched(project, row.text("key_id")));
    }
    if (table == Tables.KEYSTORE) {
      return List.of(new Touched(row.text("project"), KEYSTORE + row.text("id")));
    }
    if (table == Tables.SET_MEMBER) {
      List<Touched> members =
          new ArrayList<>(
              statements.list(
                  IN_SET,
                  member -> new Touched(member.text(1), member.text(2)),
                  row.text("replica_set")));
      members.add(new Touched(row.text("project"), row.text("key_id"))); // which may have left
      return members;
    }
    return List.of();
  }
}
