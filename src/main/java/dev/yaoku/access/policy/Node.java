package dev.yaoku.access.policy;

import dev.yaoku.crypto.Text;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes JSON apart and says where it is not what it must be. */
final class Node {
  private static final int TEXT_CHARACTERS_MAX = 1_024;

  private Node() {}

  /** Refuses half a surrogate pair in any name or text: two of them would be written alike. */
  static void mustBeEncodable(JsonNode node) {
    boolean encodable =
        Stream.concat(
                node.propertyNames().stream(),
                node.isString() ? Stream.of(node.stringValue()) : Stream.empty())
            .allMatch(Text::isEncodable);
    if (!encodable) {
      throw bad("The policy has half a surrogate pair.");
    }
    node.forEach(Node::mustBeEncodable);
  }

  static JsonNode object(@Nullable JsonNode node, String where) {
    if (node == null || !node.isObject()) {
      throw bad(where + " must be a JSON object.");
    }
    return node;
  }

  static void onlyHas(JsonNode object, Set<String> members, String where) {
    if (!members.containsAll(object.propertyNames())) {
      throw bad(
          where
              + " has a member that is none of "
              + String.join(", ", members.stream().sorted().toList())
              + ".");
    }
  }

  static JsonNode required(JsonNode object, String member) {
    JsonNode node = object.get(member);
    if (node == null) {
      throw bad("The policy has no " + member + ".");
    }
    return node;
  }

  static String text(JsonNode node, String where) {
    if (!node.isString()) {
      throw bad(where + " must be a text.");
    }
    String text = node.stringValue();
    if (text.isEmpty() || text.length() > TEXT_CHARACTERS_MAX) {
      throw bad(where + " must have 1 to " + TEXT_CHARACTERS_MAX + " characters.");
    }
    return text;
  }

  static List<JsonNode> array(JsonNode node, String where, int max) {
    if (!node.isArray()) {
      throw bad(where + " must be an array.");
    }
    if (node.isEmpty() || node.size() > max) {
      throw bad(where + " must have 1 to " + max + " entries.");
    }
    List<JsonNode> entries = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      entries.add(node.get(i));
    }
    return entries;
  }

  static List<String> texts(JsonNode node, String where, int max) {
    List<JsonNode> entries = array(node, where, max);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      texts.add(text(entries.get(i), where + "[" + i + "]"));
    }
    return texts;
  }

  static KmsException bad(String sentence) {
    return new KmsException(new Problem.BadRequest(sentence));
  }
}
