package dev.yaoku.api.huawei;

import dev.yaoku.key.Field;
import dev.yaoku.secret.SecretBytes;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * A secret text, decoded from the raw body straight into bytes that will be wiped: never a {@code
 * String}, and never in a buffer of the parser, which does not decode a value that it is not asked
 * for (SECURITY_DESIGN M8).
 */
final class SecretText extends ValueDeserializer<SecretBytes> {
  @Override
  public SecretBytes deserialize(JsonParser parser, DeserializationContext context) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw Json.wrongKind(parser);
    }
    Secrets secrets = (Secrets) context.getAttribute(Secrets.class);
    int at = Math.toIntExact(parser.currentTokenLocation().getByteOffset());
    byte[] text = RawText.decode(secrets.body(), at);
    if (text == null) {
      String member = Members.topMember(parser);
      throw Members.bad(
          member.equals("plain_text") ? Field.PLAINTEXT : Field.OTHER,
          member,
          "A text in " + member + " has half a surrogate pair.");
    }
    return secrets.keep(SecretBytes.take(text));
  }
}
