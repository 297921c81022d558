package dev.yaoku.api.iam;

import dev.yaoku.api.Utf8;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Text, and nothing in place of it, that has an encoding. Half a surrogate pair has none and would
 * become a question mark, so that two names were one (SECURITY_DESIGN H2).
 */
final class EncodableText extends ValueDeserializer<String> {
  @Override
  public String deserialize(JsonParser parser, DeserializationContext context) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return context.reportInputMismatch(String.class, "a text is expected");
    }
    return checked(parser.getString(), context);
  }

  /** The text, unless it has half a surrogate pair. */
  static String checked(String text, DeserializationContext context) {
    if (Utf8.hasUnpairedSurrogate(text)) {
      throw context.weirdStringException("", String.class, "half a surrogate pair");
    }
    return text;
  }
}
