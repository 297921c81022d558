package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import dev.yaoku.crypto.Context;
import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Half a surrogate pair has no bytes: Java would write a question mark and two texts would be one.
 * Every text in every body is refused that has some, and nothing is done (SECURITY_DESIGN H2).
 */
class LoneSurrogateTest {
  private static final List<String> HALVES =
      List.of("\\ud800", "a\\udc00", "\\udc00\\ud800", "\\ud83d\\ud83d\\udd11");

  @TempDir Path scratch;

  /**
   * A place in a body.
   *
   * @param member the member of the body that it is in
   * @param template the whole body, with % for the text
   */
  private record Place(String member, String template) {}

  @Test
  void everyTextInEveryBodyIsRefusedThatHasHalfAPair() throws IOException {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      String before = server.kms("list-keys", "{}").toString();
      int tried = 0;
      for (Route route : server.yaoku.wiring().server().routes()) {
        if (route.members() == Void.class || !route.members().isRecord()) {
          continue;
        }
        for (Place place : places(route.members())) {
          for (String half : HALVES) {
            refused(server, route, place, place.template().replace("%", half));
            tried++;
          }
        }
      }
      assertThat(tried).isGreaterThan(500);
      assertThat(server.kms("list-keys", "{}").toString()).isEqualTo(before);
    }
  }

  @Test
  void aLogInWithHalfAPairIsMalformedAndNotJustUnknown() throws IOException {
    try (LiveServer server = new LiveServer(scratch.resolve("iam"), Map.of())) {
      assertThat(logIn(server, "?", "x")).isEqualTo(401);
      assertThat(logIn(server, "\\ud83d\\ude00", "x")).isEqualTo(401);
      for (String half : HALVES) {
        assertThat(logIn(server, half, "x")).as("name %s", half).isEqualTo(400);
        assertThat(logIn(server, "x", half)).as("password %s", half).isEqualTo(400);
      }
    }
  }

  private static int logIn(LiveServer server, String name, String password) {
    String body =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"%s",\
        "password":"%s","domain":{"name":"%s"}}}}}}\
        """
            .formatted(name, password, name);
    return server
        .send(
            server
                .to("/v3/auth/tokens")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)))
        .statusCode();
  }

  private static void refused(LiveServer server, Route route, Place place, String body) {
    String path =
        route
            .path()
            .replace("{project_id}", server.known("project_id"))
            .replaceAll("\\{[a-z_.]+}", "00000000-0000-4000-8000-000000000000");
    HttpResponse<String> answer =
        server.signed(route.method(), path, body.getBytes(UTF_8), (_, value) -> value);

    String said = route.operation() + " " + body + ": " + answer.body();
    assertThat(answer.statusCode()).as(said).isEqualTo(400);
    if (path.startsWith("/v1.0/")) {
      String code =
          switch (place.member()) {
            case "plain_text" -> "KMS.2101";
            case "encryption_context" -> "KMS.0208";
            default -> "KMS.0308";
          };
      assertThat(answer.body()).as(said).contains("\"" + code + "\"");
    }
  }

  private static List<Place> places(Class<?> type) {
    List<Place> places = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String name =
          component.getName().replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
      for (String value : values(component.getGenericType())) {
        places.add(new Place(name, "{\"" + name + "\":" + value + "}"));
      }
    }
    return places;
  }

  /** Values of a type with one text in them that is %. */
  private static List<String> values(Type type) {
    if (type == String.class || type == SecretBytes.class) {
      return List.of("\"%\"");
    }
    if (type == Context.class) {
      return List.of("\"%\"", "{\"a\":\"%\"}", "{\"%\":\"a\"}");
    }
    if (type == JsonNode.class) {
      return List.of("\"%\"", "{\"a\":{\"b\":[\"%\"]}}", "[{\"%\":\"a\"}]");
    }
    if (type instanceof ParameterizedType list) {
      return values(list.getActualTypeArguments()[0]).stream().map(v -> "[" + v + "]").toList();
    }
    return type instanceof Class<?> nested && nested.isRecord()
        ? places(nested).stream().map(Place::template).toList()
        : List.of();
  }
}
