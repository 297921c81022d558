package dev.yaoku.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to a server as any other client would: signed requests over HTTP. */
public final class WireClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final URI endpoint;
  private final RequestSigner signer;
  private final InstantSource clock;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /** A client of the server at this endpoint. */
  public WireClient(URI endpoint, RequestSigner signer, InstantSource clock) {
    this.endpoint = endpoint;
    this.signer = signer;
    this.clock = clock;
  }

  URI endpoint() {
    return endpoint;
  }

  /** Posts a body and reads the answer. */
  public JsonNode post(String path, Map<String, ?> body) throws IOException {
    return send("POST", path, JSON.writeValueAsString(body));
  }

  /** Sends a body in some other way and reads the answer. */
  public JsonNode send(String method, String path, Map<String, ?> body) throws IOException {
    return send(method, path, JSON.writeValueAsString(body));
  }

  /** Deletes. */
  public void delete(String path) throws IOException {
    send("DELETE", path, "");
  }

  /** Gets. */
  public JsonNode get(String path) throws IOException {
    return send("GET", path, "");
  }

  /**
   * Sends a request and reads the answer.
   *
   * @throws Refusal if the answer is not a success; the message is the server's
   * @throws IOException if there is no answer
   */
  public JsonNode send(String method, String path, String body) throws IOException {
    HttpResponse<String> answer = exchange(request(method, path, body.getBytes(UTF_8)));
    if (answer.statusCode() / 100 != 2) {
      String requestId = answer.headers().firstValue("x-request-id").orElse("");
      throw new Refusal(method + " " + path, answer.statusCode(), answer.body(), requestId);
    }
    return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
  }

  private HttpRequest request(String method, String path, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.resolve(path))
            .timeout(PATIENCE)
            .method(
                method,
                body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (body.length > 0) {
      request.header("content-type", "application/json");
    }
    signer
        .sign(method, endpoint.getAuthority(), path, body, clock.instant())
        .forEach((name, value) -> {
          if (!name.equals("host")) { // the JDK's client writes this one itself
            request.header(name, value);
          }
        });
    return request.build();
  }

  private HttpResponse<String> exchange(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (ConnectException e) {
      String reason = e.getMessage() == null ? "nothing answers there" : e.getMessage();
      throw new IOException(endpoint + ": " + reason, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for an answer", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
