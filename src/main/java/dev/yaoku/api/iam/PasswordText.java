package dev.yaoku.api.iam;

import dev.yaoku.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * A password, taken out of the parser's own buffer as bytes and wiped there. It never becomes a
 * {@code String}, which could not be wiped (SECURITY_DESIGN M8).
 */
final class PasswordText extends ValueDeserializer<SecretBytes> {
  @Override
  public SecretBytes deserialize(JsonParser parser, DeserializationContext context) {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      return context.reportInputMismatch(SecretBytes.class, "a text is expected");
    }
    char[] buffer = parser.getStringCharacters();
    int offset = parser.getStringOffset();
    int length = parser.getStringLength();
    byte[] utf8 = new byte[3 * length];
    try {
      ByteBuffer out = ByteBuffer.wrap(utf8);
      CoderResult result =
          StandardCharsets.UTF_8
              .newEncoder()
              .encode(CharBuffer.wrap(buffer, offset, length), out, true);
      if (result.isError()) {
        return context.reportInputMismatch(SecretBytes.class, "half a surrogate pair");
      }
      Secrets secrets = (Secrets) context.getAttribute(Secrets.class);
      return secrets.keep(SecretBytes.take(Arrays.copyOf(utf8, out.position())));
    } finally {
      Arrays.fill(utf8, (byte) 0);
      Arrays.fill(buffer, offset, offset + length, '\0');
    }
  }
}
