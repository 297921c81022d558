package dev.yaoku.api.huawei;

import dev.yaoku.api.Exchange;
import dev.yaoku.key.Field;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.OpeningPolicyReader;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Members that key policies and access points share ({@code operations-new.md} 2.4 and 2.5). */
final class KeySpaceMembers {
  /** The member, or parameter, that says which key space. */
  static final String KEY_SPACE = "keyspace_id";

  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 100;

  private KeySpaceMembers() {}

  /** The id of a key space, in small letters. */
  static String keySpace(@Nullable String value) {
    String id = OpeningPolicyReader.uuid(Members.required(KEY_SPACE, value));
    if (id == null) {
      throw Members.bad(Field.OTHER, KEY_SPACE, "keyspace_id must be a UUID.");
    }
    return id;
  }

  static String name(String member, @Nullable String value) {
    String name = Members.required(member, value);
    if (!Syntax.isName(name)) {
      throw Members.bad(
          Field.NAME,
          member,
          member + " must have 1 to 255 of the characters a-z A-Z 0-9 : / _ -.");
    }
    return name;
  }

  static String description(@Nullable String value) {
    String text = Members.optional(value);
    return text == null ? "" : Syntax.description("description", text);
  }

  /** Which page of a list is asked for. */
  record Wanted(String keySpace, String after, int limit) {
    static Wanted of(Exchange exchange) {
      return new Wanted(
          KeySpaceMembers.keySpace(Frame.query(exchange, KEY_SPACE)),
          marker(Frame.query(exchange, "marker")),
          Members.capped(
              "limit", Frame.query(exchange, "limit"), Field.LIMIT, 1, PAGE_MAX, PAGE_DEFAULT));
    }

    private static String marker(String text) {
      if (text.isEmpty()) {
        return "";
      }
      String id = OpeningPolicyReader.uuid(text);
      if (id == null) {
        throw Members.bad(Field.MARKER, "marker", "marker must be a UUID, as it was returned.");
      }
      return id;
    }
  }

  /** Where a page ends. */
  record PageInfo(String nextMarker, int currentCount) {}

  /** A time of these operations, to the second. */
  static String time(@Nullable Instant instant) {
    return instant == null ? "" : OpeningPolicy.written(instant);
  }
}
