package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static dev.yaoku.server.Listening.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.DoublePredicate;

/**
 * Servers with limits that a test reaches. Their routes echo, wait until they are let go on, or
 * answer much; what their gauges say is waited for.
 */
final class LimitedServers implements AutoCloseable {
  static final String PATH = "/v1.0/" + PROJECT + "/kms/";

  static final String HEAD =
      "POST " + PATH + "echo HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: alice\r\n";

  /** Its body may be as long as the operator allows. */
  static final String LONG = HEAD.replace("/kms/echo", "/kms/long");

  /** Ends what waits. */
  final CountDownLatch release = new CountDownLatch(1);

  /** Has a permit for each request that began to wait. */
  final Semaphore entered = new Semaphore(0);

  private final List<Listening> started = new ArrayList<>();

  /** A server with these settings, until the test is over. */
  Listening with(String... settings) {
    Listening listening =
        Listening.with(
            List.of(
                route("POST", "/v1.0/{project_id}/kms/echo", Route.Lane.FAST, Listening::echo),
                route("POST", "/v1.0/{project_id}/kms/wait", Route.Lane.SLOW, this::await),
                route("POST", "/v1.0/{project_id}/kms/heavy", Route.Lane.SLOW, this::await)
                    .taking(1 << 20),
                new Route(
                    "Long",
                    "POST",
                    "/v1.0/{project_id}/kms/long",
                    Route.Entry.PROVED,
                    Route.Lane.FAST,
                    Route.USUAL_BODY,
                    false,
                    Listening.DIALECT,
                    Listening::echo),
                new Route(
                    "Open",
                    "GET",
                    "/open",
                    Route.Entry.OPEN,
                    Route.Lane.SLOW,
                    1024,
                    false,
                    Listening.DIALECT,
                    this::await),
                route("GET", "/v1.0/{project_id}/kms/much", Route.Lane.FAST, _ -> much())),
            settings);
    started.add(listening);
    return listening;
  }

  private Answer await(Exchange exchange) {
    entered.release();
    try {
      release.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    return Listening.echo(exchange);
  }

  private static Answer much() {
    return Answer.json(200, new byte[32 << 20]);
  }

  @Override
  public void close() {
    release.countDown();
    started.forEach(Listening::close);
  }

  static void awaitGauge(Listening listening, int connections) {
    awaitGauge(listening, "yaoku_connections", value -> value == connections);
  }

  static void awaitGauge(Listening listening, String name, DoublePredicate reached) {
    long until = System.nanoTime() + 10_000_000_000L;
    while (!reached.test(listening.metrics.get(name).gauge().value())) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  static void awaitWaiting(Listening listening, int waiting) {
    awaitWaiting(listening, "slow", waiting);
  }

  static void awaitWaiting(Listening listening, String lane, int waiting) {
    awaitLane(listening, "yaoku_lane_waiting", lane, waiting);
  }

  static void awaitLane(Listening listening, String gauge, String lane, int requests) {
    long until = System.nanoTime() + 10_000_000_000L;
    while (listening.metrics.get(gauge).tag("lane", lane).gauge().value() != requests) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  static CompletableFuture<HttpResponse<String>> post(
      Listening listening, String path, String body) {
    return CompletableFuture.supplyAsync(
        () -> listening.post(PATH + path, body), Thread::startVirtualThread);
  }
}
