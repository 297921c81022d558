package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.Validator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Answers that came, by operation, to be held against what the server says of itself. */
final class Answers {
  private static final JsonMapper JSON = new JsonMapper();

  private record Operation(String name, int status) {}

  private final Map<String, Map<Integer, Set<String>>> seen = new TreeMap<>();

  /** Notes an answer, unless it is a refusal or empty. */
  void note(String operation, int status, String body) {
    if (status < 300 && !body.isEmpty()) {
      seen.computeIfAbsent(operation, _ -> new TreeMap<>())
          .computeIfAbsent(status, _ -> new LinkedHashSet<>())
          .add(body);
    }
  }

  /** Each answer has the members that the description always has, and none that it has not. */
  void mustFit(String description) {
    Map<Operation, Validator> validators = validators(description);
    List<String> unfit = new ArrayList<>();
    seen.forEach((name, byStatus) ->
        byStatus.forEach((status, bodies) -> {
          Validator validator =
              Objects.requireNonNull(validators.get(new Operation(name, status)), name);
          bodies.stream()
              .filter(body -> !validator.validate(Json.decodeValue(body)).getValid())
              .map(body -> name + " answered " + body)
              .forEach(unfit::add);
        }));
    assertThat(unfit).as(String.join("\n", unfit)).isEmpty();
  }

  private static Map<Operation, Validator> validators(String description) {
    Map<Operation, Validator> validators = new HashMap<>();
    JSON.readTree(description)
        .at("/paths")
        .forEach(path ->
            path.forEach(operation ->
                operation
                    .at("/responses")
                    .properties()
                    .forEach(answer -> {
                      JsonNode schema = answer.getValue().at("/content/application~1json/schema");
                      if (schema.isObject()) {
                        validators.put(
                            new Operation(
                                operation.at("/operationId").stringValue(),
                                Integer.parseInt(answer.getKey())),
                            validator(closed(schema)));
                      }
                    })));
    return validators;
  }

  private static Validator validator(JsonNode schema) {
    return Validator.create(
        JsonSchema.of(new JsonObject(schema.toString())),
        new JsonSchemaOptions().setBaseUri("app://yaoku").setDraft(Draft.DRAFT202012));
  }

  /** The same schema, of objects that have no members beyond those it names. */
  private static JsonNode closed(JsonNode schema) {
    JsonNode copy = schema.deepCopy();
    close(copy);
    return copy;
  }

  private static void close(JsonNode schema) {
    if (schema instanceof ObjectNode object && object.path("properties").isObject()) {
      object.put("additionalProperties", false);
    }
    schema.forEach(Answers::close);
  }
}
