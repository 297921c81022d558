package dev.yaoku.server;

import dev.yaoku.access.RequestHead;
import dev.yaoku.access.RequestHead.Header;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What arrived of one request: head, route and body; and whether its connection can take another
 * request behind it.
 */
final class Inbound {
  /**
   * How much of a refused request's body is read, so that a client that sends all of it first sees
   * the answer, and can use the connection again.
   */
  private static final long DISCARDED_BYTES_MAX = 256 << 10;

  private final Connection connection;
  private final HttpServerRequest request;
  private final Shared shared;
  private final String requestId;
  private final long startMillis;

  private @Nullable RequestHead head;
  private Router.@Nullable Match match;
  private @Nullable Body body;

  private long discarded;
  private boolean complete;
  private boolean closing;

  /** Whether the client waits to be told to send the body, and is told something else. */
  private boolean unasked;

  private boolean paused;

  Inbound(Connection connection, HttpServerRequest request) {
    this.connection = connection;
    this.request = request;
    this.shared = connection.loop.shared;
    this.requestId = connection.loop.ids.next();
    this.startMillis = shared.parts().clock().millis();
  }

  /**
   * Whether the server has room for one request more.
   *
   * @throws KmsException with {@link Problem.Overloaded} or {@link Problem.Throttled}
   */
  void mustBeWelcome() {
    if (asksWhetherAlive()) {
      return;
    }
    if (connection.excess != null) {
      endConnection();
      throw new KmsException(
          connection.excess == Gate.Excess.IN_ALL
              ? new Problem.Overloaded()
              : new Problem.Throttled(1));
    }
    if (shared.inFlight().get() > shared.parts().config().lanes().fastInFlight()) {
      throw new KmsException(new Problem.Overloaded());
    }
  }

  /** Whoever gets no answer to that ends the server and starts it anew, which helps no crowd. */
  private boolean asksWhetherAlive() {
    return Admin.LIVE.equals(request.uri()) && HttpMethod.GET.equals(request.method());
  }

  /**
   * A head that has no one meaning is the last that this connection says; and so is one of
   * HTTP/1.0, whose lengths are read differently by others. Where it is clear how long the body is,
   * that is waited for, as a client that still sends when the connection ends looks for no answer.
   */
  RequestHead readHead() {
    closing = true;
    complete = true; // as far as anybody can tell
    List<Header> headers = shared.heads().headers(request);
    complete = false;
    RequestHead read = shared.heads().read(request, headers, connection.peer);
    head = read;
    boolean excess = connection.excess != null;
    closing = excess || request.version() != HttpVersion.HTTP_1_1;
    complete = excess;
    return read;
  }

  /** The head means nothing, or is too much; what is wrong with it. */
  Problem malformed() {
    Throwable cause = request.decoderResult().cause();
    boolean tooLong =
        cause instanceof TooLongHttpLineException || cause instanceof TooLongHttpHeaderException;
    endConnection();
    connection.received();
    return tooLong ? new Problem.UriTooLong() : new Problem.BadRequest("malformed request");
  }

  /** Finds the route that the head asks for. */
  Router.Match findRoute(RequestHead read) {
    Router.Match found = shared.router().match(read.method(), read.target().segments());
    match = found;
    return found;
  }

  /**
   * The body that comes behind the head.
   *
   * @throws KmsException with {@link Problem.BodyTooLong}
   */
  Body expectBody(Route route) {
    int bytesMax = Math.min(route.bodyBytesMax(), shared.parts().config().limits().bodyBytes());
    Body awaited = Body.expected(Announced.by(request), bytesMax);
    body = awaited;
    return awaited;
  }

  /** Tells the client to send the body, if it waits to be told. */
  void askForBody() {
    if (body != null && body.continueExpected()) {
      request.response().writeContinue();
    }
  }

  /**
   * The answer does not depend on the body. A long one is not read only to be thrown away, and one
   * of which the client waits to be told that it is wanted may come or not: nobody could say where
   * the next request begins.
   *
   * @return whether the body is too long to be read
   */
  boolean needsNoBody() {
    Announced behind = Announced.by(request);
    boolean unread = behind.bytes() > DISCARDED_BYTES_MAX;
    unasked = behind.awaited();
    closing |= unread || behind.chunked() || unasked;
    return unread;
  }

  /**
   * Keeps what arrived of the body.
   *
   * @throws KmsException with {@link Problem.BodyTooLong}
   */
  void take(Buffer bytes) {
    if (body == null) {
      discard(bytes);
      return;
    }
    try {
      body.add(bytes);
    } catch (KmsException tooLong) {
      closing = true;
      throw tooLong;
    }
  }

  /** Throws away what arrived and nobody needs any more. */
  void discard(Buffer bytes) {
    discarded += bytes.length();
    connection.discarded();
    if (connection.isDeaf() || discarded > DISCARDED_BYTES_MAX) {
      connection.listenNoMore();
    }
  }

  /** The last byte is here. */
  void complete() {
    complete = true;
    connection.received();
  }

  boolean isComplete() {
    return complete;
  }

  /** Behind this request the connection takes no other. */
  void closeBehind() {
    closing = true;
  }

  /** Nothing more is expected on the connection, of this request or another. */
  void endConnection() {
    closing = true;
    complete = true;
  }

  /** Whether the connection takes no other request behind this one. */
  boolean isClosing() {
    return closing;
  }

  /** Whether the client waits for a word to send the body, and will not get it. */
  boolean neverAsked() {
    return unasked || (body != null && body.neverContinued());
  }

  /** Lets nothing more arrive, until {@link #resume}. */
  void pause() {
    request.pause();
    paused = true;
  }

  void resume() {
    if (paused) {
      paused = false;
      request.resume();
    }
  }

  /** Overwrites the body with zeros. */
  void wipe() {
    if (body != null) {
      body.wipe();
    }
  }

  String requestId() {
    return requestId;
  }

  long startMillis() {
    return startMillis;
  }

  String source() {
    return head == null ? connection.peer.source() : head.source();
  }

  String operation() {
    return match == null ? "none" : match.route().operation();
  }

  /** What it asks for; null as long as that is not known. */
  @Nullable Route route() {
    return match == null ? null : match.route();
  }

  /** The number of its route; -1 as long as that is not known. */
  int routeNumber() {
    return match == null ? -1 : match.number();
  }

  /** Whoever words why it is refused. */
  Refusing refusing() {
    return new Refusing(shared.parts(), request, route(), requestId);
  }
}
