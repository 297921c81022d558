package dev.yaoku.access.policy;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads policies, strictly: a member, version, effect, operator or condition key that is unknown,
 * misspelt or twice is refused and not passed over, because a denial that is passed over is an
 * allowance. Actions and resources need only the right form: policies that customers bring speak of
 * other services too, and of operations of this one that are not built ({@code permissions.md},
 * section 1), so a misspelt action is one that nobody asks for. Refusals say what is wrong and
 * where, such as {@code Statement[2].Action[0]}, counting from 0, and never quote the policy.
 */
public final class PolicyReader {
  /** The longest policy, in characters. */
  public static final int CHARACTERS_MAX = 32_768;

  private static final int DEPTH_MAX = 6;
  private static final int SID_CHARACTERS_MAX = 128;
  private static final Set<String> MEMBERS = Set.of("Version", "Statement");
  private static final Set<String> CUSTOM_MEMBERS =
      Set.of("Effect", "Action", "Resource", "Condition");
  private static final Set<String> IDENTITY_MEMBERS =
      Set.of("Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition");

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEPTH_MAX)
                          .maxDocumentLength(CHARACTERS_MAX)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PolicyReader() {}

  /**
   * Reads a policy.
   *
   * @param id its id
   * @param name its name
   * @param json the document
   * @throws KmsException with {@link Problem.BadRequest}, whose sentence names fault and place
   */
  public static Policy read(String id, String name, String json) {
    if (json.length() > CHARACTERS_MAX) {
      throw bad("The policy has more than " + CHARACTERS_MAX + " characters.");
    }
    JsonNode root = Node.object(tree(json), "The policy");
    Node.onlyHas(root, MEMBERS, "The policy");
    Language language =
        Language.of(Node.text(Node.required(root, "Version"), "Version"))
            .orElseThrow(() -> bad("Version must be 1.1 or 5.0."));
    List<JsonNode> written =
        Node.array(Node.required(root, "Statement"), "Statement", language.statementsMax);
    List<Statement> statements = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      statements.add(statement(written.get(i), "Statement[" + i + "]", language));
    }
    return new Policy(id, name, language, statements);
  }

  private static JsonNode tree(String json) {
    try {
      JsonNode tree = MAPPER.readTree(json);
      Node.mustBeEncodable(tree);
      return tree;
    } catch (JacksonException e) {
      // Its message quotes the document.
      throw bad(
          "The policy is not valid JSON, has a member twice, or is nested more than "
              + DEPTH_MAX
              + " deep.");
    }
  }

  private static Statement statement(JsonNode node, String where, Language language) {
    JsonNode statement = Node.object(node, where);
    boolean custom = language == Language.CUSTOM;
    Node.onlyHas(statement, custom ? CUSTOM_MEMBERS : IDENTITY_MEMBERS, where);
    boolean butActions = isOther(statement, "Action", "NotAction", where);
    boolean butResources = isOther(statement, "Resource", "NotResource", where);
    if (!statement.has("Action") && !butActions) {
      throw bad(where + " has no Action.");
    }
    return new Statement(
        sid(statement, where),
        effect(statement, where),
        actions(statement, butActions ? "NotAction" : "Action", where, language),
        butActions,
        resources(statement, butResources ? "NotResource" : "Resource", where, language),
        butResources,
        ConditionReader.read(statement.get("Condition"), where + ".Condition", language));
  }

  private static boolean isOther(JsonNode statement, String name, String other, String where) {
    if (statement.has(name) && statement.has(other)) {
      throw bad(where + " has both " + name + " and " + other + ".");
    }
    return statement.has(other);
  }

  private static String sid(JsonNode statement, String where) {
    JsonNode sid = statement.get("Sid");
    if (sid == null) {
      return "";
    }
    String text = Node.text(sid, where + ".Sid");
    if (text.length() > SID_CHARACTERS_MAX || text.chars().anyMatch(Character::isISOControl)) {
      throw bad(where + ".Sid must be at most 128 characters, none a control character.");
    }
    return text;
  }

  private static Effect effect(JsonNode statement, String where) {
    JsonNode effect = statement.get("Effect");
    if (effect == null) {
      throw bad(where + " has no Effect.");
    }
    return switch (Node.text(effect, where + ".Effect")) {
      case "Allow" -> Effect.ALLOW;
      case "Deny" -> Effect.DENY;
      default -> throw bad(where + ".Effect must be Allow or Deny.");
    };
  }

  private static List<String> actions(
      JsonNode statement, String member, String where, Language language) {
    String place = where + "." + member;
    JsonNode written = statement.get(member);
    List<String> actions = Node.texts(written, place, language.actionsMax);
    for (int i = 0; i < actions.size(); i++) {
      if (!Patterns.isAction(actions.get(i))) {
        throw bad(place + "[" + i + "] must be service:type:operation or *.");
      }
    }
    return actions;
  }

  private static List<String> resources(
      JsonNode statement, String member, String where, Language language) {
    JsonNode written = statement.get(member);
    if (written == null) {
      return List.of();
    }
    String place = where + "." + member;
    if (written.isObject() && language == Language.CUSTOM) {
      return agencies(statement, written, where, language);
    }
    List<String> resources = Node.texts(written, place, language.resourcesMax);
    for (int i = 0; i < resources.size(); i++) {
      if (!Patterns.isResource(resources.get(i), language.resourceCharactersMax)) {
        throw bad(
            place
                + "["
                + i
                + "] must be service:region:account:type:id or *, at most "
                + language.resourceCharactersMax
                + " characters.");
      }
    }
    return resources;
  }

  private static List<String> agencies(
      JsonNode statement, JsonNode written, String where, Language language) {
    String place = where + ".Resource";
    Node.onlyHas(written, Set.of(AgencyUri.MEMBER), place);
    JsonNode named = written.get(AgencyUri.MEMBER);
    if (named == null) {
      throw bad(place + " has no " + AgencyUri.MEMBER + ".");
    }
    List<String> uris = Node.texts(named, place + "." + AgencyUri.MEMBER, language.resourcesMax);
    for (int i = 0; i < uris.size(); i++) {
      if (!AgencyUri.isOne(uris.get(i))) {
        throw bad(
            place
                + "."
                + AgencyUri.MEMBER
                + "["
                + i
                + "] must be /iam/agencies/ and the id of one agency, without wildcards or"
                + " capitals.");
      }
    }
    if (!actions(statement, "Action", where, language).stream().allMatch(AgencyUri::isFor)) {
      throw bad(place + " with uri is for the actions iam:agencies:assume and iam:tokens:assume.");
    }
    return uris;
  }

  private static KmsException bad(String sentence) {
    return new KmsException(new Problem.BadRequest(sentence));
  }
}
