package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A temporary access key with its security token, and what is done with it.
 *
 * @param token null for a lasting key, which has none
 */
record Temporary(
    LiveServer server, String access, String secret, @Nullable String token, Instant expiresAt) {

  /** Of an answer to a request for one. */
  static Temporary of(LiveServer server, Reply made) {
    JsonNode credential = made.is(201).at("/credential");
    return new Temporary(
        server,
        credential.at("/access").stringValue(),
        credential.at("/secret").stringValue(),
        credential.at("/securitytoken").stringValue(),
        Instant.parse(credential.at("/expires_at").stringValue()));
  }

  /** The same key with another token, or none. */
  Temporary with(@Nullable String other) {
    return new Temporary(server, access, secret, other, expiresAt);
  }

  /** Sends a request signed the usual way, the token signed too. */
  Reply send(String method, String path, String body) {
    return send(Signer.PLAIN, true, Instant.now(), method, path, body);
  }

  /**
   * Sends a signed request; apostrophes in the body stand for quotes.
   *
   * @param signsToken whether the signature covers the token
   */
  Reply send(
      Signer signer, boolean signsToken, Instant date, String method, String path, String body) {
    String sent = body.replace('\'', '"');
    Map<String, String> header = token == null ? Map.of() : Map.of("x-security-token", token);
    Map<String, String> headers =
        signer.headers(
            method,
            server.endpoint().substring("http://".length()),
            path,
            sent,
            date,
            access,
            secret,
            signsToken ? header : Map.of());
    if (!signsToken) {
      headers.putAll(header);
    }
    headers.remove("host");
    HttpRequest.Builder request = server.to(path).header("content-type", "application/json");
    headers.forEach(request::setHeader);
    HttpResponse<String> answer =
        server.send(request.method(method, BodyPublishers.ofString(sent)));
    return new Reply(answer.statusCode(), answer);
  }

  /** Lists the keys of a project. */
  Reply lists(String project) {
    return send("POST", "/v1.0/" + project + "/kms/list-keys", "{}");
  }

  /** Is what it should be for everybody: in order, and for one that is nobody's any more. */
  void isNobody(String project) {
    assertThat(lists(project).status()).isEqualTo(401);
  }
}
