package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static dev.yaoku.server.Listening.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Health, metrics, secrets in buffers, and stopping. */
@Timeout(30)
class OperationTest {
  private static final String PATH = "/v1.0/" + PROJECT + "/kms/";

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private final AtomicReference<Exchange> exchange = new AtomicReference<>();
  private final AtomicReference<Answer> answer = new AtomicReference<>();

  private final Listening listening =
      Listening.with(
          List.of(
              route("POST", "/v1.0/{project_id}/kms/echo", Route.Lane.FAST, this::echo),
              route("POST", "/v1.0/{project_id}/kms/wait", Route.Lane.SLOW, this::await),
              new Route(
                  "Secret",
                  "POST",
                  "/v1.0/{project_id}/kms/secret",
                  Route.Entry.PROVED,
                  Route.Lane.FAST,
                  1024,
                  true,
                  Listening.DIALECT,
                  this::echo)));

  private Answer echo(Exchange asked) {
    exchange.set(asked);
    answer.set(Listening.echo(asked));
    return answer.get();
  }

  private Answer await(Exchange asked) {
    entered.countDown();
    try {
      release.await();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    return Listening.echo(asked);
  }

  @AfterEach
  void stop() {
    release.countDown();
    listening.close();
  }

  private HttpResponse<String> admin(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + listening.server.adminPort() + path);
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void healthSaysOnlyReadyOrNotOnBothListeners() throws Exception {
    assertThat(listening.get("/health/live").body()).isEqualTo("{\"status\":\"ready\"}");
    assertThat(listening.get("/health/ready").statusCode()).isEqualTo(200);
    assertThat(admin("/health/ready").body()).isEqualTo("{\"status\":\"ready\"}");
    assertThat(listening.store.entries()).isEmpty();
  }

  @Test
  void aServerThatCannotWriteIsNotReadyButAlive() throws Exception {
    listening.store.writable = false;
    long until = System.nanoTime() + 10_000_000_000L;
    while (listening.get("/health/ready").statusCode() == 200) {
      assertThat(System.nanoTime()).isLessThan(until);
    }
    assertThat(listening.get("/health/ready").statusCode()).isEqualTo(503);
    assertThat(admin("/health/ready").body()).isEqualTo("{\"status\":\"not ready\"}");
    assertThat(listening.get("/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void aServerThatCannotReadIsNotReady() throws Exception {
    listening.store.readable = false;
    long until = System.nanoTime() + 10_000_000_000L;
    while (listening.get("/health/ready").statusCode() == 200) {
      assertThat(System.nanoTime()).isLessThan(until);
    }
    assertThat(admin("/health/ready").body()).isEqualTo("{\"status\":\"not ready\"}");
  }

  @Test
  void metricsCountOperationsByOutcomeAndNameNobody() throws Exception {
    listening.post(PATH + "secret", "x");
    listening.post(PATH + "secret", "forged");

    String page = admin("/metrics").body();

    assertThat(page)
        .contains("yaoku_requests_seconds_count{operation=\"Secret\",outcome=\"ok\"} 1")
        .contains("yaoku_requests_seconds_count{operation=\"Secret\",outcome=\"refused\"} 1")
        .contains("yaoku_requests_seconds_bucket{operation=\"Secret\",outcome=\"ok\",le=\"0.01\"}")
        .contains("yaoku_lane_requests{lane=\"slow\"}")
        .contains("yaoku_store_backlog")
        .contains("jvm_memory_used_bytes");
    assertThat(page).doesNotContain("alice").doesNotContain(PROJECT).doesNotContain("account");
  }

  @Test
  void metricsAreNotServedToClients() {
    assertThat(listening.get("/metrics").statusCode()).isEqualTo(404);
  }

  @Test
  void requestAndSecretAnswerAreClearedAfterwards() {
    HttpResponse<String> got = listening.post(PATH + "secret", "plaintext");

    assertThat(got.body()).isEqualTo("\"plaintext\"");
    assertThat(got.headers().firstValue("Cache-Control")).hasValue("no-store");
    // The next request of the same connection comes after the clearing.
    Exchange first = exchange.get();
    Answer sent = answer.get();
    listening.post(PATH + "echo", "x");
    assertThat(first.body()).containsOnly(0);
    assertThat(sent.body()).containsOnly(0);
  }

  @Test
  void whatIsUnderWayIsFinishedWhenTheServerStops() throws Exception {
    CompletableFuture<HttpResponse<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> listening.post(PATH + "wait", "last"), Thread::startVirtualThread);
    entered.await();
    Thread stopping = Thread.startVirtualThread(listening.server::stop);
    awaitRefusedConnection();

    release.countDown();

    assertThat(waiting.get().body()).isEqualTo("\"last\"");
    assertThat(listening.store.entries()).hasSize(1);
    stopping.join();
  }

  @Test
  void aRequestGoesOnAndIsRecordedWhenItsClientLeaves() throws Exception {
    try (RawClient client = listening.raw()) {
      client.send(
          "POST "
              + PATH
              + "wait HTTP/1.1\r\nHost: a\r\nX-Auth-Token: alice\r\nContent-Length: 0\r\n\r\n");
      entered.await();
    }
    awaitGauge("yaoku_connections", 0);
    release.countDown();
    awaitGauge("yaoku_store_backlog", 0);
    long until = System.nanoTime() + 10_000_000_000L;
    while (listening.store.entries().isEmpty()) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
    listening.post(PATH + "echo", "x");
    assertThat(fastInFlight()).isZero();
  }

  @Test
  void aClientThatLeavesInTheMiddleLeavesNothingBehind() throws Exception {
    for (String start :
        List.of(
            "POST /v1",
            "POST "
                + PATH
                + "echo HTTP/1.1\r\nHost: a\r\n"
                + "X-Auth-Token: alice\r\nContent-Length: 10\r\n\r\nabc")) {
      try (RawClient client = listening.raw()) {
        client.send(start);
        awaitGauge("yaoku_connections", 1);
      }
      awaitGauge("yaoku_connections", 0);
    }
    long until = System.nanoTime() + 10_000_000_000L;
    while (fastInFlight() != 0) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private double fastInFlight() {
    return listening.metrics.get("yaoku_lane_requests").tag("lane", "fast").gauge().value();
  }

  private void awaitGauge(String name, double value) {
    long until = System.nanoTime() + 10_000_000_000L;
    while (listening.metrics.get(name).gauge().value() != value) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private void awaitRefusedConnection() throws IOException {
    long until = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < until) {
      try (RawClient _ = listening.raw()) {
        Thread.onSpinWait();
      } catch (ConnectException closed) {
        return;
      } catch (SocketException caughtByTheClosing) {
        // The kernel had taken the connection that nobody took from it any more.
        Thread.onSpinWait();
      }
    }
    throw new AssertionError("still listening");
  }

  @Test
  void twoServersCannotListenOnOneAddress() {
    String address = "127.0.0.1:" + listening.server.port();
    assertThatThrownBy(() -> Listening.with("listen.address", address))
        .hasMessageContaining("listen.address " + address)
        .hasMessageContaining("in use");
  }
}
