package dev.yaoku.api.huawei;

import dev.yaoku.api.Utf8;
import dev.yaoku.key.Field;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Text, also where a client sends a number or a boolean. Text that has no encoding is refused, not
 * altered (SECURITY_DESIGN H2).
 */
final class LenientText extends ValueDeserializer<String> {
  /** Documented as 36 characters, but clients send what they like. */
  private static final int SEQUENCE_CHARACTERS_MAX = 255;

  @Override
  public String deserialize(JsonParser parser, DeserializationContext context) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case VALUE_STRING -> encodable(parser, parser.getString());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT, VALUE_TRUE, VALUE_FALSE -> scalar(parser);
      default -> throw Json.wrongKind(parser);
    };
  }

  /** A realm that is no text is refused by a code of its own; nothing else minds. */
  private static String scalar(JsonParser parser) {
    if (Members.fieldOf(Members.topMember(parser)) == Field.REALM) {
      throw Json.wrongKind(parser);
    }
    String text = parser.getString();
    mustNotBeALongSequence(parser, text);
    return text;
  }

  private static String encodable(JsonParser parser, String text) {
    mustNotBeALongSequence(parser, text);
    if (Utf8.hasUnpairedSurrogate(text)) {
      String member = Members.topMember(parser);
      throw Members.bad(Field.OTHER, member, "A text in " + member + " has half a surrogate pair.");
    }
    return text;
  }

  private static void mustNotBeALongSequence(JsonParser parser, String text) {
    if (text.length() > SEQUENCE_CHARACTERS_MAX
        && text.codePointCount(0, text.length()) > SEQUENCE_CHARACTERS_MAX
        && Members.topMember(parser).equals("sequence")) {
      throw Members.bad(
          Field.SEQUENCE, "sequence", "sequence must not be longer than 255 characters.");
    }
  }
}
