package dev.yaoku.store;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tags of one key, in a transaction that changes some. Of the others it reads the tag keys and
 * the MACs alone, a quarter of what the rows have: the digest in the key's own row shows that these
 * MACs are those of all its tags, in order of tag key, each as it was last written.
 *
 * <p>It does not show which tag key goes with which MAC. So a tag is believed to be there once its
 * row has been checked, and not to be there once the rows have been checked between which it would
 * be: else whoever edits tag keys could have a tag made twice, and bring its earlier value back.
 */
final class KeyTags {
  private static final String MACS =
      "SELECT tag_key, row_mac FROM tag WHERE project = ? AND key_number = ?";

  private final Row key;
  private final NavigableMap<String, byte[]> macs = new TreeMap<>(Utf8Order.INSTANCE);

  /** Those that were checked or written in this transaction. */
  private final Map<String, Row> rows = new HashMap<>();

  /**
   * The tags of a key, some of which are about to be changed.
   *
   * @param changing their tag keys
   * @throws dev.yaoku.key.KmsException if the key does not know its tags so, or rows were edited on
   *     which it hangs whether these tags are there
   */
  KeyTags(CheckedRows sql, Row key, Collection<String> changing) {
    this.key = key;
    sql.statements.each(
        MACS,
        row -> macs.put(row.text(1), row.bytes(2)),
        key.text("project"),
        key.number("number"));
    if (!TagRows.areMacsOf(key, macs.values())) {
      throw sql.genuine.refuse(key);
    }
    check(sql, witnesses(changing));
  }

  /** The tags themselves, and where one is not there, those beside its place. */
  private Set<String> witnesses(Collection<String> changing) {
    Set<String> witnesses = new LinkedHashSet<>();
    for (String tagKey : changing) {
      Stream<@Nullable String> shown =
          macs.containsKey(tagKey)
              ? Stream.of(tagKey)
              : Stream.of(macs.lowerKey(tagKey), macs.higherKey(tagKey));
      shown.filter(Objects::nonNull).forEach(witnesses::add);
    }
    return witnesses;
  }

  private void check(CheckedRows sql, Set<String> tagKeys) {
    if (tagKeys.isEmpty()) {
      return;
    }
    String some =
        "WHERE project = ? AND key_number = ? AND tag_key IN (%s)"
            .formatted(String.join(", ", Collections.nCopies(tagKeys.size(), "?")));
    Object[] of =
        Stream.concat(Stream.of(key.text("project"), key.number("number")), tagKeys.stream())
            .toArray();
    sql.all(Tables.TAG, row -> row, some, of).forEach(row -> rows.put(row.text("tag_key"), row));
    for (String tagKey : tagKeys) {
      Row row = rows.get(tagKey);
      if (row == null || !Arrays.equals(row.mac(), macs.get(tagKey))) {
        throw sql.genuine.refuse(key);
      }
    }
  }

  /** The row of one of the tags that are about to be changed, if the key has it. */
  Optional<Row> find(String tagKey) {
    return macs.containsKey(tagKey)
        ? Optional.of(Objects.requireNonNull(rows.get(tagKey)))
        : Optional.empty();
  }

  /** Notes a tag as it was written. */
  void put(Row row) {
    macs.put(row.text("tag_key"), row.mac());
    rows.put(row.text("tag_key"), row);
  }

  /** Notes that a tag was removed. */
  void remove(String tagKey) {
    macs.remove(tagKey);
    rows.remove(tagKey);
  }

  /** How many tags the key has. */
  int count() {
    return macs.size();
  }

  /** By which the key knows them. */
  byte[] digest() {
    return TagRows.digest(macs.values());
  }
}
