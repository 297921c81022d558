package dev.yaoku.store;

import dev.yaoku.key.Tag;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;

/** The tags of keys, as rows and back, and the digest by which a key knows its tags. */
final class TagRows {
  private static final byte[] NONE = {};
  private static final int MAC_BYTES = 32;

  private TagRows() {}

  static Tag tag(Row row) {
    return new Tag(row.text("tag_key"), row.text("tag_value"));
  }

  static Row row(Row key, Tag tag) {
    return Row.of(Tables.TAG)
        .set("project", key.text("project"))
        .set("key_number", key.number("number"))
        .set("tag_key", tag.key())
        .set("tag_value", tag.value())
        .set("key_id", key.text("id"));
  }

  /** Over the MACs of all tags of a key, which must be in order of tag key. */
  static byte[] digest(Collection<byte[]> macs) {
    if (macs.isEmpty()) {
      return NONE;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      macs.forEach(digest::update);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether these are all tags of the key and no others, each as it was last written. */
  static boolean areThoseOf(Row key, List<Row> tags) {
    String id = key.text("id");
    return tags.stream().allMatch(tag -> tag.text("key_id").equals(id))
        && areMacsOf(key, tags.stream().map(Row::mac).toList());
  }

  /** Whether these are the MACs of all tags of the key, each as it was last written. */
  static boolean areMacsOf(Row key, Collection<byte[]> macs) {
    return macs.stream().allMatch(mac -> mac.length == MAC_BYTES)
        && MessageDigest.isEqual(digest(macs), key.bytes("tag_digest"));
  }
}
