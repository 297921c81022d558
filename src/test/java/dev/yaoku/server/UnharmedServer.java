package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole server that is sent what nobody should send, and whatever comes is unharmed: no failure
 * of its own, an error that says its code and request id, nothing changed, and one event where it
 * was known whose request it was.
 */
final class UnharmedServer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  /** What clients are told when the store failed. */
  private static final String STORE_FAILED = "KMS.0104";

  final LiveServer server;
  final String project;

  /** A key that is there. */
  final String key;

  /** Of the one known caller. */
  final String token;

  private final Path data;
  private final @Nullable PostgresSetup database;
  private final CapturedLog log = new CapturedLog();
  private final Disclosures disclosures = new Disclosures();
  private final EventTail tail;
  private final Map<String, List<String>> stateBefore;
  private int sent;

  /** What was refused to the one known caller since the log was read, by request id. */
  private final Map<String, String> refused = new HashMap<>();

  /**
   * A server of one's own in a folder.
   *
   * @param database where it keeps its rows, if not in a file
   */
  UnharmedServer(Path folder, @Nullable PostgresSetup database) throws IOException, SQLException {
    this.data = folder.resolve("data");
    this.database = database;
    Map<String, String> settings =
        new HashMap<>(Map.of("quotas.keys", "1000", "audit.refusals-in-full", "10000"));
    if (database != null) {
      settings.putAll(database.settings());
    }
    server = new LiveServer(data, settings);
    project = server.known("project_id");
    key = server.kms("create-key", "{'key_alias':'victim'}", "/key_info/key_id");
    byte[] material = new byte[32];
    Arrays.fill(material, (byte) 0xa7);
    Importer importer = new Importer(server);
    String imported = importer.key("AES_256", "ENCRYPT_DECRYPT");
    importer.bring(imported, material.clone());
    server.kms("encrypt-data", "{'key_id':'" + imported + "','plain_text':'x'}", "/cipher_text");
    disclosures.secret(material);
    disclosures.secret(Files.readAllBytes(data.resolve("root.key")));
    disclosures.secret(server.known("sk"));
    disclosures.secret(server.known("password"));
    token = token();
    tail =
        database == null
            ? new EventTail(data.resolve("yaoku.db"))
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

  @Override
  public void close() throws SQLException {
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
    return database == null ? StoreDump.of(data) : StoreDump.of(database);
  }

  /** All routes that it has. */
  List<Route> routes() {
    return server.yaoku.wiring().server().routes();
  }

  /** How many requests were sent so far. */
  int sent() {
    return sent;
  }

  /** Sends what should not be sent, and judges the answer. */
  HttpResponse<String> send(Route route, String path, byte[] body) {
    HttpResponse<String> answer = server.signed(route.method(), path, body, (_, v) -> v);
    answered(route, route.operation(), body, answer);
    return answer;
  }

  /** Judges an answer, and remembers it if it is a refusal of somebody known. */
  void answered(Route route, String what, byte[] body, HttpResponse<String> answer) {
    check(what, body, answer);
    boolean read = answer.statusCode() != 413; // or nobody has proved to be the sender
    if (route.entry() == Route.Entry.PROVED && answer.statusCode() >= 400 && read) {
      refused.put(idOf(answer), what + " with " + clip(new String(body, UTF_8)));
    }
  }

  private static String idOf(HttpResponse<String> answer) {
    return answer.headers().firstValue("x-request-id").orElseThrow();
  }

  /** Judges an answer to somebody who may be unknown. */
  void check(String what, byte[] body, HttpResponse<String> answer) {
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
  static String codeOf(HttpResponse<String> answer) {
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

  /** What was sent since the last time left nothing but an event for each refusal. */
  void nothingChanged() {
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
}
