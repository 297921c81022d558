package dev.yaoku.api.iam;

import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.jackson.JsonNodeDeserializer;

/** JSON that is kept as it is, such as a policy, if all of its texts have an encoding. */
final class EncodableTree extends ValueDeserializer<JsonNode> {
  private static final ValueDeserializer<? extends JsonNode> PLAIN =
      JsonNodeDeserializer.getDeserializer(JsonNode.class);

  @Override
  public JsonNode deserialize(JsonParser parser, DeserializationContext context) {
    JsonNode tree = PLAIN.deserialize(parser, context);
    check(tree, context);
    return tree;
  }

  /** To those who read it a member that is null is there. */
  @Override
  public Object getNullValue(DeserializationContext context) {
    return PLAIN.getNullValue(context);
  }

  private static void check(JsonNode node, DeserializationContext context) {
    if (node.isString()) {
      EncodableText.checked(node.stringValue(), context);
    }
    node.propertyNames().forEach(name -> EncodableText.checked(name, context));
    node.forEach(element -> check(element, context));
  }
}
