package dev.yaoku.server;

import dev.yaoku.access.RequestHead;
import dev.yaoku.access.RequestHead.Header;
import dev.yaoku.access.Target;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import io.netty.handler.codec.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the head of a request in the one strict way (SECURITY_DESIGN H17, M20): headers that we
 * read occur once, the framing has one meaning, and the source is the peer unless the peer is a
 * proxy that the operator named (M5).
 */
final class HeadReader {
  private final Config.Limits limits;
  private final Config.Listen listen;

  HeadReader(Config config) {
    limits = config.limits();
    listen = config.listen();
  }

  /**
   * The header of a request, if it says in one way only where the request ends.
   *
   * @throws KmsException with {@link Problem.BadRequest} or {@link Problem.UriTooLong}
   */
  List<Header> headers(HttpServerRequest request) {
    List<Header> headers = new ArrayList<>(16);
    Seen seen = new Seen();
    Iterator<Map.Entry<CharSequence, CharSequence>> lines =
        ((HttpHeaders) request.headers()).iteratorCharSequence();
    while (lines.hasNext()) {
      Map.Entry<CharSequence, CharSequence> line = lines.next();
      Header header = new Header(HeaderNames.lowerCase(line.getKey()), line.getValue().toString());
      seen.take(header);
      headers.add(header);
    }
    if (headers.size() > limits.headerCount()) {
      throw new KmsException(new Problem.UriTooLong());
    }
    framing(request, seen);
    return headers;
  }

  /**
   * A head with this header.
   *
   * @throws KmsException with {@link Problem.BadRequest} or {@link Problem.UriTooLong}
   */
  RequestHead read(HttpServerRequest request, List<Header> headers, Peer peer) {
    boolean readable = peer.proxy() && saysHttp(headers);
    return new RequestHead(
        request.method().name(),
        Target.parse(request.uri()),
        headers,
        peer.proxy() ? behind(headers, peer) : peer.source(),
        peer.secure() && (!readable || listen.insecureLab()),
        peer.certificate(),
        readable ? "http" : scheme(headers, peer));
  }

  private static void framing(HttpServerRequest request, Seen seen) {
    boolean ancient = request.version() != HttpVersion.HTTP_1_1;
    if (seen.transferEncoding != null
        && (ancient || !seen.transferEncoding.equalsIgnoreCase("chunked"))) {
      throw bad("transfer encoding");
    }
    if (!ancient && !seen.host) {
      throw bad("no host");
    }
  }

  /** The right-most address that is no trusted proxy; the peer's own if there is none. */
  private String behind(List<Header> headers, Peer peer) {
    StringBuilder forwarded = new StringBuilder();
    for (Header header : headers) {
      if (header.name().equals("x-forwarded-for")) {
        forwarded.append(forwarded.isEmpty() ? "" : ",").append(header.value());
      }
    }
    String[] addresses = forwarded.toString().split(",", -1);
    for (int i = addresses.length - 1; i >= 0; i--) {
      InetAddress address = address(addresses[i].strip());
      if (address == null) {
        break;
      }
      if (!listen.trusts(address)) {
        return address.getHostAddress();
      }
    }
    return peer.source();
  }

  /** Whether a proxy says that somebody before it spoke plain HTTP, where secrets do not belong. */
  private static boolean saysHttp(List<Header> headers) {
    for (Header header : headers) {
      if (header.name().equals("x-forwarded-proto")) {
        for (String scheme : header.value().split(",", -1)) {
          if (scheme.strip().equalsIgnoreCase("http")) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * What the client spoke. A proxy that forwards for somebody ends TLS, unless it says otherwise: a
   * link that wrongly says https does not work, one that wrongly says http shows secrets.
   */
  private static String scheme(List<Header> headers, Peer peer) {
    boolean forwarded =
        peer.proxy()
            && headers.stream().anyMatch(header -> header.name().startsWith("x-forwarded-"));
    return peer.tls() || forwarded ? "https" : "http";
  }

  private static @Nullable InetAddress address(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException notAnAddress) {
      return null;
    }
  }

  private static KmsException bad(String why) {
    return new KmsException(new Problem.BadRequest(why));
  }

  /** What was seen of headers that may come once. */
  private static final class Seen {
    private int once;
    private boolean host;
    private @Nullable String transferEncoding;

    void take(Header header) {
      if (header.name().isEmpty()) {
        throw bad("header without a name");
      }
      int bit =
          switch (header.name()) {
            case "host" -> 1;
            case "authorization" -> 1 << 1;
            case "x-sdk-date" -> 1 << 2;
            case "x-auth-token" -> 1 << 3;
            case "x-subject-token" -> 1 << 4;
            case "x-security-token" -> 1 << 5;
            case "x-project-id" -> 1 << 6;
            case "x-domain-id" -> 1 << 7;
            case "x-sdk-content-sha256" -> 1 << 8;
            case "content-type" -> 1 << 9;
            case "content-length" -> 1 << 10;
            case "transfer-encoding" -> 1 << 11;
            case "user-agent" -> 1 << 12;
            case "expect" -> 1 << 13;
            case "x-idp-id" -> 1 << 14;
            // In a draft of WebSocket they mean a body of 8 bytes, though no header says so.
            case "sec-websocket-key1", "sec-websocket-key2" -> throw bad("header " + header.name());
            default -> 0;
          };
      if ((once & bit) != 0) {
        throw bad("repeated header " + header.name());
      }
      once |= bit;
      host |= bit == 1;
      if (bit == 1 << 11) {
        transferEncoding = header.value();
      }
    }
  }
}
