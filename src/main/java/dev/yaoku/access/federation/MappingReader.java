package dev.yaoku.access.federation;

import dev.yaoku.access.federation.MappingRules.Condition;
import dev.yaoku.access.federation.MappingRules.Rule;
import dev.yaoku.access.federation.MappingRules.Test;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads mapping rules, strictly: a condition that is misspelt and passed over would let in whoever
 * it was meant to keep out.
 */
public final class MappingReader {
  /** The longest rules, in characters. */
  public static final int CHARACTERS_MAX = 16_384;

  private static final int RULES_MAX = 50;
  private static final int CONDITIONS_MAX = 20;
  private static final int VALUES_MAX = 100;
  private static final int TEXT_MAX = 255;

  private MappingReader() {}

  /**
   * Reads rules.
   *
   * @param json an array of rules
   * @throws KmsException with {@link Problem.BadRequest}, whose sentence says what is wrong and
   *     where
   */
  public static MappingRules read(String json) {
    if (json.length() > CHARACTERS_MAX) {
      throw bad("The mapping rules have more than " + CHARACTERS_MAX + " characters.");
    }
    JsonNode written =
        StrictJson.array(json.getBytes(StandardCharsets.UTF_8))
            .orElseThrow(() -> bad("The mapping rules are no valid JSON array of rules."));
    List<Rule> rules = new ArrayList<>();
    for (JsonNode rule : entries(written, "rules", RULES_MAX)) {
      rules.add(rule(rule, "rules[" + rules.size() + "]"));
    }
    return new MappingRules(rules);
  }

  private static Rule rule(JsonNode rule, String where) {
    onlyHas(rule, Set.of("remote", "local"), where);
    List<Condition> conditions = new ArrayList<>();
    for (JsonNode condition : entries(rule.get("remote"), where + ".remote", CONDITIONS_MAX)) {
      conditions.add(condition(condition, where + ".remote[" + conditions.size() + "]"));
    }
    List<JsonNode> local = entries(rule.get("local"), where + ".local", 1);
    JsonNode user = user(local.getFirst(), where + ".local[0]");
    boolean byId = user.has("id");
    String template = text(user.get(byId ? "id" : "name"), where + ".local[0].user");
    long direct = conditions.stream().filter(c -> c.test() == Test.PRESENT).count();
    if (Rule.highestPlace(template) >= direct) {
      throw bad(where + ".local[0].user names a claim by a number that remote does not have.");
    }
    return new Rule(List.copyOf(conditions), byId, template);
  }

  private static JsonNode user(JsonNode local, String where) {
    JsonNode user = local.get("user");
    if (user == null || local.size() != 1) {
      throw bad(
          where
              + " must be {\"user\":{\"name\":…}} or {\"user\":{\"id\":…}}: a token stands for a"
              + " user that exists, whose groups and policies then hold.");
    }
    onlyHas(user, Set.of("name", "id"), where + ".user");
    if (user.size() != 1) {
      throw bad(where + ".user must have a name or an id, and not both.");
    }
    return user;
  }

  private static Condition condition(JsonNode condition, String where) {
    onlyHas(condition, Set.of("type", "any_one_of", "not_any_of"), where);
    String claim = text(condition.get("type"), where + ".type");
    if (condition.has("any_one_of") && condition.has("not_any_of")) {
      throw bad(where + " has both any_one_of and not_any_of.");
    }
    if (condition.has("any_one_of")) {
      return new Condition(claim, Test.ANY_ONE_OF, texts(condition, "any_one_of", where));
    }
    return condition.has("not_any_of")
        ? new Condition(claim, Test.NOT_ANY_OF, texts(condition, "not_any_of", where))
        : new Condition(claim, Test.PRESENT, List.of());
  }

  private static List<String> texts(JsonNode condition, String member, String where) {
    String place = where + "." + member;
    List<String> texts = new ArrayList<>();
    for (JsonNode entry : entries(condition.get(member), place, VALUES_MAX)) {
      texts.add(text(entry, place + "[" + texts.size() + "]"));
    }
    return List.copyOf(texts);
  }

  private static void onlyHas(JsonNode node, Set<String> members, String where) {
    if (!node.isObject() || !members.containsAll(node.propertyNames())) {
      throw bad(
          where
              + " must be an object with no other members than "
              + String.join(", ", members.stream().sorted().toList())
              + ".");
    }
  }

  private static List<JsonNode> entries(@Nullable JsonNode node, String where, int max) {
    if (node == null || !node.isArray() || node.isEmpty() || node.size() > max) {
      throw bad(where + " must be an array of 1 to " + max + " entries.");
    }
    List<JsonNode> entries = new ArrayList<>();
    node.forEach(entries::add);
    return entries;
  }

  private static String text(@Nullable JsonNode node, String where) {
    if (node == null
        || !node.isString()
        || node.stringValue().isEmpty()
        || node.stringValue().length() > TEXT_MAX) {
      throw bad(where + " must be a text of 1 to " + TEXT_MAX + " characters.");
    }
    return node.stringValue();
  }

  private static KmsException bad(String sentence) {
    return new KmsException(new Problem.BadRequest(sentence));
  }
}
