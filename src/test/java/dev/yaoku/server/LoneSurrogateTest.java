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
import java.util.regex.Pattern;
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

  /** Of the identity service, in its versions. */
  private static final Pattern IDENTITY = Pattern.compile("/v(3|3\\.0|3-ext|5)/");

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
    Map<String, String> dev = Map.of("dev.enabled", "true");
    try (LiveServer server = new LiveServer(scratch.resolve("data"), dev)) {
      Map<String, List<String>> before = StoreDump.of(scratch.resolve("data"));
      List<String> withoutText = new ArrayList<>();
      int tried = 0;
      for (Route route : server.yaoku.wiring().server().routes()) {
        if (route.description().members() == Void.class) {
          continue;
        }
        assertThat(route.description().members().isRecord()).as(route.operation()).isTrue();
        List<Place> places = places(route.description().members());
        if (places.isEmpty()) {
          withoutText.add(route.operation());
        }
        for (Place place : places) {
          for (String half : HALVES) {
            refused(server, route, place, place.template().replace("%", half));
            tried++;
          }
        }
      }
      assertThat(withoutText).containsExactly("UpdateAccount");
      assertThat(tried).isGreaterThan(500);
      assertThat(StoreDump.of(scratch.resolve("data"))).isEqualTo(before);
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
        route.entry() == Route.Entry.OPEN
            ? byAnyone(server, route, path, body)
            : server.signed(route.method(), path, body.getBytes(UTF_8), (_, value) -> value);

    String said = route.operation() + " " + body + ": " + answer.body();
    assertThat(answer.statusCode()).as(said).isEqualTo(400);
    // It is refused for that, and not because the rest of the body is missing.
    String why =
        IDENTITY.matcher(path).lookingAt()
            ? "body is invalid"
            : switch (place.member()) {
              case "plain_text" -> "\"KMS.2101\"";
              case "encryption_context" -> "\"KMS.0208\"";
              default -> "\"KMS.0308\"";
            };
    assertThat(answer.body()).as(said).contains(why);
  }

  /** A log-in, with the headers without which it is not looked at. */
  private static HttpResponse<String> byAnyone(
      LiveServer server, Route route, String path, String body) {
    HttpRequest.Builder request = server.to(path).header("content-type", "application/json");
    route.description().headers().forEach(name -> request.header(name, "shop"));
    return server.send(request.method(route.method(), HttpRequest.BodyPublishers.ofString(body)));
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
