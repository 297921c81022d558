package dev.yaoku.api.huawei;

import dev.yaoku.api.Utf8;
import dev.yaoku.crypto.Context;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * An encryption context: an object whose values are text, or one text, which two clients send
 * ({@code quirks.md} 8). Here nothing is lenient, because two contexts must never become one.
 */
final class ContextMember extends ValueDeserializer<Context> {
  /**
   * The longest context in JSON form, in Unicode characters. What is escaped counts as one: data
   * that was encrypted with a context must not be lost to how its JSON is written.
   */
  private static final int CHARACTERS_MAX = 8192;

  /** Quotes, colon and comma around a name and its value. */
  private static final int PUNCTUATION = 6;

  @Override
  public Context deserialize(JsonParser parser, DeserializationContext context) {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> new Context.Text(text(parser, 0));
      case START_OBJECT -> members(parser);
      default -> throw refused("encryption_context must be an object of texts.");
    };
  }

  private static Context members(JsonParser parser) {
    Map<String, String> members = new LinkedHashMap<>();
    int characters = 1;
    String name = parser.nextName();
    while (name != null) {
      mustBeEncodable(name);
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw refused("Every value in encryption_context must be a text.");
      }
      characters += count(name) + PUNCTUATION;
      String value = text(parser, characters);
      characters += count(value);
      members.put(name, value);
      name = parser.nextName();
    }
    return new Context.Members(members);
  }

  private static String text(JsonParser parser, int before) {
    String text = parser.getString();
    mustBeEncodable(text);
    if (before + count(text) > CHARACTERS_MAX) {
      throw refused("encryption_context must not be longer than 8192 characters.");
    }
    return text;
  }

  private static int count(String text) {
    return text.codePointCount(0, text.length());
  }

  private static void mustBeEncodable(String text) {
    if (Utf8.hasUnpairedSurrogate(text)) {
      throw refused("A text in encryption_context has half a surrogate pair.");
    }
  }

  private static KmsException refused(String why) {
    return Members.bad(Field.ENCRYPTION_CONTEXT, "encryption_context", why);
  }
}
