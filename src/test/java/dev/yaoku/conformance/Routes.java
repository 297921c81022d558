package dev.yaoku.conformance;

import dev.yaoku.server.LiveServer;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Method and path of each operation, as a server describes itself. */
final class Routes {
  private final Map<String, String> byOperation = new TreeMap<>();
  private final Map<String, JsonNode> bodies = new TreeMap<>();

  private Routes(JsonNode paths) {
    paths
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method -> {
                  String operation = method.getValue().at("/operationId").stringValue();
                  String name = method.getKey().toUpperCase(Locale.ROOT);
                  byOperation.put(operation, name + " " + path.getKey());
                  bodies.put(
                      operation,
                      method.getValue().at("/requestBody/content/application~1json/schema"));
                }));
  }

  static Routes of(LiveServer server) {
    String document = server.send(server.to("/openapi.json")).body();
    return new Routes(JsonMapper.shared().readTree(document).at("/paths"));
  }

  Set<String> operations() {
    return byOperation.keySet();
  }

  /** Such as {@code POST /v1.0/{project_id}/kms/create-key}. */
  String route(String operation) {
    return byOperation.getOrDefault(operation, "");
  }

  /** Such as {@code /v1.0/{project_id}/kms/create-key}. */
  String path(String operation) {
    return route(operation).replaceFirst("\\w+ ", "");
  }

  /** The schema of what an operation reads; missing if that is nothing. */
  JsonNode body(String operation) {
    return bodies.getOrDefault(operation, MissingNode.getInstance());
  }

  /**
   * The operation of a request: of those whose paths fit it, the one with the fewest variables.
   *
   * @param request method and path
   */
  String operation(String request) {
    return byOperation.entrySet().stream()
        .filter(entry -> fits(entry.getValue(), request))
        .min(Comparator.comparingInt(entry -> entry.getValue().split("\\{", -1).length))
        .orElseThrow(() -> new AssertionError("no operation is " + request))
        .getKey();
  }

  private static boolean fits(String route, String request) {
    String literal = "\\\\E[^/]+\\\\Q";
    return Pattern.matches("\\Q" + route.replaceAll("\\{[^}]+}", literal) + "\\E", request);
  }
}
