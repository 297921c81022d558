package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.server.LiveServer;
import dev.yaoku.server.PostgresSetup;
import dev.yaoku.server.Tenant;
import dev.yaoku.store.PostgresProcess;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * PostgreSQL takes no text with U+0000, SQLite does. Whoever sends one, anywhere, is answered as
 * whoever names something that is not there, by both alike, and nobody is told that the server is
 * at fault.
 */
class CharacterZeroTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** What undoes the walk when it is done once more. */
  private static final Set<String> ONCE = Set.of("MoveClock", "KeystoneUpdateUserPassword");

  private static final String THROTTLED = "429 ";

  @TempDir Path scratch;

  @Test
  void aTextWithTheCharacterZeroIsAnsweredAlikeByBothStores() throws Exception {
    assumeThereIsPostgres();
    Map<String, String> ofSqlite = answers("sqlite", Map.of());
    Map<String, String> ofPostgres;
    try (PostgresSetup postgres = new PostgresSetup()) {
      ofPostgres = answers("postgres", postgres.settings());
    }

    assertThat(ofSqlite).hasSizeGreaterThan(1000);
    leaveOutLoginsThatHadToWait(ofSqlite, ofPostgres);
    Set<Map.Entry<String, String>> onlyOfOne = new LinkedHashSet<>(ofPostgres.entrySet());
    onlyOfOne.removeAll(ofSqlite.entrySet());
    assertThat(onlyOfOne).isEmpty();
    assertThat(ofPostgres).hasSameSizeAs(ofSqlite);
  }

  /** Failed log-ins make the next ones wait, so what these are told depends on the time. */
  private static void leaveOutLoginsThatHadToWait(
      Map<String, String> ofSqlite, Map<String, String> ofPostgres) {
    Set<String> waited =
        ofSqlite.keySet().stream()
            .filter(what -> what.contains(" CreateToken "))
            .filter(what ->
                ofSqlite.getOrDefault(what, "").startsWith(THROTTLED)
                    || ofPostgres.getOrDefault(what, "").startsWith(THROTTLED))
            .collect(Collectors.toSet());
    ofSqlite.keySet().removeAll(waited);
    ofPostgres.keySet().removeAll(waited);
  }

  @Test
  void whatHasSuchANameIsNotThere() throws Exception {
    assumeThereIsPostgres();
    try (PostgresSetup postgres = new PostgresSetup();
        LiveServer server = new LiveServer(scratch.resolve("named"), postgres.settings())) {
      Tenant owner = Tenant.first(server);
      for (String user :
          List.of(
              "'id':'\\u0000'",
              "'name':'\\u0000','domain':{'name':'" + server.known("domain_name") + "'}",
              "'name':'admin','domain':{'name':'\\u0000'}",
              "'name':'admin','domain':{'id':'\\u0000'}")) {
        String password = "{'user':{" + user + ",'password':'x'}}";
        String body =
            "{'auth':{'identity':{'methods':['password'],'password':%s}}}".formatted(password);
        HttpRequest.Builder login =
            server
                .to("/v3/auth/tokens")
                .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
        assertThat(server.send(login).statusCode()).as(user).isEqualTo(401);
      }
      String key = "{'key_alias':'k','keystore_id':'\\u0000'}";
      assertThat(owner.kms("create-key", key).is(400).code()).isEqualTo("KMS.8003");
      String search = "{'action':'count','matches':[{'key':'resource_name','value':'\\u0000'}]}";
      assertThat(owner.ok("resource_instances/action", search).at("/total_count").intValue())
          .isZero();
      owner
          .send("POST", "/v3.0/OS-CREDENTIAL/credentials", "{'credential':{'user_id':'\\u0000'}}")
          .is(404);
      owner
          .send(
              "POST",
              "/v3.0/OS-AGENCY/agencies",
              "{'agency':{'name':'a','trust_domain_name':'\\u0000'}}")
          .is(404);
    }
  }

  @Test
  void aRefusalThatNamesSuchATextIsExplained() throws Exception {
    assumeThereIsPostgres();
    try (PostgresSetup postgres = new PostgresSetup();
        LiveServer server = new LiveServer(scratch.resolve("explained"), postgres.settings())) {
      Tenant owner = Tenant.first(server);
      Tenant.Reply refused =
          owner.colleague().send("POST", "/v3/groups", "{'group':{'name':'a\\u0000'}}").is(403);
      String id = refused.raw().headers().firstValue("X-Request-Id").orElseThrow();
      owner.send("GET", "/yaoku/v1/refusals/" + id, "").is(200);
    }
  }

  private static void assumeThereIsPostgres() {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
  }

  private Map<String, String> answers(String name, Map<String, String> settings) throws Exception {
    Map<String, String> answers = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    Map<String, String> patient = new HashMap<>(settings);
    patient.put("auth.failures-per-source", "0");
    patient.put("auth.failures-per-credential", "0");
    try (Walk walk = new Walk(scratch.resolve(name), patient)) {
      Tenant nobody = Tenant.first(walk.server).colleague();
      JsonNode paths = JSON.readTree(walk.server.send(walk.server.to("/openapi.json")).body());
      for (Step step : Steps.ALL) {
        Walk.Taken taken = walk.take(step);
        if (ONCE.contains(step.operation())) {
          continue;
        }
        for (Variant variant : variants(taken, schema(paths, step.operation()))) {
          var reply = walk.send(step, variant.target(), variant.body());
          var refused = nobody.send(step.method(), variant.target(), variant.body());
          String what = answers.size() + " " + step.operation() + " " + variant.what();
          String said = reply.status() + " " + refused.status() + " " + refused.code();
          if (reply.status() >= 500 || refused.status() >= 500) {
            faults.add(what + ": " + said);
          }
          answers.put(what, said);
        }
        if (Steps.RESTORED_BY_THEMSELVES.contains(step.operation())) {
          walk.take(step);
        }
      }
    }
    assertThat(faults).as(name).isEmpty();
    return answers;
  }

  private record Variant(String what, String target, String body) {}

  private static List<Variant> variants(Walk.Taken taken, JsonNode schema) {
    List<Variant> variants = new ArrayList<>();
    int mark = taken.target().indexOf('?');
    String path = mark < 0 ? taken.target() : taken.target().substring(0, mark);
    String query = mark < 0 ? "" : taken.target().substring(mark + 1);
    String[] segments = path.split("/", -1);
    for (int i = 2; i < segments.length; i++) {
      String[] with = segments.clone();
      with[i] = "%00";
      variants.add(new Variant("segment " + i, String.join("/", with) + "?" + query, taken.body()));
    }
    for (String parameter : query.split("&", -1)) {
      String name = parameter.split("=", 2)[0];
      if (!name.isEmpty()) {
        String with = query.replace(parameter, name + "=%00");
        variants.add(new Variant("parameter " + name, path + "?" + with, taken.body()));
      }
    }
    JsonNode body = JSON.readTree(taken.body().isEmpty() ? "{}" : taken.body());
    for (JsonNode with : zeros(body, schema)) {
      variants.add(new Variant("body " + place(with), taken.target(), with.toString()));
    }
    return variants;
  }

  /** Where in a body the text is. */
  private static String place(JsonNode body) {
    String text = body.toString();
    int zero = text.indexOf("\\u0000");
    int name = text.lastIndexOf("\":", zero);
    String member = text.substring(text.lastIndexOf('"', name - 1) + 1, name);
    return member + (text.contains("x\\u0000") ? ", its end" : "");
  }

  private static JsonNode schema(JsonNode document, String operation) {
    for (JsonNode path : document.at("/paths")) {
      for (JsonNode method : path) {
        if (method.at("/operationId").asString().equals(operation)) {
          return method.at("/requestBody/content/application~1json/schema");
        }
      }
    }
    return JSON.createObjectNode();
  }

  /** Bodies that differ from one by one text, which is the character or ends with it. */
  private static List<JsonNode> zeros(JsonNode body, JsonNode schema) {
    List<JsonNode> all = new ArrayList<>();
    if (body.isObject()) {
      for (String name : body.propertyNames()) {
        for (JsonNode with : zeros(body.get(name), schema.at("/properties/" + name))) {
          all.add(((ObjectNode) body.deepCopy()).set(name, with));
        }
      }
      for (String name : schema.at("/properties").propertyNames()) {
        if (!body.has(name)) {
          for (JsonNode with : made(schema.at("/properties/" + name))) {
            all.add(((ObjectNode) body.deepCopy()).set(name, with));
          }
        }
      }
    } else if (body.isArray()) {
      for (int i = 0; i < body.size(); i++) {
        for (JsonNode with : zeros(body.get(i), schema.at("/items"))) {
          all.add(((ArrayNode) body.deepCopy()).set(i, with));
        }
      }
    } else {
      all.add(JSON.getNodeFactory().stringNode("\0"));
      all.add(JSON.getNodeFactory().stringNode(body.asString() + "x\0"));
    }
    return all;
  }

  /** Values of a member that the step did without. */
  private static List<JsonNode> made(JsonNode schema) {
    if (schema.at("/type").asString("").equals("object")) {
      return zeros(JSON.createObjectNode(), schema);
    }
    if (schema.at("/type").asString("").equals("array")) {
      return made(schema.at("/items")).stream()
          .map(element -> (JsonNode) JSON.createArrayNode().add(element))
          .toList();
    }
    return List.of(JSON.getNodeFactory().stringNode("\0"));
  }
}
