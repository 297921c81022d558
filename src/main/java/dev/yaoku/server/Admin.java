package dev.yaoku.server;

import dev.yaoku.api.Answer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The operator's listener, on loopback: health and metrics. */
final class Admin {
  /** Where to ask whether the process answers at all. */
  static final String LIVE = "/health/live";

  private final Health health;
  private final Metrics metrics;

  Admin(Health health, Metrics metrics) {
    this.health = health;
    this.metrics = metrics;
  }

  Future<HttpServer> listen(Vertx vertx, Config.Address address) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(address.host())
            .setPort(address.port())
            .setIdleTimeout(60)
            .setHttp2ClearTextEnabled(false);
    return vertx.createHttpServer(options).requestHandler(this::answer).listen();
  }

  /** The answer about health: live or ready; null for anything else. */
  static @Nullable Answer health(Health health, String what) {
    boolean fine =
        switch (what) {
          case "live" -> true;
          case "ready" -> health.isReady();
          default -> false;
        };
    if (!fine && !what.equals("ready")) {
      return null;
    }
    byte[] body = Health.body(fine).getBytes(StandardCharsets.UTF_8);
    return new Answer(fine ? 200 : 503, Map.of(), body, fine ? "" : "not ready");
  }

  private void answer(HttpServerRequest request) {
    String path = request.path();
    switch (path == null ? "" : path) {
      case "/metrics" ->
          request
              .response()
              .putHeader("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
              .end(metrics.page());
      case LIVE -> health(request, "live");
      case "/health/ready" -> health(request, "ready");
      default ->
          request
              .response()
              .setStatusCode(404)
              .putHeader("Content-Type", "text/plain; charset=utf-8")
              .end("/metrics, /health/live, /health/ready\n");
    }
  }

  private void health(HttpServerRequest request, String what) {
    Answer answer = health(health, what);
    if (answer != null) {
      request
          .response()
          .setStatusCode(answer.status())
          .putHeader("Content-Type", "application/json")
          .end(new String(answer.body(), StandardCharsets.UTF_8));
    }
  }
}
