package dev.yaoku.store;

import dev.yaoku.key.Tag;
import dev.yaoku.store.KeyFilter.StateName;
import dev.yaoku.store.KeyFilter.TagMatch;
import dev.yaoku.store.KeySets.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Answers which keys of a project match a filter, from sets of their numbers ({@link KeySets}), and
 * files keys in these.
 */
final class KeyIndex {
  private static final String ALL = "all";
  private static final String CUSTOM = "custom";
  private static final String STATE = "state";
  private static final String SPEC = "spec";
  private static final String ENTERPRISE = "enterprise";
  private static final String TAG_KEY = "tag-key";
  private static final String TAG = "tag";

  private static final String LAST_NUMBER =
      """
      SELECT coalesce(max(number), 0) FROM (
        SELECT max(number) AS number FROM "key" WHERE project = ?
        UNION ALL SELECT max(key_number) FROM key_version WHERE project = ?
        UNION ALL SELECT max(key_number) FROM key_grant WHERE project = ?
        UNION ALL SELECT max(key_number) FROM tag WHERE project = ?) AS numbers
      """;

  private final Statements sql;
  private final SqlDialect dialect;
  private final KeySets sets;

  /** Keys that customers made, by project, as the transaction has them. */
  private final Map<String, NumberSet> customs = new HashMap<>();

  /** The next key's number, by project. */
  private final Map<String, Long> next = new HashMap<>();

  KeyIndex(Statements sql, SqlDialect dialect) {
    this.sql = sql;
    this.dialect = dialect;
    this.sets = new KeySets(sql);
  }

  /** The numbers of the keys that match and are not gone. */
  NumberSet matching(String project, KeyFilter filter, Instant now) {
    NumberSet found = null;
    for (TagMatch tag : filter.tags()) {
      found = narrowed(found, tagged(project, tag));
    }
    if (filter.state() != null) {
      found = narrowed(found, inState(project, filter.state(), now));
    }
    if (filter.spec() != null) {
      found = narrowed(found, sets.set(project, SPEC, "", filter.spec().name()));
    }
    if (filter.enterpriseProject() != null) {
      found = narrowed(found, sets.set(project, ENTERPRISE, "", filter.enterpriseProject()));
    }
    if (filter.nameContains() != null) {
      found = narrowed(found, named(project, filter.nameContains()));
    }
    if (filter.customOnly() || found == null) {
      found = narrowed(found, sets.set(project, filter.customOnly() ? CUSTOM : ALL, "", ""));
    }
    leaveOutGone(project, found, now);
    return found;
  }

  /** How many keys of a project count against its quota. */
  long customKeys(String project, Instant now) {
    NumberSet custom = customs.computeIfAbsent(project, p -> sets.set(p, CUSTOM, "", ""));
    return custom.count() - gone(project, now).stream().filter(custom::contains).count();
  }

  /**
   * The number that a new key of the project gets: none at which something lies, though no key
   * there may own it.
   */
  long nextNumber(String project) {
    Long known = next.get(project);
    long number =
        known == null ? sql.number(LAST_NUMBER, project, project, project, project) + 1 : known;
    next.put(project, number + 1);
    return number;
  }

  private static NumberSet narrowed(@Nullable NumberSet found, NumberSet by) {
    return found == null ? by : found.retainAll(by);
  }

  private NumberSet tagged(String project, TagMatch tag) {
    if (tag.values().isEmpty()) {
      return sets.set(project, TAG_KEY, tag.key(), "");
    }
    NumberSet any = new NumberSet();
    for (String value : Set.copyOf(tag.values())) {
      sets.addTo(any, project, TAG, tag.key(), value);
    }
    return any;
  }

  /**
   * Keys in a state at a time: where imported material has expired and the row does not say so yet,
   * the key waits for material ({@link dev.yaoku.key.Key#asOf}), but for disabled replicas, which
   * stay so. These are few; the project is compared in a way that no index serves, as SQLite would
   * look at all keys of the project.
   */
  private NumberSet inState(String project, StateName state, Instant now) {
    NumberSet set = sets.set(project, STATE, "", state.name());
    sql.list(
            """
            SELECT number FROM "key" WHERE material_expires_at IS NOT NULL
            AND material_expires_at <= ? AND project || '' = ? AND (state = 'ENABLED'
            OR (state = 'DISABLED' AND replica_set NOT LIKE ?))
            """,
            Statements.NUMBER,
            now.toEpochMilli(),
            project,
            KeyRows.REPLICA + "%")
        .forEach(
            switch (state) {
              case ENABLED, DISABLED -> set::remove;
              case PENDING_IMPORT -> set::add;
              case PENDING_DELETION -> _ -> {};
            });
    return set;
  }

