package dev.yaoku.api.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** Real requests and answers by operation, recorded by a test from a throw-away server. */
final class Examples {
  private final JsonNode all;

  Examples(JsonNode all) {
    this.all = all;
  }

  /** Those that are built in. */
  static Examples recorded() {
    try (InputStream file = Examples.class.getResourceAsStream("examples.json")) {
      if (file == null) {
        throw new IllegalStateException("examples.json is missing");
      }
      return new Examples(JsonMapper.shared().readTree(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The example of an operation.
   *
   * @param status of the answer; 200 if nothing was recorded
   * @param query the parameters of the target, an object; missing if there are none
   * @param required names of the members without which the call was refused, an array
   * @param request the body, missing if there was none
   * @param answer the body, missing if there was none
   */
  record Example(int status, JsonNode query, JsonNode required, JsonNode request, JsonNode answer) {
    private static Example of(JsonNode node) {
      return new Example(
          node.path("status").asInt(200),
          node.path("query"),
          node.path("required"),
          node.path("request"),
          node.path("answer"));
    }
  }

  Example of(String operation) {
    JsonNode found = all.path(operation);
    return Example.of(found.isObject() ? found : MissingNode.getInstance());
  }
}
