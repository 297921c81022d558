package dev.yaoku.api.openapi;

import dev.yaoku.crypto.Context;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.secret.SecretBytes;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON schemas of what goes in, from the records that are read. */
final class Schemas {
  /** Names the schema of a member that takes text, and a number or boolean in place of it. */
  static final String TEXT = "Text";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Schemas() {}

  /** The schema of a body that is read into a record. Members beyond it are passed over. */
  static ObjectNode ofRecord(Class<?> type) {
    ObjectNode schema = typed("object");
    ObjectNode members = schema.putObject("properties");
    for (RecordComponent member : type.getRecordComponents()) {
      members.set(wireName(member.getName()), ofType(member.getGenericType()));
    }
    return schema;
  }

  private static ObjectNode ofType(Type type) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      ObjectNode schema = typed("array");
      schema.set("items", ofType(list.getActualTypeArguments()[0]));
      return schema;
    }
    if (type == String.class) {
      return NODES.objectNode().put("$ref", "#/components/schemas/" + TEXT);
    }
    if (type == SecretBytes.class) {
      return typed("string").put("writeOnly", true);
    }
    if (type == Context.class) {
      ObjectNode schema = NODES.objectNode();
      schema.putArray("type").add("object").add("string");
      schema.putObject("additionalProperties").put("type", "string");
      return schema;
    }
    if (type == OpeningPolicy.class) {
      ObjectNode schema = NODES.objectNode();
      schema.putArray("type").add("string").add("object");
      return schema;
    }
    if (type instanceof Class<?> nested && nested.isRecord()) {
      return ofRecord(nested);
    }
    return NODES.objectNode();
  }

  static String wireName(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }

  static ObjectNode typed(String type) {
    return NODES.objectNode().put("type", type);
  }
}
