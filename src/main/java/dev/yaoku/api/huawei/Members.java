package dev.yaoku.api.huawei;

import dev.yaoku.crypto.PublicKeyText;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamContext;

/** Reading members of requests as leniently as real clients need ({@code operations.md} 1). */
final class Members {
  private static final int DIGITS_MAX = 20;
  private static final long LAST_SECOND = 253_402_300_799L;
  private static final int TEXT_IN_REFUSALS_MAX = 64;
  private static final int PUBLIC_KEY_CHARACTERS_MAX = 4_096;

  private Members() {}

  /**
   * A member that must be there.
   *
   * @throws KmsException with {@link Problem.MissingMember} if it is absent or empty
   */
  static String required(String member, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      throw missing(member);
    }
    return value;
  }

  /** A member that must be there, but may be empty. */
  static String present(String member, @Nullable String value) {
    if (value == null) {
      throw missing(member);
    }
    return value;
  }

  /** A member that need not be there; empty is absent. */
  static @Nullable String optional(@Nullable String value) {
    return value == null || value.isEmpty() ? null : value;
  }

  /**
   * A public key in Base64 of DER; white space and the lines around PEM are tolerated.
   *
   * @throws KmsException with {@link Problem.BadValue} if it is none
   */
  static byte[] publicKey(String text) {
    byte[] der = text.length() <= PUBLIC_KEY_CHARACTERS_MAX ? PublicKeyText.der(text) : null;
    if (der == null) {
      throw bad(Field.OTHER, "public_key", "public_key must be DER in Base64.");
    }
    return der;
  }

  static KmsException missing(String member) {
    return new KmsException(new Problem.MissingMember(member));
  }

  static KmsException bad(Field field, String member, String why) {
    return new KmsException(new Problem.BadValue(field, member, why));
  }

  /** The number of a required member, within bounds. */
  static int number(
      String member, @Nullable String value, Field field, int smallest, int greatest) {
    return within(member, required(member, value), field, smallest, greatest);
  }

  /** The number of an optional member, within bounds. */
  static int number(
      String member, @Nullable String value, Field field, int smallest, int greatest, int absent) {
    String text = optional(value);
    return text == null ? absent : within(member, text, field, smallest, greatest);
  }

  private static int within(String member, String text, Field field, int smallest, int greatest) {
    long number = integer(text, Long.MIN_VALUE);
    if (number < smallest || number > greatest) {
      throw bad(field, member, member + " must be from " + smallest + " to " + greatest + ".");
    }
    return (int) number;
  }

  /** A number of which too much is as good as the most. */
  static int capped(
      String member, @Nullable String value, Field field, int smallest, int most, int absent) {
    String text = optional(value);
    if (text == null) {
      return absent;
    }
    long number = integer(text, Long.MIN_VALUE);
    if (number < smallest) {
      throw bad(field, member, member + " must be a number not below " + smallest + ".");
    }
    return (int) Math.min(number, most);
  }

  /** A time in seconds since 1970, until the year 9999. */
  static long seconds(String member, String text) {
    long seconds = integer(text, Long.MIN_VALUE);
    if (seconds == Long.MIN_VALUE || seconds > LAST_SECOND) {
      throw bad(Field.OTHER, member, member + " must be a number of seconds since 1970.");
    }
    return Math.max(seconds, 0); // before that it was all the past
  }

  /**
   * A decimal integer; numbers of more than 20 digits are not even parsed (SECURITY_DESIGN L11).
   */
  private static long integer(String text, long none) {
    if (text.isEmpty() || text.length() > DIGITS_MAX) {
      return none;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (i > 0 || c != '-' || text.length() == 1)) {
        return none;
      }
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException tooGreat) {
      return text.charAt(0) == '-' ? none : Long.MAX_VALUE;
    }
  }

  /** The member of the body's object inside which the parser is; empty if it is in none. */
  static String topMember(JsonParser parser) {
    TokenStreamContext at = parser.streamReadContext();
    String member = "";
    while (at != null && !at.inRoot()) {
      String name = at.currentName();
      if (name != null) {
        member = name;
      }
      at = at.getParent();
    }
    return member.length() > TEXT_IN_REFUSALS_MAX
        ? member.substring(0, TEXT_IN_REFUSALS_MAX)
        : member;
  }

  /** Members whose wrong kind of value has a code of its own ({@code errors.md} 4). */
  static Field fieldOf(String member) {
    return switch (member) {
      case "sequence" -> Field.SEQUENCE;
      case "realm" -> Field.REALM;
      case "encryption_context" -> Field.ENCRYPTION_CONTEXT;
      case "tags", "tag" -> Field.TAGS_SHAPE;
      case "matches" -> Field.MATCHES_SHAPE;
      default -> Field.OTHER;
    };
  }
}
