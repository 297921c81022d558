package dev.yaoku.api;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What every body is looked at for before a parser is, and how strict every parser is. */
public final class JsonBody {
  private static final int DEPTH_MAX = 500;

  private JsonBody() {}

  /**
   * What all mappers of bodies have in common: names are in snake case, in the order of the wire
   * record, unknown ones are passed over; none comes twice, and nothing comes behind the object.
   * What the parser quotes of foreign bytes is left out of what it says (SECURITY_DESIGN M8).
   */
  public static JsonMapper.Builder mapper() {
    return JsonMapper.builder(
            JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                .build())
        .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(MapperFeature.SORT_CREATOR_PROPERTIES_FIRST)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  /**
   * Passes UTF-8 that begins as a JSON object does. A parser would read UTF-16 and UTF-32 as well,
   * which are no JSON (RFC 8259, section 8.1) and which whoever filters requests reads otherwise.
   *
   * @throws KmsException with {@link Problem.BadJson}
   */
  public static void mustBeObject(byte[] text) {
    if (!Utf8.isValid(text)) {
      throw bad("The body is not valid UTF-8.");
    }
    for (int i = 0; i < text.length; i++) {
      byte b = text[i];
      if (b == '{') {
        mustNotBeWide(text, i + 1);
        return;
      }
      if (b != ' ' && b != '\t' && b != '\n' && b != '\r') {
        break;
      }
    }
    throw bad("The body must be a JSON object.");
  }

  /** In UTF-16 and UTF-32 of the little end a brace has zeros behind it, in JSON never. */
  private static void mustNotBeWide(byte[] text, int behindBrace) {
    if (behindBrace < text.length && text[behindBrace] == 0) {
      throw bad("The body is not valid UTF-8.");
    }
  }

  private static KmsException bad(String why) {
    return new KmsException(new Problem.BadJson(why));
  }
}
