package dev.yaoku.api.huawei;

import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.OpeningPolicyReader;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/** An opening policy: a text that holds JSON, or that JSON itself. An empty text is none. */
final class PolicyMember extends ValueDeserializer<OpeningPolicy> {
  private static final JsonFactory JSON = new JsonFactory();

  @Override
  public @Nullable OpeningPolicy deserialize(JsonParser parser, DeserializationContext context) {
    String member = Members.topMember(parser);
    String text =
        switch (parser.currentToken()) {
          case VALUE_STRING -> parser.getString();
          case START_OBJECT -> copied(parser);
          default -> throw Json.wrongKind(parser);
        };
    return text.isEmpty() ? null : OpeningPolicyReader.read(member, text);
  }

  private static String copied(JsonParser parser) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
      out.copyCurrentStructure(parser);
    }
    return text.toString();
  }
}
