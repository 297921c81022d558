package dev.yaoku.store;

import dev.yaoku.key.Tag;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/** The tags of keys, as rows and back, and the digest by which a key knows its tags. */
final class TagRows {
  private static final byte[] NONE = {};

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
  static byte[] digest(List<Row> tags) {
    if (tags.isEmpty()) {
      return NONE;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      tags.forEach(tag -> digest.update(tag.mac()));
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether these are all tags of the key and no others, each as it was last written. */
  static boolean areThoseOf(Row key, List<Row> tags) {
    String id = key.text("id");
    return tags.stream().allMatch(tag -> tag.text("key_id").equals(id))
        && MessageDigest.isEqual(digest(tags), key.bytes("tag_digest"));
  }
}
