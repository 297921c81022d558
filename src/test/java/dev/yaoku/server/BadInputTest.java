package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every route of a whole server gets hundreds of requests that nobody should send. Whatever comes:
 * no failure of the server's own, an error that says its code and request id, nothing changed, and
 * one event where it is known whose request it was.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final long SEED = 20261124;
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");
  private static final String FOREIGN_PROJECT = "f".repeat(32);

  @TempDir static Path scratch;
  private UnharmedServer unharmed;

  /** How often a route gets something random. */
  int rounds(int usual) {
    return usual;
  }

  /** Where the server keeps its rows, if not in a file. */
  @Nullable PostgresSetup newDatabase() throws IOException, SQLException {
    return null;
  }

  @BeforeAll
  void start() throws IOException, SQLException {
    unharmed = new UnharmedServer(scratch, newDatabase());
  }

  @AfterAll
  void stop() throws SQLException {
    unharmed.close();
  }

  private List<Route> routesOfTheProved() {
    return unharmed.routes().stream().filter(route -> route.entry() == Route.Entry.PROVED).toList();
  }

  /** The path of a route with things in it that are not there. */
  private String path(Route route) {
    return route
        .path()
        .replace("{project_id}", unharmed.project)
        .replace("{key_id}", BadInputs.NOWHERE)
        .replace("{keystore_id}", BadInputs.NOWHERE)
        .replace("{policy_id}", BadInputs.NOWHERE)
        .replace("{access_point_id}", BadInputs.NOWHERE)
        .replace("{key...}", "none")
        .replaceAll("\\{[a-z_.]+}", "none");
  }

  private void send(Route route, byte[] body) {
    unharmed.send(route, path(route), body);
  }

  @Test
  void bodiesThatAreNoJsonObjectAreRefusedByEveryRoute() {
    for (Route route : unharmed.routes()) {
      for (byte[] body : BadInputs.noObjects()) {
        send(route, body);
      }
    }
    unharmed.nothingChanged();
  }

  @Test
  void aBodyThatIsTooLongIsRefusedByEveryRoute() {
    byte[] body = BadInputs.filled(200_000);
    for (Route route : unharmed.routes()) {
      send(route, body);
    }
    unharmed.nothingChanged();
  }

  @Test
  void membersOfAnyKindAndLengthChangeNothing() {
    Random random = new Random(SEED);
    for (Route route : unharmed.routes()) {
      for (int i = 0; i < rounds(40); i++) {
        send(route, BadInputs.junk(random).getBytes(UTF_8));
      }
    }
    unharmed.nothingChanged();
    assertThat(unharmed.sent()).isGreaterThan(1_000);
  }

  /** A key that is there is found, so that the other members are what is judged. */
  @Test
  void aMemberOfTheWrongKindBesideAKeyThatIsThereChangesNothing() {
    int judged = 0;
    for (Route route : unharmed.routes()) {
      if (route.method().equals("POST") && route.path().contains("/kms/")) {
        for (String member : otherMembers(route)) {
          String body = "{\"key_id\":\"" + unharmed.key + "\",\"" + member + "\":[[]]}";
          String path = path(route).replace(BadInputs.NOWHERE, unharmed.key);
          assertThat(unharmed.send(route, path, body.getBytes(UTF_8)).statusCode())
              .as(route.operation() + " " + body)
              .isBetween(400, 499);
          judged++;
        }
      }
    }
    assertThat(judged).isGreaterThan(60);
    unharmed.nothingChanged();
  }

  private static List<String> otherMembers(Route route) {
    RecordComponent[] members = route.description().members().getRecordComponents();
    return members == null
        ? List.of()
        : Arrays.stream(members)
            .map(member -> CAPITAL.matcher(member.getName()).replaceAll("_$0"))
            .map(name -> name.toLowerCase(Locale.ROOT))
            .filter(name -> !name.equals("key_id"))
            .toList();
  }

  /** By a token, as a signature is of one reading of the target, and would not be right. */
  @Test
  void segmentsAndQueriesOfAnyKindChangeNothing() {
    Random random = new Random(SEED);
    for (Route route : routesOfTheProved()) {
      for (int i = 0; i < rounds(20); i++) {
        String target = target(route, random);
        HttpResponse<String> answer =
            unharmed.server.byToken(unharmed.token, route.method(), target, BadInputs.junk(random));
        String what = route.operation() + " " + target;
        if (BadInputs.isMalformed(target)) {
          unharmed.check(what, new byte[0], answer);
          assertThat(answer.statusCode()).as(what).isEqualTo(400);
        } else {
          unharmed.answered(route, what, new byte[0], answer);
        }
      }
    }
    unharmed.nothingChanged();
  }

  private String target(Route route, Random random) {
    String path = route.path().replace("{project_id}", unharmed.project);
    while (path.contains("{")) {
      path =
          path.substring(0, path.indexOf('{'))
              + BadInputs.segment(random)
              + path.substring(path.indexOf('}') + 1);
    }
    return path + BadInputs.query(random);
  }

  @Test
  void anotherProjectInThePathIsRefusedByEveryRoute() {
    for (Route route : routesOfTheProved()) {
      if (route.path().contains("{project_id}")) {
        String path = path(route).replace(unharmed.project, FOREIGN_PROJECT);
        HttpResponse<String> answer = unharmed.send(route, path, "{}".getBytes(UTF_8));
        assertThat(answer.statusCode()).as(route.operation()).isEqualTo(403);
      }
    }
    unharmed.nothingChanged();
  }

  @Test
  void everyRouteRefusesASpoiltSignatureAlike() {
    for (Route route : routesOfTheProved()) {
      byte[] body = ("{\"key_id\":\"" + unharmed.key + "\"}").getBytes(UTF_8);
      HttpResponse<String> answer =
          unharmed.server.signed(route.method(), path(route), body, BadInputTest::spoilt);
      assertThat(answer.statusCode()).as(route.operation()).isEqualTo(401);
      assertThat(UnharmedServer.codeOf(answer)).isNotEmpty();
      HttpResponse<String> unsigned =
          unharmed.server.send(
              unharmed
                  .server
                  .to(path(route))
                  .method(route.method(), BodyPublishers.ofByteArray(body)));
      assertThat(unsigned.statusCode()).as(route.operation()).isEqualTo(401);
    }
    unharmed.nothingChanged();
  }

  private static String spoilt(String name, String value) {
    if (!name.equals("authorization")) {
      return value;
    }
    char last = value.charAt(value.length() - 1);
    return value.substring(0, value.length() - 1) + (last == '0' ? '1' : '0');
  }

  @Test
  void everyRouteRefusesOtherMethods() {
    Set<String> taken = new HashSet<>();
    unharmed.routes().forEach(route -> taken.add(route.method() + path(route)));
    for (Route route : unharmed.routes()) {
      for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "POST", "BREW")) {
        if (!taken.contains(method + path(route))) {
          HttpResponse<String> answer =
              unharmed.server.signed(method, path(route), "{}".getBytes(UTF_8), (_, v) -> v);
          assertThat(answer.statusCode()).as(method + " " + route.path()).isBetween(400, 499);
          unharmed.check(method + " " + route.path(), new byte[0], answer);
        }
      }
    }
    unharmed.nothingChanged();
  }

  @Test
  void unknownPathsAreNoApis() {
    for (String path :
        List.of(
            "/v1.0/" + unharmed.project + "/kms/nothing",
            "/v1.0/" + unharmed.project + "/kms/create-key/more",
            "/v9/" + unharmed.project + "/kms/create-key",
            "/v1.0/" + unharmed.project,
            "/kms",
            "/v1.0//kms/create-key",
            "/health/none/x",
            "/metrics")) {
      HttpResponse<String> answer =
          unharmed.server.signed("POST", path, "{}".getBytes(UTF_8), (_, v) -> v);
      assertThat(answer.statusCode()).as(path).isBetween(400, 499);
      unharmed.check(path, new byte[0], answer);
    }
    unharmed.nothingChanged();
  }
}
