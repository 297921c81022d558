package dev.yaoku.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** Bodies that are valid but for one place. */
final class SpoiledBody {
  static final String NO_SUCH_KEY = "00000000-0000-4000-8000-000000000000";

  private static final JsonMapper JSON = new JsonMapper();
  private static final int SHOWN = 40;

  /** Left out, null, of the wrong type, in a wrong alphabet, too long, too short, another's. */
  static final List<JsonNode> WRONG =
      List.of(
          MissingNode.getInstance(),
          NullNode.getInstance(),
          JSON.createArrayNode().add(JSON.createArrayNode()),
          JSON.createObjectNode().put("a", 1),
          StringNode.valueOf("§ no\u0000 such ☃"),
          StringNode.valueOf("9".repeat(9_000)),
          StringNode.valueOf(""),
          StringNode.valueOf(NO_SUCH_KEY),
          StringNode.valueOf("f".repeat(64)),
          IntNode.valueOf(-1),
          BooleanNode.TRUE);

  private SpoiledBody() {}

  /** Sealed, signed or encoded, in Base64 or hexadecimal digits. */
  private static final Pattern BYTES = Pattern.compile("[A-Za-z0-9+/=]{100,}");

  /**
   * Bytes of which one is wrong, in a body that has bytes in this place: they look right until they
   * are opened.
   */
  static Optional<JsonNode> almost(String body, String place) {
    String valid = JSON.readTree(body).at(place).asString("");
    if (!BYTES.matcher(valid).matches()) {
      return Optional.empty();
    }
    int middle = valid.length() / 2;
    char other = valid.charAt(middle) == 'A' ? 'B' : 'A';
    String spoiled = valid.substring(0, middle) + other + valid.substring(middle + 1);
    return Optional.of(StringNode.valueOf(spoiled));
  }

  /** A wrong value as messages show it. */
  static String shown(JsonNode wrong) {
    String text = wrong.isMissingNode() ? "nothing" : wrong.toString();
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  /** Pointers to all members and elements, also of what is nested. */
  static List<String> places(String body) {
    return places(JSON.readTree(body), "");
  }

  private static List<String> places(JsonNode node, String at) {
    List<String> places = new ArrayList<>();
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        places.add(at + "/" + i);
        places.addAll(places(node.get(i), at + "/" + i));
      }
    }
    for (String member : node.propertyNames()) {
      places.add(at + "/" + member);
      places.addAll(places(node.get(member), at + "/" + member));
    }
    return places;
  }

  /** The same place of every element of an array: as that of the first. */
  static String ofFirst(String place) {
    return place.replaceAll("/\\d+(?=/|$)", "/0");
  }

  /** The body with another value in one place, or with none if that is missing. */
  static String of(String valid, String place, JsonNode wrong) {
    ObjectNode copy = (ObjectNode) JSON.readTree(valid);
    int last = place.lastIndexOf('/');
    JsonNode holder = copy.at(place.substring(0, last));
    String member = place.substring(last + 1);
    if (holder instanceof ArrayNode array) {
      array.remove(Integer.parseInt(member));
      if (!wrong.isMissingNode()) {
        array.insert(Integer.parseInt(member), wrong);
      }
    } else if (wrong.isMissingNode()) {
      ((ObjectNode) holder).remove(member);
    } else {
      ((ObjectNode) holder).set(member, wrong);
    }
    return copy.toString();
  }
}
