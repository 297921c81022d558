package dev.yaoku.api.iam;

import dev.yaoku.api.JsonBody;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** JSON of the identity routes. What the parser says of foreign bytes is kept to ourselves (M8). */
final class IamJson {
  private static final JsonMapper MAPPER =
      JsonBody.mapper()
          // A 0 in place of a boolean would lock a user out; no client is known that needs it.
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfigDefaults(coercions -> coercions.setAcceptBlankAsEmpty(false))
          .addModule(
              new SimpleModule("yaoku-iam")
                  .addDeserializer(String.class, new EncodableText())
                  .addDeserializer(JsonNode.class, new EncodableTree())
                  .addDeserializer(SecretBytes.class, new PasswordText()))
          .build();

  private IamJson() {}

  /**
   * Reads a body that holds no secret.
   *
   * @throws KmsException with {@link Problem.BadJson}
   */
  static <T> T read(byte[] body, Class<T> shape) {
    return read(MAPPER.reader(), body, shape);
  }

  /** A part of a body as text. */
  static String text(JsonNode node) {
    return MAPPER.writeValueAsString(node);
  }

  /** Text that this server wrote, as part of a body. */
  static JsonNode tree(String json) {
    return MAPPER.readTree(json);
  }

  static byte[] write(Object answer) {
    return MAPPER.writeValueAsBytes(answer);
  }

  /**
   * Reads the body of a call.
   *
   * @param secrets collects what must be wiped, also when reading fails
   * @throws KmsException with {@link Problem.BadJson}
   */
  static <T> T read(byte[] body, Class<T> shape, Secrets secrets) {
    return read(MAPPER.reader().withAttribute(Secrets.class, secrets), body, shape);
  }

  private static <T> T read(ObjectReader reader, byte[] body, Class<T> shape) {
    JsonBody.mustBeObject(body);
    try {
      T members = shape.cast(reader.forType(shape).readValue(body));
      if (members == null) {
        throw malformed();
      }
      return members;
    } catch (JacksonException e) {
      throw malformed();
    }
  }

  private static KmsException malformed() {
    return new KmsException(new Problem.BadJson("The body is not a valid JSON object."));
  }
}
