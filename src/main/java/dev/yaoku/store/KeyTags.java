package dev.yaoku.store;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The tags of one key, in a transaction that changes some. Of the others it reads the tag keys and
 * the MACs alone, an eighth of what the rows have: the digest in the key's own row shows that these
 * MACs are those of all its tags, in order of tag key, each as it was last written.
 *
 * <p>It does not show which tag key goes with which MAC. So a tag is believed to be there once its
 * row has been checked, and not to be there once the rows have been checked between which it would
 * be: else whoever edits tag keys could have a tag made twice, and bring its earlier value back.
 */
final class KeyTags {
  private static final String MACS =
      "SELECT tag_key, row_mac FROM tag WHERE project = ? AND key_number = ?";
  private static final String ONE = "WHERE project = ? AND key_number = ? AND tag_key = ?";

  private final CheckedRows sql;
  private final Row key;
  private final NavigableMap<String, byte[]> macs = new TreeMap<>(Utf8Order.INSTANCE);

  /** Those that were checked or written in this transaction. */
  private final Map<String, Row> rows = new HashMap<>();

  /**
   * The tags of a key.
   *
   * @throws dev.yaoku.key.KmsException if the key does not know its tags so
   */
  KeyTags(CheckedRows sql, Row key) {
    this.sql = sql;
    this.key = key;
    sql.statements.each(
        MACS,
        row -> macs.put(row.text(1), row.bytes(2)),
        key.text("project"),
        key.number("number"));
    if (!TagRows.areMacsOf(key, macs.values())) {
      throw sql.genuine.refuse(key);
    }
  }

  /**
   * The row of a tag, if the key has one.
   *
   * @throws dev.yaoku.key.KmsException if that cannot be told, as rows were edited
   */
  Optional<Row> find(String tagKey) {
    if (macs.containsKey(tagKey)) {
      return Optional.of(checked(tagKey));
    }
    check(macs.lowerKey(tagKey));
    check(macs.higherKey(tagKey));
    return Optional.empty();
  }

  private void check(@Nullable String neighbour) {
    if (neighbour != null) {
      var _ = checked(neighbour);
    }
  }

  private Row checked(String tagKey) {
    return rows.computeIfAbsent(tagKey, this::read);
  }

  private Row read(String tagKey) {
    return sql.row(Tables.TAG, ONE, key.text("project"), key.number("number"), tagKey)
        .filter(row -> Arrays.equals(row.mac(), macs.get(tagKey)))
        .orElseThrow(() -> sql.genuine.refuse(key));
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