  private NumberSet named(String project, String part) {
    NumberSet set = new NumberSet();
    sql.list(
            "SELECT number FROM \"key\" WHERE project = ? AND " + dialect.nameContains(),
            Statements.NUMBER,
            project,
            part)
        .forEach(set::add);
    return set;
  }

  /** Keys whose deletion date is reached are hidden at once and purged late (C3): few rows. */
  private void leaveOutGone(String project, NumberSet found, Instant now) {
    gone(project, now).forEach(found::remove);
  }

  private List<Long> gone(String project, Instant now) {
    return sql.list(
        """
        SELECT number FROM "key" WHERE project = ?
        AND deletion_at IS NOT NULL AND deletion_at <= ?
        """,
        Statements.NUMBER,
        project,
        now.toEpochMilli());
  }

  /** All tag keys of a project with their values; those that only gone keys have are left out. */
  SortedMap<String, SortedSet<String>> tags(String project, Instant now) {
    if (sets.changed()) {
      throw new IllegalStateException("tags of a project are for readers");
    }
    SortedMap<String, SortedSet<String>> tags = new TreeMap<>();
    sets.tags(project, TAG)
        .forEach(tag -> tags.computeIfAbsent(tag.key(), k -> new TreeSet<>()).add(tag.value()));
    List<Long> gone = gone(project, now);
    for (Tag tag : tagsOf(project, gone)) {
      NumberSet bearers = sets.set(project, TAG, tag.key(), tag.value());
      gone.forEach(bearers::remove);
      SortedSet<String> values = tags.get(tag.key());
      if (bearers.count() == 0 && values != null) {
        values.remove(tag.value());
      }
    }
    tags.values().removeIf(values -> values.isEmpty());
    return tags;
  }

  /** The tags that any of these keys has; only which sets to look at follows from it. */
  private Set<Tag> tagsOf(String project, List<Long> numbers) {
    Set<Tag> tags = new HashSet<>();
    for (long number : numbers) {
      sql.list(
              "SELECT tag_key, tag_value FROM tag WHERE project = ? AND key_number = ?",
              row -> new Tag(row.text(1), row.text(2)),
              project,
              number)
          .forEach(tags::add);
    }
    return tags;
  }

  /** Files a key under its traits. */
  void add(Row key) {
    traits(key).forEach(place -> add(place, key.number("number")));
  }

  /** Forgets a key's traits; its tags are removed one by one. */
  void remove(Row key) {
    traits(key).forEach(place -> remove(place, key.number("number")));
  }

  /** Files a key anew after a change. */
  void move(Row before, Row after) {
    List<Place> old = traits(before);
    List<Place> now = traits(after);
    long number = after.number("number");
    old.stream().filter(place -> !now.contains(place)).forEach(place -> remove(place, number));
    now.stream().filter(place -> !old.contains(place)).forEach(place -> add(place, number));
  }

  /** Files a key under its tag. */
  void addTag(String project, long number, Tag tag) {
    long bucket = NumberSet.bucketOf(number);
    add(new Place(project, TAG_KEY, tag.key(), "", bucket), number);
    add(new Place(project, TAG, tag.key(), tag.value(), bucket), number);
  }

  /** Forgets a key's tag. */
  void removeTag(String project, long number, Tag tag) {
    long bucket = NumberSet.bucketOf(number);
    remove(new Place(project, TAG_KEY, tag.key(), "", bucket), number);
    remove(new Place(project, TAG, tag.key(), tag.value(), bucket), number);
  }

  private static List<Place> traits(Row key) {
    String project = key.text("project");
    long bucket = NumberSet.bucketOf(key.number("number"));
    List<Place> traits = new ArrayList<>();
    traits.add(new Place(project, ALL, "", "", bucket));
    traits.add(new Place(project, STATE, "", StateName.valueOf(key.text("state")).name(), bucket));
    traits.add(new Place(project, SPEC, "", key.text("spec"), bucket));
    traits.add(new Place(project, ENTERPRISE, "", key.text("enterprise_project"), bucket));
    if (!key.flag("is_default")) {
      traits.add(new Place(project, CUSTOM, "", "", bucket));
    }
    return traits;
  }

  private void add(Place place, long number) {
    put(place, number, true);
  }

  private void remove(Place place, long number) {
    put(place, number, false);
  }

  private void put(Place place, long number, boolean in) {
    sets.put(place, number, in);
    NumberSet custom = place.facet().equals(CUSTOM) ? customs.get(place.project()) : null;
    if (custom != null) {
      custom.put(number, in);
    }
  }

  /** The task under way has done its part. */
  void keep() {
    sets.keep();
  }

  /** The task under way is rolled back: what those before it did stays. */
  void undo() {
    sets.undo();
    forget();
  }

  /** Writes what changed, at the end of a transaction. */
  void flush() {
    sets.flush();
    forget();
  }

  private void forget() {
    next.clear();
    customs.clear();
  }
}
