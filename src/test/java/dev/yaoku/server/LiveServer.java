package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yaoku.cli.RequestSigner;
import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.store.Reading;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A whole server on a free port, and its first user, who signs what he sends. */
public final class LiveServer implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  final Yaoku yaoku;
  private final Map<String, String> known = new HashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * Starts one.
   *
   * @param more settings beyond the usual
   */
  public LiveServer(Path data, Map<String, String> more) throws IOException {
    this(data, more, Surroundings.ofThisMachine());
  }

  /** Starts another one of the same database, whose first one has its data there. */
  static LiveServer beside(Path first, Map<String, String> settings) throws IOException {
    return beside(first, settings, Surroundings.ofThisMachine());
  }

  /** The same on such a machine. */
  static LiveServer beside(Path first, Map<String, String> settings, Surroundings machine)
      throws IOException {
    Path data = first.resolveSibling("beside " + first.getFileName());
    PrivateFiles.directory(data);
    Files.copy(first.resolve("credentials"), data.resolve("credentials"));
    Map<String, String> all = new HashMap<>(settings);
    all.put("root-key", first.resolve("root.key").toString());
    return new LiveServer(data, all, machine);
  }

  /** Starts one on such a machine. */
  public LiveServer(Path data, Map<String, String> more, Surroundings machine) throws IOException {
    Map<String, String> settings = new HashMap<>();
    if ("off".equals(System.getProperty("yaoku.test.native"))) {
      settings.put("crypto.native", "false");
    }
    settings.putAll(more);
    settings.put("data", data.toString());
    settings.putIfAbsent("listen.address", "127.0.0.1:0");
    settings.putIfAbsent("admin.address", "off");
    settings.putIfAbsent("log.requests", "false");
    Config config = ConfigReader.read("", Map.of(), settings);
    yaoku = Yaoku.start(config, machine, _ -> {});
    try (Stream<String> lines = Files.lines(data.resolve("credentials"))) {
      lines
          .filter(line -> line.contains(" = "))
          .forEach(line -> known.put(line.split(" = ", 2)[0], line.split(" = ", 2)[1]));
    }
  }

  /** What the credentials file says, or empty. */
  public String known(String name) {
    return known.getOrDefault(name, "");
  }

  /** Posts a signed request. */
  public HttpResponse<String> post(String path, String contentType, String body) {
    RequestSigner signer = new RequestSigner(known("ak"), known("sk"), known("project_id"));
    HttpRequest.Builder request = to(path).header("content-type", contentType);
    signer
        .sign("POST", "127.0.0.1:" + yaoku.port(), path, body.getBytes(UTF_8), Instant.now())
        .forEach((name, value) -> {
          if (!name.equals("host")) { // the JDK's client writes this one itself
            request.header(name, value);
          }
        });
    return send(request.POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** The first user's project in a region that the server serves. */
  public String projectIn(String region) {
    String body = signed("GET", "/v3/projects", new byte[0], (_, value) -> value).body();
    for (JsonNode project : JSON.readTree(body).at("/projects")) {
      if (project.at("/name").asString().equals(region)) {
        return project.at("/id").asString();
      }
    }
    throw new AssertionError("no project " + region + " in " + body);
  }

  /** Sends a signed request below a project; apostrophes in the body stand for quotes. */
  public HttpResponse<String> in(String project, String method, String target, String body) {
    return signed(
        project, method, target, body.replace('\'', '"').getBytes(UTF_8), (_, value) -> value);
  }

  /**
   * Sends a request that is signed, or almost.
   *
   * @param spoil changes a header after it was signed
   */
  public HttpResponse<String> signed(
      String method, String path, byte[] body, BinaryOperator<String> spoil) {
    return signed(known("project_id"), method, path, body, spoil);
  }

  /** The same in a project. */
  HttpResponse<String> signed(
      String project, String method, String path, byte[] body, BinaryOperator<String> spoil) {
    RequestSigner signer = new RequestSigner(known("ak"), known("sk"), project);
    HttpRequest.Builder request = to(path).header("content-type", "application/json");
    signer
        .sign(method, "127.0.0.1:" + yaoku.port(), path, body, Instant.now())
        .forEach((name, value) -> {
          if (!name.equals("host")) {
            request.header(name, spoil.apply(name, value));
          }
        });
    return send(request.method(method, HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /** Sends what the bearer of a token asks; apostrophes in the body stand for quotes. */
  public HttpResponse<String> byToken(String token, String method, String path, String body) {
    return send(
        to(path)
            .header("X-Auth-Token", token)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
  }

  /** Asks for a token; apostrophes in the body stand for quotes. */
  HttpResponse<String> logIn(String body) {
    return send(
        to("/v3/auth/tokens").POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'))));
  }

  /** Ends a token, as its bearer may. */
  HttpResponse<String> revoke(String token) {
    return send(
        to("/v3/auth/tokens")
            .header("X-Auth-Token", token)
            .header("X-Subject-Token", token)
            .DELETE());
  }

  /** A request that nobody signed. */
  public HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + yaoku.port() + path));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Calls an operation; apostrophes in the body stand for quotes. */
  public JsonNode kms(String operation, String body) {
    String path = "/v1.0/" + known("project_id") + "/kms/" + operation;
    return JSON.readTree(post(path, "application/json", body.replace('\'', '"')).body());
  }

  /** Calls an operation that must succeed, and reads one member of the answer. */
  public String kms(String operation, String body, String pointer) {
    JsonNode answer = kms(operation, body);
    if (answer.at(pointer).isMissingNode()) {
      throw new AssertionError(operation + " answered " + answer);
    }
    return answer.at(pointer).asString();
  }

  /** Counts the changes that were ever committed; events are none. */
  public long changes() {
    return yaoku.installation().store().read(Reading::changeSequence);
  }

  /** From now on only requests change what is stored. */
  public void stopHousekeeping() {
    yaoku.wiring().housekeeping().close();
  }

  /** Where it listens, as a URL without a path. */
  public String endpoint() {
    return "http://127.0.0.1:" + yaoku.port();
  }

  @Override
  public void close() {
    http.close();
    yaoku.close();
  }
}
