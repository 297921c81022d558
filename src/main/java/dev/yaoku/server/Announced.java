package dev.yaoku.server;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

/**
 * What a head says of the body behind it.
 *
 * @param bytes how long it is; 0 where the head does not say
 * @param chunked whether only its end will tell how long it is
 * @param awaited whether the client sends it only when it is told to (RFC 9110, 10.1.1)
 */
record Announced(long bytes, boolean chunked, boolean awaited) {
  static Announced by(HttpServerRequest request) {
    return new Announced(
        bytes(request.getHeader(HttpHeaders.CONTENT_LENGTH)),
        request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null,
        request.version() == HttpVersion.HTTP_1_1
            && "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT)));
  }

  private static long bytes(@Nullable String length) {
    try {
      return length == null ? 0 : Long.parseLong(length.strip());
    } catch (NumberFormatException _) {
      return Long.MAX_VALUE;
    }
  }
}
