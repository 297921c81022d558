package dev.yaoku.access.federation;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON of strangers in one way only: no member twice, nothing after it, nothing deep, and in
 * no other encoding than UTF-8 (RFC 8259, section 8.1).
 */
final class StrictJson {
  private static final int DEPTH_MAX = 10;
  private static final int NUMBER_DIGITS_MAX = 20;
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxNumberLength(NUMBER_DIGITS_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /** The object in these bytes, or nothing if they are none. */
  static Optional<JsonNode> object(byte[] utf8) {
    return ofKind(utf8).filter(JsonNode::isObject);
  }

  /** The array in these bytes, or nothing if they are none. */
  static Optional<JsonNode> array(byte[] utf8) {
    return ofKind(utf8).filter(JsonNode::isArray);
  }

  private static Optional<JsonNode> ofKind(byte[] utf8) {
    try {
      return Optional.ofNullable(MAPPER.readTree(text(utf8)));
    } catch (CharacterCodingException | JacksonException _) {
      // Its message quotes the input.
      return Optional.empty();
    }
  }

  /** The parser would guess the encoding of bytes. A mark before a text says nothing. */
  private static String text(byte[] utf8) throws CharacterCodingException {
    String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
  }

  static String write(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }
}
