package dev.yaoku.conformance;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The API's description as a client reads it. */
record ApiDescription(JsonNode document) {
  /** What is described of one method of a path. */
  JsonNode operation(String method, String path) {
    return document.at("/paths").get(path).get(method);
  }

  /** Operations as the document has them, by name. */
  Map<String, JsonNode> operations() {
    Map<String, JsonNode> described = new TreeMap<>();
    document
        .at("/paths")
        .forEach(path ->
            path.forEach(
                operation -> described.put(operation.at("/operationId").stringValue(), operation)));
    return described;
  }

  /** The example of a request or an answer. */
  static JsonNode example(JsonNode holder) {
    return holder.at("/content/application~1json/example");
  }

  /** Without which headers and parameters an operation is refused. */
  static List<String> required(JsonNode operation) {
    return operation
        .at("/parameters")
        .valueStream()
        .filter(parameter -> parameter.at("/required").booleanValue())
        .map(parameter ->
            parameter.at("/in").stringValue() + " " + parameter.at("/name").stringValue())
        .toList();
  }

  /** Which parameters of the query an operation looks at. */
  static List<String> query(JsonNode operation) {
    return operation
        .at("/parameters")
        .valueStream()
        .filter(parameter -> parameter.at("/in").stringValue().equals("query"))
        .map(parameter -> parameter.at("/name").stringValue())
        .toList();
  }
}
