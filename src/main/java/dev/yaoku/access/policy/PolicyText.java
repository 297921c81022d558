package dev.yaoku.access.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes policies as the reader reads them. */
public final class PolicyText {
  private static final JsonMapper MAPPER = new JsonMapper();

  private PolicyText() {}

  /** The document of a policy. */
  public static String of(Policy policy) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("Version", policy.language().version());
    document.put("Statement", policy.statements().stream().map(PolicyText::statement).toList());
    return MAPPER.writeValueAsString(document);
  }

  private static Map<String, Object> statement(Statement statement) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (!statement.sid().isEmpty()) {
      members.put("Sid", statement.sid());
    }
    members.put("Effect", statement.effect() == Effect.ALLOW ? "Allow" : "Deny");
    members.put(statement.butActions() ? "NotAction" : "Action", statement.actions());
    if (!statement.resources().isEmpty()) {
      members.put(
          statement.butResources() ? "NotResource" : "Resource", resources(statement.resources()));
    }
    if (!statement.conditions().isEmpty()) {
      members.put("Condition", conditions(statement.conditions()));
    }
    return members;
  }

  private static Object resources(List<String> resources) {
    return AgencyUri.areAll(resources) ? Map.of(AgencyUri.MEMBER, resources) : resources;
  }

  private static Map<String, Map<String, List<String>>> conditions(List<Condition> conditions) {
    Map<String, Map<String, List<String>>> byOperator = new LinkedHashMap<>();
    for (Condition condition : conditions) {
      String operator =
          condition.scope().prefix
              + condition.operator().text()
              + (condition.ifExists() ? "IfExists" : "");
      byOperator
          .computeIfAbsent(operator, _ -> new LinkedHashMap<>())
          .put(
              condition.key().kind().text() + condition.key().tag(),
              new ArrayList<>(condition.values()));
    }
    return byOperator;
  }
}
