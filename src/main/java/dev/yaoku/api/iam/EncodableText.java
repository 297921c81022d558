package dev.yaoku.api.iam;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.jdk.StringDeserializer;

/**
 * Text that has an encoding. Half a surrogate pair has none and would become a question mark, so
 * that two names were one (SECURITY_DESIGN H2).
 */
final class EncodableText extends ValueDeserializer<String> {
  @Override
  public String deserialize(JsonParser parser, DeserializationContext context) {
    String text = StringDeserializer.instance.deserialize(parser, context);
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean paired =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!paired) {
          throw context.weirdStringException("", String.class, "half a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }
}
