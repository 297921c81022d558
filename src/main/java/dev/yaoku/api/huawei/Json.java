package dev.yaoku.api.huawei;

import dev.yaoku.api.Answer;
import dev.yaoku.api.JsonBody;
import dev.yaoku.crypto.Context;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MutableCoercionConfig;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * JSON of this dialect: lenient in, strict out. What the parser says about foreign bytes is neither
 * returned nor logged, because it quotes them (SECURITY_DESIGN M8).
 */
final class Json {
  private static final byte[] EMPTY_OBJECT = {'{', '}'};

  private static final JsonMapper MAPPER =
      JsonBody.mapper()
          // A refusal thrown by one of our readers arrives as it is.
          .disable(DeserializationFeature.WRAP_EXCEPTIONS)
          .withCoercionConfig(LogicalType.Collection, Json::emptyTextIsAbsent)
          .withCoercionConfig(LogicalType.POJO, Json::emptyTextIsAbsent)
          .addModule(
              new SimpleModule("yaoku")
                  .addDeserializer(String.class, new LenientText())
                  .addDeserializer(SecretBytes.class, new SecretText())
                  .addDeserializer(Context.class, new ContextMember())
                  .addDeserializer(OpeningPolicy.class, new PolicyMember()))
          .build();

  private Json() {}

  private static void emptyTextIsAbsent(MutableCoercionConfig coercions) {
    coercions.setCoercion(CoercionInputShape.EmptyString, CoercionAction.AsNull);
  }

  /**
   * What reads bodies of one shape; made once per route.
   *
   * @param type the wire record
   */
  record Shape<T>(Class<T> type, ObjectReader reader) {
    static <T> Shape<T> of(Class<T> type) {
      return new Shape<>(type, MAPPER.readerFor(type));
    }
  }

  /** JSON of an answer, for answers without secrets. */
  static byte[] write(Object answer) {
    return MAPPER.writeValueAsBytes(answer);
  }

  /** A success without secrets. */
  static Answer ok(Object answer) {
    return Answer.json(200, write(answer));
  }

  /**
   * A success of which nothing is said: an empty object, never an empty body ({@code quirks.md} 2).
   */
  static Answer nothing() {
    return Answer.json(200, EMPTY_OBJECT.clone());
  }

  /**
   * Reads a body. No bytes at all are an empty object.
   *
   * @throws KmsException with the problem of the member that is wrong, or with {@link
   *     Problem.BadJson}
   */
  static <T> Incoming<T> read(byte[] body, Shape<T> shape) {
    byte[] text = body.length == 0 ? EMPTY_OBJECT : body;
    JsonBody.mustBeObject(text);
    Secrets secrets = new Secrets(text);
    ObjectReader prepared = shape.reader().withAttribute(Secrets.class, secrets);
    boolean done = false;
    try (JsonParser parser = prepared.createParser(text)) {
      Incoming<T> incoming = new Incoming<>(members(prepared, parser, shape.type()), secrets);
      done = true;
      return incoming;
    } finally {
      if (!done) {
        secrets.close();
      }
    }
  }

  private static <T> T members(ObjectReader reader, JsonParser parser, Class<T> type) {
    try {
      return type.cast(reader.readValue(parser));
    } catch (DatabindException e) {
      if (e.getCause() instanceof KmsException ours) {
        throw ours; // lists wrap what a reader of their elements throws
      }
      // Without a member it is about what follows the object.
      throw Members.topMember(parser).isEmpty() ? malformed() : wrongKind(parser);
    } catch (JacksonException e) {
      throw isAboutSurrogates(e) ? halfPair(parser) : malformed();
    }
  }

  private static KmsException malformed() {
    return new KmsException(
        new Problem.BadJson("The body is not a valid JSON object, or has a member twice."));
  }

  /**
   * In names of members the parser itself finds half a surrogate pair; a test watches its words.
   */
  private static boolean isAboutSurrogates(JacksonException e) {
    String message = e.getOriginalMessage();
    return message != null && message.contains("surrogate");
  }

  private static KmsException halfPair(JsonParser parser) {
    String member = Members.topMember(parser);
    boolean inContext = Members.fieldOf(member) == Field.ENCRYPTION_CONTEXT;
    return Members.bad(
        inContext ? Field.ENCRYPTION_CONTEXT : Field.OTHER,
        member,
        "The name of a member has half a surrogate pair.");
  }

  /** The refusal of a value of the wrong JSON kind, by the member of the body that it is in. */
  static KmsException wrongKind(JsonParser parser) {
    String member = Members.topMember(parser);
    Field field = Members.fieldOf(member);
    return new KmsException(
        new Problem.BadValue(field, member, "A value in " + member + " has the wrong JSON type."));
  }
}
