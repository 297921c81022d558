package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.LiveServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sends what a client that is not ours sends, byte for byte as far as a server can see. */
final class ForeignClient {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String ALGORITHM = "SDK-HMAC-SHA256";
  private static final JsonMapper JSON = new JsonMapper();

  final String project;
  private final LiveServer server;
  private final Style style;
  private final String token;
  private final Set<String> succeeded = ConcurrentHashMap.newKeySet();

  /** What the client takes for the time. */
  InstantSource clock = InstantSource.system();

  ForeignClient(LiveServer server, Style style, String token) {
    this.server = server;
    this.style = style;
    this.token = token;
    this.project = server.known("project_id");
  }

  ForeignClient(LiveServer server, Style style) {
    this(server, style, "");
  }

  /** What came back. */
  record Reply(int status, HttpResponse<String> raw) {
    JsonNode json() {
      return JSON.readTree(raw.body());
    }

    /** A member that must be text: these clients fail on a number. */
    String text(String pointer) {
      JsonNode node = json().at(pointer);
      assertThat(node.isString()).as(pointer + " is text in " + raw.body()).isTrue();
      return node.stringValue();
    }

    /** The error code, wherever it is. */
    String code() {
      JsonNode body = json();
      JsonNode nested = body.at("/error/error_code");
      if (nested.isString()) {
        return nested.stringValue();
      }
      return body.at("/error_code").asString(body.at("/error/code").asString(""));
    }

    Reply is(int expected) {
      assertThat(status).as(raw.body()).isEqualTo(expected);
      return this;
    }

    /** A refusal in the nested form, with both texts: without them some clients crash. */
    void isRefused(int expected, String code) {
      is(expected);
      assertThat(text("/error/error_code")).isEqualTo(code);
      assertThat(text("/error/error_msg")).isNotEmpty();
    }
  }

  /** Method and path of each request that was answered with success since {@link #forget}. */
  Set<String> succeeded() {
    return Set.copyOf(succeeded);
  }

  void forget() {
    succeeded.clear();
  }

  /** Posts to {@code /v1.0/{project}/kms/…}; apostrophes in the body stand for quotes. */
  Reply kms(String operation, String body) {
    return send("POST", "/v1.0/" + project + "/kms/" + operation, body.replace('\'', '"'));
  }

  /** The same, where anything but 200 is a failure of the client. */
  Reply ok(String operation, String body) {
    return kms(operation, body).is(200);
  }

  Reply get(String target) {
    return send("GET", target, null);
  }

  /**
   * Sends a request as this client does.
   *
   * @param target path and query as they go over the wire
   * @param json the body, or null for none
   */
  Reply send(String method, String target, @Nullable String json) {
    return send(method, target, json, Map.of());
  }

  /** A request that nobody signed. */
  Reply unsigned(String method, String target) {
    HttpResponse<String> answer =
        server.send(server.to(target).method(method, HttpRequest.BodyPublishers.noBody()));
    return new Reply(answer.statusCode(), answer);
  }

  /** A request about a token, of the identity service. */
  Reply about(String subject, String method, String target) {
    return send(method, target, null, Map.of("x-subject-token", subject));
  }

  /** A request with headers that are not signed. */
  Reply send(String method, String target, @Nullable String json, Map<String, String> unsigned) {
    return send(method, target, json, Map.of(), unsigned);
  }

  /** A request with headers that this client gives to few, and signs. */
  Reply with(Map<String, String> signed, String method, String target, @Nullable String json) {
    return send(method, target, json, signed, Map.of());
  }

  private Reply send(
      String method,
      String target,
      @Nullable String json,
      Map<String, String> signed,
      Map<String, String> unsigned) {
    String body = json == null ? "" : json + style.endOfBody;
    Map<String, String> headers =
        style.headers(json != null, project, DATE.format(clock.instant()));
    headers.putAll(signed);
    if (style.byToken()) {
      if (!token.isEmpty()) {
        headers.put("x-auth-token", token);
      }
    } else {
      headers.put("authorization", authorization(method, target, headers, body));
    }
    HttpRequest.Builder request = server.to(target).version(HttpClient.Version.HTTP_1_1);
    headers.forEach(request::header);
    unsigned.forEach(request::header);
    HttpResponse<String> answer =
        server.send(
            request.method(
                method,
                json == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body)));
    if (answer.statusCode() < 300) {
      succeeded.add(method + " " + target.split("\\?", 2)[0]);
    }
    return new Reply(answer.statusCode(), answer);
  }

  private String authorization(
      String method, String target, Map<String, String> headers, String body) {
    Map<String, String> signed = new TreeMap<>(headers);
    signed.put("host", server.endpoint().substring("http://".length()));
    signed.keySet().removeIf(name -> !style.signs(name));
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String query = mark < 0 ? "" : sorted(target.substring(mark + 1));
    boolean queryIsPayload = style.scoped && method.equals("POST") && body.isEmpty();
    StringBuilder canonical = new StringBuilder(method + "\n" + path + "/\n");
    canonical.append(queryIsPayload ? "" : query).append('\n');
    signed.forEach((name, value) -> canonical.append(name).append(':').append(value).append('\n'));
    String names = String.join(";", signed.keySet());
    canonical.append('\n').append(names).append('\n').append(hash(queryIsPayload ? query : body));
    String date = headers.getOrDefault("x-sdk-date", "");
    String scope = style.scoped ? date.substring(0, 8) + "///sdk_request" : "";
    String toSign =
        ALGORITHM
            + "\n"
            + date
            + (scope.isEmpty() ? "" : "\n" + scope)
            + "\n"
            + hash(canonical.toString());
    String credential =
        scope.isEmpty()
            ? "Access=" + server.known("ak")
            : "Credential=" + server.known("ak") + "/" + scope;
    return ALGORITHM
        + " "
        + credential
        + ", SignedHeaders="
        + names
        + ", Signature="
        + HexFormat.of().formatHex(hmac(key(date), toSign));
  }

  private static String sorted(String query) {
    String[] parameters = query.split("&", -1);
    Arrays.sort(parameters);
    return String.join("&", parameters);
  }

  private byte[] key(String date) {
    String secret = server.known("sk");
    if (!style.scoped) {
      return secret.getBytes(UTF_8);
    }
    byte[] key = ("SDK" + secret).getBytes(UTF_8);
    for (String part : new String[] {date.substring(0, 8), "", "", "sdk_request"}) {
      key = hmac(key, part);
    }
    return key;
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
