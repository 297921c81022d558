package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every route of a whole server gets hundreds of requests that nobody should send. Whatever comes:
 * no failure of the server's own, an error that says its code and request id, nothing changed, and
 * one event where it is known whose request it was.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long SEED = 20261124;
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");
  private static final String FOREIGN_PROJECT = "f".repeat(32);

  /** What clients are told when the store failed. */
  private static final String STORE_FAILED = "KMS.0104";

  @TempDir static Path scratch;
  private @Nullable PostgresSetup database;
  private final CapturedLog log = new CapturedLog();
  private final Disclosures disclosures = new Disclosures();
  private LiveServer server;
  private String project;
  private String key;
  private Map<String, List<String>> stateBefore;
  private int sent;

  /** What was refused to the one known caller since the log was read, by request id. */
  private final Map<String, String> refused = new HashMap<>();

  private EventTail tail;

  private String token = "";

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
    Map<String, String> settings =
        new HashMap<>(Map.of("quotas.keys", "1000", "audit.refusals-in-full", "10000"));
    database = newDatabase();
    if (database != null) {
      settings.putAll(database.settings());
    }
    server = new LiveServer(scratch.resolve("data"), settings);
    project = server.known("project_id");
    key = server.kms("create-key", "{'key_alias':'victim'}", "/key_info/key_id");
    byte[] material = new byte[32];
    Arrays.fill(material, (byte) 0xa7);
    Importer importer = new Importer(server);
    String imported = importer.key("AES_256", "ENCRYPT_DECRYPT");
    importer.bring(imported, material.clone());
    server.kms("encrypt-data", "{'key_id':'" + imported + "','plain_text':'x'}", "/cipher_text");
    disclosures.secret(material);
    disclosures.secret(Files.readAllBytes(scratch.resolve("data/root.key")));
    disclosures.secret(server.known("sk"));
    disclosures.secret(server.known("password"));
    token = token();
    tail =
        database == null
            ? new EventTail(scratch.resolve("data/yaoku.db"))
            : new EventTail(database::connect);
    stateBefore = state();
    assertThat(stateBefore.get("key")).hasSize(2);
    assertThat(stateBefore.get("user")).isNotEmpty();
  }

  private String token() {
    String body =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'%s','password':'%s'}}},"
                .formatted(server.known("user_id"), server.known("password"))
            + "'scope':{'project':{'id':'"
            + project
            + "'}}}}";
    return server.logIn(body).headers().firstValue("X-Subject-Token").orElseThrow();
  }

  @AfterAll
  void stop() throws SQLException {
    server.close();
    log.close();
    boolean inAFile = database == null;
    if (database != null) {
      database.close();
    }
    assertThat(sent).isGreaterThan(1_000);
    assertThat(log.text().contains("share a file system")).isEqualTo(inAFile); // the server's
    disclosures.holdsNoSecret("the log", log.text());
    assertThat(log.text()).doesNotContain("ERROR ", "the store failed");
  }

  private Map<String, List<String>> state() {
    return database == null ? StoreDump.of(scratch.resolve("data")) : StoreDump.of(database);
  }

  private List<Route> routes() {
    return server.yaoku.wiring().server().routes();
  }

  private List<Route> routesOfTheProved() {
    return routes().stream().filter(route -> route.entry() == Route.Entry.PROVED).toList();
  }

  /** The path of a route with things in it that are not there. */
  private String path(Route route) {
    return route
        .path()
        .replace("{project_id}", project)
        .replace("{key_id}", BadInputs.NOWHERE)
        .replace("{keystore_id}", BadInputs.NOWHERE)
        .replace("{policy_id}", BadInputs.NOWHERE)
        .replace("{access_point_id}", BadInputs.NOWHERE)
        .replace("{key...}", "none")
        .replaceAll("\\{[a-z_.]+}", "none");
  }

  private void send(Route route, byte[] body) {
    send(route, path(route), body);
  }

  private HttpResponse<String> send(Route route, String path, byte[] body) {
    HttpResponse<String> answer = server.signed(route.method(), path, body, (_, v) -> v);
    answered(route, route.operation(), body, answer);
    return answer;
  }

  private void answered(Route route, String what, byte[] body, HttpResponse<String> answer) {
    check(what, body, answer);
    boolean read = answer.statusCode() != 413; // or nobody has proved to be the sender
    if (route.entry() == Route.Entry.PROVED && answer.statusCode() >= 400 && read) {
      refused.put(idOf(answer), what + " with " + clip(new String(body, UTF_8)));
    }
  }

  private static String idOf(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  private void check(String what, byte[] body, HttpResponse<String> answer) {
    sent++;
    String said = what + " with " + clip(new String(body, UTF_8)) + " answered " + answer.body();
    assertThat(answer.headers().firstValue("x-request-id")).as(said).isPresent();
    int status = answer.statusCode();
    // 503 is no failure where the server has no more room, or no such part.
    assertThat(status < 500 || status == 503).as(said).isTrue();
    if (status >= 400) {
      assertThat(codeOf(answer)).as(said).isNotEmpty().isNotEqualTo(STORE_FAILED);
      disclosures.tellsNothing(said, answer.body() + answer.headers().map());
    } else {
      disclosures.holdsNoSecret(said, answer.body() + answer.headers().map());
    }
  }

  private static String clip(String text) {
    return text.length() > 300 ? text.substring(0, 300) + "…" : text;
  }

  /**
   * Of the KMS, of the gateway before it, or of the identity service; HEAD has its status alone.
   */
  private static String codeOf(HttpResponse<String> answer) {
    String body = answer.body();
    if (answer.request().method().equals("HEAD")) {
      assertThat(body).isEmpty();
      return String.valueOf(answer.statusCode());
    }
    try {
      JsonNode error = JSON.readTree(body);
      for (String at : List.of("/error/error_code", "/error_code", "/error/code")) {
        if (!error.at(at).isMissingNode()) {
          return error.at(at).asString();
        }
      }
    } catch (JacksonException e) {
      throw new AssertionError("no JSON: " + body, e);
    }
    return "";
  }

  private void nothingChanged() {
    assertThat(state()).isEqualTo(stateBefore);
    eachRefusalLeftOneEvent();
  }

  private void eachRefusalLeftOneEvent() {
    Map<String, Long> events =
        tail.news().stream()
            .map(row -> EventTail.json(row).at("/request_id").asString(""))
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    Map<String, Long> others = new TreeMap<>();
    refused.forEach((id, what) -> {
      long left = events.getOrDefault(id, 0L);
      if (left != 1) {
        others.put(what, left);
      }
    });
    refused.clear();
    assertThat(others).as("refusals without one event").isEmpty();
  }

  @Test
  void bodiesThatAreNoJsonObjectAreRefusedByEveryRoute() {
    for (Route route : routes()) {
      for (byte[] body : BadInputs.noObjects()) {
        send(route, body);
      }
    }
    nothingChanged();
  }

  @Test
  void aBodyThatIsTooLongIsRefusedByEveryRoute() {
    byte[] body = BadInputs.filled(200_000);
    for (Route route : routes()) {
      send(route, body);
    }
    nothingChanged();
  }

  @Test
  void membersOfAnyKindAndLengthChangeNothing() {
    Random random = new Random(SEED);
    for (Route route : routes()) {
      for (int i = 0; i < rounds(40); i++) {
        send(route, BadInputs.junk(random).getBytes(UTF_8));
      }
    }
    nothingChanged();
    assertThat(sent).isGreaterThan(1_000);
  }

  /** A key that is there is found, so that the other members are what is judged. */
  @Test
  void aMemberOfTheWrongKindBesideAKeyThatIsThereChangesNothing() {
    int judged = 0;
    for (Route route : routes()) {
      if (route.method().equals("POST") && route.path().contains("/kms/")) {
        for (String member : otherMembers(route)) {
          String body = "{\"key_id\":\"" + key + "\",\"" + member + "\":[[]]}";
          String path = path(route).replace(BadInputs.NOWHERE, key);
          assertThat(send(route, path, body.getBytes(UTF_8)).statusCode())
              .as(route.operation() + " " + body)
              .isBetween(400, 499);
          judged++;
        }
      }
    }
    assertThat(judged).isGreaterThan(60);
    nothingChanged();
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
            server.byToken(token, route.method(), target, BadInputs.junk(random));
        String what = route.operation() + " " + target;
        if (BadInputs.isMalformed(target)) {
          check(what, new byte[0], answer);
          assertThat(answer.statusCode()).as(what).isEqualTo(400);
        } else {
          answered(route, what, new byte[0], answer);
        }
      }
    }
    nothingChanged();
  }

  private String target(Route route, Random random) {
    String path = route.path().replace("{project_id}", project);
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
        String path = path(route).replace(project, FOREIGN_PROJECT);
        HttpResponse<String> answer = send(route, path, "{}".getBytes(UTF_8));
        assertThat(answer.statusCode()).as(route.operation()).isEqualTo(403);
      }
    }
    nothingChanged();
  }

  @Test
  void everyRouteRefusesASpoiltSignatureAlike() {
    for (Route route : routesOfTheProved()) {
      byte[] body = ("{\"key_id\":\"" + key + "\"}").getBytes(UTF_8);
      HttpResponse<String> answer =
          server.signed(route.method(), path(route), body, BadInputTest::spoilt);
      assertThat(answer.statusCode()).as(route.operation()).isEqualTo(401);
      assertThat(codeOf(answer)).isNotEmpty();
      HttpResponse<String> unsigned =
          server.send(
              server
                  .to(path(route))
                  .method(
                      route.method(), java.net.http.HttpRequest.BodyPublishers.ofByteArray(body)));
      assertThat(unsigned.statusCode()).as(route.operation()).isEqualTo(401);
    }
    nothingChanged();
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
    Set<String> taken = new java.util.HashSet<>();
    routes().forEach(route -> taken.add(route.method() + path(route)));
    for (Route route : routes()) {
      for (String method : List.of("GET", "PUT", "DELETE", "PATCH", "POST", "BREW")) {
        if (!taken.contains(method + path(route))) {
          HttpResponse<String> answer =
              server.signed(method, path(route), "{}".getBytes(UTF_8), (_, v) -> v);
          assertThat(answer.statusCode()).as(method + " " + route.path()).isBetween(400, 499);
          check(method + " " + route.path(), new byte[0], answer);
        }
      }
    }
    nothingChanged();
  }

  @Test
  void unknownPathsAreNoApis() {
    for (String path :
        List.of(
            "/v1.0/" + project + "/kms/nothing",
            "/v1.0/" + project + "/kms/create-key/more",
            "/v9/" + project + "/kms/create-key",
            "/v1.0/" + project,
            "/kms",
            "/v1.0//kms/create-key",
            "/health/none/x",
            "/metrics")) {
      HttpResponse<String> answer = server.signed("POST", path, "{}".getBytes(UTF_8), (_, v) -> v);
      assertThat(answer.statusCode()).as(path).isBetween(400, 499);
      check(path, new byte[0], answer);
    }
    nothingChanged();
  }
}
