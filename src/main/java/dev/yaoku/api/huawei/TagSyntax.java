package dev.yaoku.api.huawei;

import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Tag;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What tags can be ({@code semantics.md} 13: the wide rule). Lengths count characters. */
final class TagSyntax {
  private static final int KEY_CHARACTERS_MAX = 128;
  private static final int VALUE_CHARACTERS_MAX = 255;

  /** An asterisk is taken although the tables forbid it: a real client sends it (ADR 3). */
  private static final String FORBIDDEN = "<>\\";

  private TagSyntax() {}

  /** A tag of a request: its value may be left out. */
  record TagItem(@Nullable String key, @Nullable String value) {}

  /** The tags of a request, not empty and each key once. */
  static List<Tag> tags(@Nullable List<@Nullable TagItem> items) {
    if (items == null || items.isEmpty()) {
      throw bad(Field.TAG_LIST_EMPTY, "tags must not be empty.");
    }
    List<Tag> tags = new ArrayList<>(items.size());
    Set<String> seen = new HashSet<>();
    for (TagItem item : items) {
      Tag tag = tag(item);
      if (!seen.add(tag.key())) {
        throw duplicate();
      }
      tags.add(tag);
    }
    return tags;
  }

  static Tag tag(@Nullable TagItem item) {
    if (item == null) {
      throw bad(Field.TAGS_SHAPE, "A tag must be an object with a key.");
    }
    String value = item.value();
    return new Tag(key(item.key()), value == null ? "" : value(value));
  }

  /** A tag key. One that ends in a slash could not be told from the path of its tag. */
  static String key(@Nullable String key) {
    if (key == null || key.isEmpty() || characters(key) > KEY_CHARACTERS_MAX) {
      throw bad(Field.TAG_KEY_LENGTH, "A tag key must have 1 to 128 characters.");
    }
    if (!isClean(key) || key.startsWith("_sys_") || key.endsWith("/")) {
      throw bad(
          Field.TAG_KEY_CHARACTERS,
          "A tag key must not have control characters or any of < > \\ in it, must not begin or"
              + " end with a space, begin with _sys_ or end with /.");
    }
    return key;
  }

  static String value(String value) {
    if (characters(value) > VALUE_CHARACTERS_MAX) {
      throw bad(Field.TAG_VALUE_LENGTH, "A tag value must not be longer than 255 characters.");
    }
    if (!isClean(value)) {
      throw bad(
          Field.TAG_VALUE_CHARACTERS,
          "A tag value must not have control characters or any of < > \\ in it, and must not"
              + " begin or end with a space.");
    }
    return value;
  }

  static KmsException duplicate() {
    return bad(Field.TAG_DUPLICATE, "tags must name each key once.");
  }

  static KmsException bad(Field field, String why) {
    return Members.bad(field, "tags", why);
  }

  private static boolean isClean(String text) {
    return !text.startsWith(" ")
        && !text.endsWith(" ")
        && text.chars().noneMatch(c -> Character.isISOControl(c) || FORBIDDEN.indexOf(c) >= 0);
  }

  private static int characters(String text) {
    return text.codePointCount(0, text.length());
  }
}
