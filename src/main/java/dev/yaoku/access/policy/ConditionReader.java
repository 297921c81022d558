package dev.yaoku.access.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the conditions of a statement: operator, key, values. */
final class ConditionReader {
  private static final int VALUES_MAX = 64;
  private static final String IF_EXISTS = "IfExists";
  private static final String KNOWN =
      Operator.all()
          + "; all but Null also with IfExists behind and with ForAllValues: or ForAnyValue:"
          + " before.";

  private ConditionReader() {}

  static List<Condition> read(@Nullable JsonNode node, String where, Language language) {
    if (node == null) {
      return List.of();
    }
    List<Condition> conditions = new ArrayList<>();
    int at = 0;
    for (Map.Entry<String, JsonNode> byOperator : Node.object(node, where).properties()) {
      Written written = Written.of(byOperator.getKey(), where + ", operator " + at++);
      JsonNode keys = Node.object(byOperator.getValue(), written.where());
      int number = 0;
      for (Map.Entry<String, JsonNode> byKey : keys.properties()) {
        String place = written.where() + ", key " + number++;
        conditions.add(written.condition(byKey.getKey(), byKey.getValue(), place));
      }
      if (keys.isEmpty()) {
        throw Node.bad(written.where() + " has no key.");
      }
    }
    if (conditions.isEmpty() || conditions.size() > language.conditionsMax) {
      throw Node.bad(where + " must have 1 to " + language.conditionsMax + " conditions.");
    }
    return conditions;
  }

  /** An operator with what stands before and after it. */
  private record Written(Condition.Scope scope, Operator operator, boolean ifExists, String where) {
    static Written of(String text, String where) {
      Condition.Scope scope = scope(text);
      String rest = text.substring(scope.prefix.length());
      boolean ifExists = rest.endsWith(IF_EXISTS);
      String name = ifExists ? rest.substring(0, rest.length() - IF_EXISTS.length()) : rest;
      Operator operator =
          Operator.of(name)
              .orElseThrow(() -> Node.bad(where + " is not known. Known are " + KNOWN));
      if (operator == Operator.NULL && (ifExists || scope != Condition.Scope.ONE)) {
        throw Node.bad(where + ": Null takes neither IfExists nor ForAllValues or ForAnyValue.");
      }
      return new Written(scope, operator, ifExists, where + " (" + operator.text() + ")");
    }

    private static Condition.Scope scope(String text) {
      for (Condition.Scope scope : Condition.Scope.values()) {
        if (!scope.prefix.isEmpty() && text.startsWith(scope.prefix)) {
          return scope;
        }
      }
      return Condition.Scope.ONE;
    }

    Condition condition(String name, JsonNode written, String place) {
      ConditionKey key =
          ConditionKey.parse(name)
              .orElseThrow(() ->
                  Node.bad(place + ": there is no such condition key, or its tag is missing."));
      List<String> values =
          written.isArray()
              ? Node.texts(written, place, VALUES_MAX)
              : List.of(Node.text(written, place));
      for (int i = 0; i < values.size(); i++) {
        if (operator.comparison().with(values.get(i)).isEmpty()) {
          throw Node.bad(place + "[" + i + "] is no value that " + operator.text() + " compares.");
        }
      }
      return new Condition(scope, operator, ifExists, key, values);
    }
  }
}
