package dev.yaoku.api.openapi;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import java.lang.annotation.Annotation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON schemas of what comes out, from the records that are written. */
final class AnswerSchemas {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private AnswerSchemas() {}

  /** The schema of an answer that has one of these shapes; without any, of an empty object. */
  static ObjectNode of(List<Class<?>> shapes) {
    if (shapes.isEmpty()) {
      return Schemas.typed("object").set("properties", NODES.objectNode());
    }
    if (shapes.size() == 1) {
      return ofType(shapes.getFirst());
    }
    ObjectNode schema = NODES.objectNode();
    ArrayNode oneOf = schema.putArray("oneOf");
    shapes.forEach(shape -> oneOf.add(ofType(shape)));
    return schema;
  }

  private static ObjectNode ofType(Type type) {
    return switch (type) {
      case ParameterizedType list when list.getRawType() == List.class ->
          arrayOf(list.getActualTypeArguments()[0]);
      case ParameterizedType map when map.getRawType() == Map.class ->
          Schemas.typed("object")
              .set("additionalProperties", ofType(map.getActualTypeArguments()[1]));
      case Class<?> array when array.isArray() -> arrayOf(array.getComponentType());
      case Class<?> shape when shape.isRecord() -> ofRecord(shape);
      case Class<?> text when text == String.class -> Schemas.typed("string");
      case Class<?> truth when truth == boolean.class -> Schemas.typed("boolean");
      case Class<?> whole
          when whole == int.class || whole == long.class || whole == Integer.class ->
          Schemas.typed("integer");
      case Class<?> anything when anything == Object.class || anything == JsonNode.class ->
          NODES.objectNode();
      default -> throw new IllegalStateException("nothing says what JSON is of " + type);
    };
  }

  private static ObjectNode arrayOf(Type element) {
    return Schemas.typed("array").set("items", ofType(element));
  }

  private static ObjectNode ofRecord(Class<?> type) {
    ObjectNode schema = Schemas.typed("object");
    ObjectNode members = schema.putObject("properties");
    ArrayNode always = NODES.arrayNode();
    for (RecordComponent member : type.getRecordComponents()) {
      boolean nullable = member.getAnnotatedType().isAnnotationPresent(Nullable.class);
      boolean leftOut =
          switch (inclusion(type, member)) {
            case NON_NULL -> nullable;
            case NON_EMPTY -> true;
            default -> false;
          };
      ObjectNode value = ofMember(member);
      members.set(name(member), nullable && !leftOut ? orNull(value) : value);
      if (!leftOut) {
        always.add(name(member));
      }
    }
    if (!always.isEmpty()) {
      schema.set("required", always);
    }
    return schema;
  }

  private static ObjectNode orNull(ObjectNode schema) {
    ArrayNode types = NODES.arrayNode().add(schema.path("type")).add("null");
    return schema.set("type", types);
  }

  private static ObjectNode ofMember(RecordComponent member) {
    return annotation(member, JsonRawValue.class).isPresent()
        ? Schemas.typed("object")
        : ofType(member.getGenericType());
  }

  private static String name(RecordComponent member) {
    return annotation(member, JsonProperty.class)
        .map(JsonProperty::value)
        .orElseGet(() -> Schemas.wireName(member.getName()));
  }

  /** What a member says goes before what its record says. */
  private static JsonInclude.Include inclusion(Class<?> type, RecordComponent member) {
    return annotation(member, JsonInclude.class)
        .or(() -> Optional.ofNullable(type.getAnnotation(JsonInclude.class)))
        .map(JsonInclude::value)
        .orElse(JsonInclude.Include.ALWAYS);
  }

  /** The writer's annotations go from a component to what reads it. */
  private static <A extends Annotation> Optional<A> annotation(
      RecordComponent member, Class<A> type) {
    return Optional.ofNullable(member.getAccessor().getAnnotation(type));
  }
}
