package dev.yaoku.api.openapi;

import dev.yaoku.api.Route;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The OpenAPI 3.1 document of a set of routes: paths, methods and queries from the routes, bodies
 * and answers from the wire records, examples from what a test recorded.
 *
 * @see <a href="https://spec.openapis.org/oas/v3.1.1.html">OpenAPI Specification 3.1</a>
 */
final class OpenApi {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String JSON_TYPE = "application/json";

  private final Examples examples;
  private final Set<String> ids = new HashSet<>();

  private OpenApi(Examples examples) {
    this.examples = examples;
  }

  /** The document in UTF-8. */
  static byte[] document(List<Route> routes, Examples examples) {
    return JsonMapper.shared().writeValueAsBytes(new OpenApi(examples).write(routes));
  }

  private ObjectNode write(List<Route> routes) {
    ObjectNode document = NODES.objectNode().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Yaoku")
        .put("summary", "Key management that speaks the Huawei Cloud KMS API.")
        .put("version", "v1.0");
    ArrayNode security = document.putArray("security");
    security.addObject().putArray("signature");
    security.addObject().putArray("token");
    ObjectNode paths = document.putObject("paths");
    routes.stream()
        .sorted(Comparator.comparing(Route::path).thenComparing(Route::method))
        .forEach(route ->
            paths
                .withObjectProperty(template(route))
                .set(route.method().toLowerCase(Locale.ROOT), operation(route)));
    document.set("components", components());
    return document;
  }

  private static String template(Route route) {
    return route.path().replace("...}", "}");
  }

  private ObjectNode operation(Route route) {
    Examples.Example example = examples.of(route.operation());
    Route.Description described = route.description();
    ObjectNode operation = NODES.objectNode().put("operationId", id(route));
    if (route.entry() == Route.Entry.OPEN) {
      operation.putArray("security");
    }
    ArrayNode parameters = NODES.arrayNode();
    for (String segment : template(route).split("/", -1)) {
      if (segment.startsWith("{")) {
        parameters.add(parameter(segment.substring(1, segment.length() - 1), "path", true));
      }
    }
    described.headers().forEach(name -> parameters.add(parameter(name, "header", true)));
    described
        .query()
        .forEach(asked -> parameters.add(query(asked, example.query().path(asked.name()))));
    if (!parameters.isEmpty()) {
      operation.set("parameters", parameters);
    }
    if (described.members() != Void.class) {
      ObjectNode schema = Schemas.ofRecord(described.members());
      if (!example.required().isEmpty()) {
        schema.set("required", example.required());
      }
      ObjectNode body = operation.putObject("requestBody");
      content(body, schema, example.request());
      body.put("required", !example.required().isEmpty());
    }
    operation.set("responses", responses(route, example));
    return operation;
  }

  /** Names are unique in a document, and one operation may have two paths. */
  private String id(Route route) {
    String id = route.operation();
    for (int i = 2; !ids.add(id); i++) {
      id = route.operation() + i;
    }
    return id;
  }

  private static ObjectNode query(Route.Parameter asked, JsonNode example) {
    ObjectNode parameter = parameter(asked.name(), "query", asked.needed());
    return example.isMissingNode() ? parameter : parameter.set("example", example);
  }

  private static ObjectNode parameter(String name, String in, boolean required) {
    ObjectNode parameter =
        NODES.objectNode().put("name", name).put("in", in).put("required", required);
    parameter.putObject("schema").put("type", "string");
    return parameter;
  }

  private static void content(ObjectNode holder, ObjectNode schema, JsonNode example) {
    ObjectNode content = holder.putObject("content").putObject(JSON_TYPE);
    content.set("schema", schema);
    if (!example.isMissingNode()) {
      content.set("example", example);
    }
  }

  private static ObjectNode responses(Route route, Examples.Example example) {
    ObjectNode responses = NODES.objectNode();
    ObjectNode success =
        responses
            .putObject(Integer.toString(example.status()))
            .put("description", route.operation() + " succeeded.");
    List<Class<?>> answers = route.description().answers();
    if (!answers.isEmpty() || !example.answer().isMissingNode()) {
      content(success, AnswerSchemas.of(answers), example.answer());
    }
    responses.putObject("default").put("$ref", "#/components/responses/Refusal");
    return responses;
  }

  private static ObjectNode components() {
    ObjectNode components = NODES.objectNode();
    ObjectNode schemas = components.putObject("schemas");
    ObjectNode text =
        schemas
            .putObject(Schemas.TEXT)
            .put("description", "Text. A number or a boolean is taken for its text.");
    text.putArray("type").add("string").add("number").add("boolean").add("null");
    ObjectNode refusal = schemas.putObject("Refusal").put("type", "object");
    refusal.put(
        "description",
        "The service's refusals are inside \"error\"; those before a caller is known are not.");
    ObjectNode members = refusal.putObject("properties");
    ObjectNode error = members.putObject("error").put("type", "object");
    error.putArray("required").add("error_code").add("error_msg");
    for (ObjectNode holder : List.of(error.putObject("properties"), members)) {
      holder.putObject("error_code").put("type", "string");
      holder.putObject("error_msg").put("type", "string");
    }
    members.putObject("request_id").put("type", "string");
    ObjectNode answer =
        components
            .putObject("responses")
            .putObject("Refusal")
            .put("description", "The call was refused, or failed.");
    content(
        answer,
        NODES.objectNode().put("$ref", "#/components/schemas/Refusal"),
        NODES
            .objectNode()
            .set(
                "error",
                NODES
                    .objectNode()
                    .put("error_code", "KMS.0207")
                    .put("error_msg", "The key does not exist.")));
    ObjectNode schemes = components.putObject("securitySchemes");
    header(schemes.putObject("signature"), "Authorization", "SDK-HMAC-SHA256 with an access key");
    header(schemes.putObject("token"), "X-Auth-Token", "A token of POST /v3/auth/tokens");
    return components;
  }

  private static void header(ObjectNode scheme, String name, String description) {
    scheme.put("type", "apiKey").put("in", "header").put("name", name);
    scheme.put("description", description);
  }
}
