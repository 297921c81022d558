package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A server with a second region, where one key is, and ways to ask it. */
abstract class QuirkServer {
  static final JsonMapper JSON = new JsonMapper();
  static final String FAR_REGION = "cn-south-1";

  @TempDir static Path scratch;
  @TempDir Path own;
  static LiveServer server;
  static Tenant tenant;
  static String key = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of("regions.others", FAR_REGION));
    tenant = Tenant.first(server);
    key = tenant.key("orders", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  LiveServer with(String... settings) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      given.put(settings[i], settings[i + 1]);
    }
    return new LiveServer(own.resolve("data"), given);
  }

  static String about(String id, String more) {
    return "{'key_id':'" + id + "'" + more + "}";
  }

  static String made(String order) {
    return server.kms("create-key", order, "/key_info/key_id");
  }

  static HttpResponse<String> send(String method, String path, String body) {
    return server.signed(
        method,
        "/v1.0/" + server.known("project_id") + path,
        body.replace('\'', '"').getBytes(UTF_8),
        (_, value) -> value);
  }

  static JsonNode read(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return JSON.readTree(answer.body());
  }

  static void isEmptyObject(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{}");
  }

  static JsonNode details(String id) {
    return tenant.ok("describe-key", about(id, "")).at("/key_info");
  }

  static JsonNode search(String members) {
    return tenant.ok("resource_instances/action", members).json();
  }

  static String tagged(String name, String tagKey, String value) {
    String id = tenant.key(name, "");
    tenant.ok(id + "/tags", "{'tag':{'key':'" + tagKey + "','value':'" + value + "'}}");
    return id;
  }
}
