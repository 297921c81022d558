package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The server's description of itself: valid, complete, and with examples that are true. */
@ExtendWith(SdkExtension.class)
class OpenApiTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final Path EXAMPLES =
      Path.of("src/main/resources/dev/yaoku/api/openapi/examples.json");

  @TempDir static Path folder;
  private static Walk walk;
  private static HttpResponse<String> answer;
  private static ApiDescription described;

  @BeforeAll
  static void walkThroughAllOperations() throws Exception {
    walk = new Walk(folder.resolve("data")).run();
    answer = walk.server.send(walk.server.to("/openapi.json"));
    described = new ApiDescription(JSON.readTree(answer.body()));
  }

  @AfterAll
  static void stop() {
    walk.close();
  }

  private static OpenAPIContract contract(String document) throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      return OpenAPIContract.from(vertx, new JsonObject(document))
          .toCompletionStage()
          .toCompletableFuture()
          .get(30, TimeUnit.SECONDS);
    } finally {
      vertx.close();
    }
  }

  /** The contract is checked against the schema that the OpenAPI Initiative publishes. */
  @Test
  void theDocumentIsValidAndHasEveryOperation() throws Exception {
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/json");
    OpenAPIContract contract = contract(answer.body());
    assertThat(contract.operations())
        .extracting(Operation::getOperationId)
        .containsAll(walk.examples().propertyNames())
        .contains("ShowOpenApi")
        .hasSize(walk.examples().size() + 1);
  }

  @Test
  void theValidatorRefusesWhatIsNotValid() {
    String broken = answer.body().replace("\"in\":\"path\"", "\"in\":\"somewhere\"");
    assertThatThrownBy(() -> contract(broken)).isInstanceOf(ExecutionException.class);
  }

  @Test
  void headersAndParametersWithoutWhichACallIsRefusedAreRequired() {
    for (String method : List.of("get", "head", "delete")) {
      assertThat(ApiDescription.required(described.operation(method, "/v3/auth/tokens")))
          .as(method)
          .containsExactly("header X-Subject-Token");
    }
    assertThat(
            ApiDescription.required(described.operation("post", "/v3.0/OS-AUTH/id-token/tokens")))
        .containsExactly("header X-Idp-Id");
    for (String list : List.of("access-points", "key-policies")) {
      assertThat(
              ApiDescription.required(described.operation("get", "/v1.0/{project_id}/kms/" + list)))
          .as(list)
          .containsExactly("path project_id", "query keyspace_id");
    }
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          post | /v1.0/{project_id}/kms/datakey-capsule/create | key_id datakey_length
          post | /v1.0/{project_id}/kms/create-pin             |
          post | /v1.0/{project_id}/keystores                  | keystore_alias
          post | /v1.0/{project_id}/kms/{key_id}/tags          | tag
          post | /v1.0/{project_id}/kms/{key_id}/tags/action   | action tags
          post | /v5/agencies/assume                           | agency_urn agency_session_name
          """)
  void membersAreRequiredWithoutWhichNoCallIsTaken(String method, String path, String members) {
    List<String> required = members == null ? List.of() : List.of(members.split(" ", -1));
    JsonNode body = described.operation(method, path);
    JsonNode said = body.at("/requestBody/content/application~1json/schema/required");
    assertThat(said.valueStream().map(JsonNode::stringValue))
        .containsExactlyInAnyOrderElementsOf(required);
    assertThat(body.at("/requestBody/required").booleanValue()).isEqualTo(!required.isEmpty());
  }

  @Test
  void whatAnOperationTakesAndAnswersIsShownByAnExample() {
    Map<String, JsonNode> operations = described.operations();
    walk.examples()
        .properties()
        .forEach(seen -> {
          JsonNode taken = seen.getValue();
          JsonNode operation = operations.getOrDefault(seen.getKey(), MissingNode.getInstance());
          assertThat(shape(ApiDescription.example(operation.at("/requestBody"))))
              .as("what %s takes", seen.getKey())
              .isEqualTo(shape(taken.at("/request")));
          assertThat(
                  shape(
                      ApiDescription.example(
                          operation.at("/responses").at("/" + taken.at("/status")))))
              .as("what %s answers", seen.getKey())
              .isEqualTo(shape(taken.at("/answer")));
        });
  }

  /** What the walk does not show: members that are there at times, and another shape of a list. */
  @Test
  void answersOfEveryKindAreDescribedWhole() throws Exception {
    for (Step step : VariantSteps.ALL) {
      walk.take(step);
    }
    ForeignClient.Reply array =
        new ForeignClient(walk.server, Style.GO_SDK)
            .send("GET", "/v1.0/" + walk.client.project + "/kms/aliases", null);
    assertThat(array.json().isArray()).isTrue();
    walk.answers.note("ListAliases", array.status(), array.raw().body());
    walk.answers.mustFit(answer.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/version", "/version/links/0"})
  void anAnswerWithAMemberThatIsNotDescribedDoesNotFit(String place) {
    JsonNode version = JSON.readTree(walk.server.send(walk.server.to("/v1.0")).body());
    answered("ShowVersion", version).mustFit(answer.body());

    ((ObjectNode) version.at(place)).put("more", 1);

    Answers more = answered("ShowVersion", version);
    assertThatThrownBy(() -> more.mustFit(answer.body()))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("ShowVersion answered");
  }

  private static Answers answered(String operation, JsonNode body) {
    Answers answers = new Answers();
    answers.note(operation, 200, body.toString());
    return answers;
  }

  @Test
  void whatAnOperationLooksAtInTheQueryIsDescribed() {
    assertThat(
            ApiDescription.query(described.operation("post", "/v1.0/{project_id}/kms/list-keys")))
        .containsExactly("key_state", "limit", "marker");
    assertThat(ApiDescription.query(described.operation("get", "/v1.0/{project_id}/kms/aliases")))
        .containsExactly("key_id", "limit", "marker");
    Map<String, JsonNode> operations = described.operations();
    walk.examples()
        .properties()
        .forEach(seen -> {
          JsonNode operation = operations.getOrDefault(seen.getKey(), MissingNode.getInstance());
          assertThat(ApiDescription.query(operation))
              .as(seen.getKey())
              .containsAll(seen.getValue().at("/query").propertyNames());
        });
  }

  @Test
  void examplesFitTheirSchemas() {
    JsonObject document = new JsonObject(answer.body());
    int fitted = 0;
    for (String path : document.getJsonObject("paths").fieldNames()) {
      JsonObject methods = document.getJsonObject("paths").getJsonObject(path);
      for (String method : methods.fieldNames()) {
        JsonObject operation = methods.getJsonObject(method);
        JsonObject body = operation.getJsonObject("requestBody");
        if (body != null) {
          fitted += fits(document, body);
        }
        for (String status : operation.getJsonObject("responses").fieldNames()) {
          JsonObject response = operation.getJsonObject("responses").getJsonObject(status);
          if (response.containsKey("content")) {
            fitted += fits(document, response);
          }
        }
      }
    }
    assertThat(fitted).isGreaterThan(100);
  }

  /** How many examples there were. */
  private static int fits(JsonObject document, JsonObject holder) {
    JsonObject content = holder.getJsonObject("content").getJsonObject("application/json");
    if (!content.containsKey("example")) {
      return 0;
    }
    JsonObject schema =
        content.getJsonObject("schema").copy().put("components", document.getValue("components"));
    OutputUnit result =
        Validator.create(
                JsonSchema.of(schema),
                new JsonSchemaOptions()
                    .setBaseUri("app://yaoku")
                    .setDraft(io.vertx.json.schema.Draft.DRAFT202012))
            .validate(content.getValue("example"));
    assertThat(result.getValid()).as(content.encode()).isTrue();
    return 1;
  }

  /** It is for anyone, so it has nothing of this server. */
  @Test
  void theDocumentSaysNothingOfTheServer(Sdk sdk) {
    String document = sdk.server.send(sdk.server.to("/openapi.json")).body();
    for (String name : List.of("project_id", "domain_id", "user_id", "ak", "sk", "password")) {
      assertThat(document.contains(sdk.server.known(name))).as(name).isFalse();
    }
    assertThat(document.contains("/dev/clock")).as("what only --dev has").isFalse();
  }

  /**
   * To record the examples anew: {@code mvn test -Dtest=OpenApiTest -Dyaoku.write-pages=true}, and
   * build again.
   */
  @Test
  void theRecordedExamplesAreWhatTheServerAnswers() throws Exception {
    if (Boolean.getBoolean("yaoku.write-pages")) {
      Files.writeString(EXAMPLES, JSON.writeValueAsString(walk.examples()) + "\n");
    }
    JsonNode recorded = JSON.readTree(Files.readString(EXAMPLES, UTF_8));
    Map<String, String> shapes = shapes(walk.examples());
    assertThat(recorded.propertyNames()).containsExactlyInAnyOrderElementsOf(shapes.keySet());
    shapes(recorded)
        .forEach(
            (operation, shape) -> assertThat(shape).as(operation).isEqualTo(shapes.get(operation)));
  }

  /** Operations with members, types and what is required; values differ from run to run. */
  private static Map<String, String> shapes(JsonNode examples) {
    Map<String, String> shapes = new TreeMap<>();
    examples
        .properties()
        .forEach(example ->
            shapes.put(
                example.getKey(),
                shape(example.getValue()) + " required " + example.getValue().at("/required")));
    return shapes;
  }

  private static String shape(JsonNode node) {
    if (node.isObject()) {
      StringBuilder members = new StringBuilder("{");
      node.properties()
          .forEach(e -> members.append(e.getKey()).append(shape(e.getValue())).append(' '));
      return members.append('}').toString();
    }
    if (node.isArray()) {
      return node.isEmpty() ? "[]" : "[" + shape(node.get(0)) + "]";
    }
    return ":" + node.getNodeType();
  }
}
