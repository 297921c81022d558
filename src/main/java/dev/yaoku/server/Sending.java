package dev.yaoku.server;

import dev.yaoku.api.Answer;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;

/** Writes answers. */
final class Sending {
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-Id");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
  private static final CharSequence CONTENT_TYPE = HttpHeaders.createOptimized("Content-Type");

  private Sending() {}

  /** Writes an answer; the future ends when all of it is out, or never will be. */
  static Future<Void> send(
      HttpServerResponse response, Answer answer, String requestId, boolean close, boolean secret) {
    response.setStatusCode(answer.status());
    response.headers().set(REQUEST_ID, requestId);
    if (!answer.headers().isEmpty()) {
      answer.headers().forEach(response::putHeader);
    }
    if (close) {
      response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    byte[] body = answer.body();
    if (body.length == 0) {
      return response.end();
    }
    response.headers().set(CONTENT_TYPE, JSON);
    if (secret) {
      response.headers().set(HttpHeaders.CACHE_CONTROL, NO_STORE);
    }
    Future<Void> sent = response.end(BufferInternal.buffer(Unpooled.wrappedBuffer(body)));
    if (secret) {
      sent.onComplete(_ -> Arrays.fill(body, (byte) 0));
    }
    return sent;
  }
}
