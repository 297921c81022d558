package dev.yaoku.store;

import dev.yaoku.key.Tag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The sets of key numbers in table {@code trait_set}. Changes are held back until {@link #flush},
 * so that a transaction that adds many keys reads and writes each bucket once, whoever's tasks they
 * are of; what one task did can be undone.
 */
final class KeySets {
  /** One bucket of one set. */
  record Place(String project, String facet, String name, String value, long bucket) {
    boolean isOf(String aProject, String aFacet, String aName, String aValue) {
      return facet.equals(aFacet)
          && name.equals(aName)
          && value.equals(aValue)
          && project.equals(aProject);
    }
  }

  /** A number that was put into a set, or taken out of it. */
  private record Toggle(NumberSet set, long number, boolean in) {
    void make() {
      set.put(number, in);
    }

    void undo() {
      set.put(number, !in);
    }
  }

  private final Statements sql;

  /** Buckets as the transaction leaves them. */
  private final Map<Place, NumberSet> changed = new HashMap<>();

  /** What the task under way did to them, in order. */
  private final List<Toggle> toggles = new ArrayList<>();

  KeySets(Statements sql) {
    this.sql = sql;
  }

  /** Whether there are changes that {@link #flush} has not written yet. */
  boolean changed() {
    return !changed.isEmpty();
  }

  /** All numbers of a set. */
  NumberSet set(String project, String facet, String name, String value) {
    NumberSet set = new NumberSet();
    addTo(set, project, facet, name, value);
    return set;
  }

  /** Adds all numbers of a set to others. */
  void addTo(NumberSet set, String project, String facet, String name, String value) {
    sql.each(
        """
        SELECT bucket, numbers FROM trait_set
        WHERE project = ? AND facet = ? AND name = ? AND value = ?
        """,
        row -> {
          long bucket = row.number(1);
          // Readers have changed nothing, and may read thousands of buckets.
          if (changed.isEmpty()
              || !changed.containsKey(new Place(project, facet, name, value, bucket))) {
            set.addBucket(bucket, row.bytes(2));
          }
        },
        project,
        facet,
        name,
        value);
    changed.forEach((place, numbers) -> {
      if (place.isOf(project, facet, name, value)) {
        set.addAll(numbers);
      }
    });
  }

  /** The names and values of which a project has sets, for readers. */
  List<Tag> tags(String project, String facet) {
    return sql.list(
        "SELECT DISTINCT name, value FROM trait_set WHERE project = ? AND facet = ?",
        row -> new Tag(row.text(1), row.text(2)),
        project,
        facet);
  }

  /** Puts a number into a set, or takes it out. */
  void put(Place place, long number, boolean in) {
    NumberSet set = changed.computeIfAbsent(place, this::read);
    if (set.contains(number) != in) {
      Toggle toggle = new Toggle(set, number, in);
      toggle.make();
      toggles.add(toggle);
    }
  }

  private NumberSet read(Place place) {
    NumberSet set = new NumberSet();
    sql.first(
            """
            SELECT numbers FROM trait_set
            WHERE project = ? AND facet = ? AND name = ? AND value = ? AND bucket = ?
            """,
            row -> row.bytes(1),
            place.project(),
            place.facet(),
            place.name(),
            place.value(),
            place.bucket())
        .ifPresent(numbers -> set.addBucket(place.bucket(), numbers));
    return set;
  }

  /** The task under way has done its part. */
  void keep() {
    toggles.clear();
  }

  /** The task under way is rolled back: what those before it did stays. */
  void undo() {
    toggles.reversed().forEach(Toggle::undo);
    toggles.clear();
  }

  /** Writes what changed, at the end of a transaction. */
  void flush() {
    changed.forEach((place, set) -> {
      byte[] numbers = set.bucket(place.bucket());
      if (numbers == null) {
        delete(place);
      } else {
        write(place, numbers);
      }
    });
    changed.clear();
    toggles.clear();
  }

  private void write(Place place, byte[] numbers) {
    sql.execute(
        """
        INSERT INTO trait_set (project, facet, name, value, bucket, numbers)
        VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (project, facet, name, value, bucket)
        DO UPDATE SET numbers = excluded.numbers
        """,
        place.project(),
        place.facet(),
        place.name(),
        place.value(),
        place.bucket(),
        numbers);
  }

  private void delete(Place place) {
    sql.execute(
        """
        DELETE FROM trait_set
        WHERE project = ? AND facet = ? AND name = ? AND value = ? AND bucket = ?
        """,
        place.project(),
        place.facet(),
        place.name(),
        place.value(),
        place.bucket());
  }
}
