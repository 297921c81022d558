package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static dev.yaoku.server.Listening.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.DoublePredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every limit, exceeded. */
@Timeout(30)
class LimitsTest {
  private static final String PATH = "/v1.0/" + PROJECT + "/kms/";
  private static final String HEAD =
      "POST " + PATH + "echo HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: alice\r\n";

  private static final String LONG = HEAD.replace("/kms/echo", "/kms/long");

  private final CountDownLatch release = new CountDownLatch(1);
  private final Semaphore entered = new Semaphore(0);
  private final List<Listening> started = new ArrayList<>();

  private Listening with(String... settings) {
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

  @AfterEach
  void stop() {
    release.countDown();
    started.forEach(Listening::close);
  }

  @Test
  void aRequestLineThatIsTooLongIsRefused() throws IOException {
    try (RawClient client = with("limits.uri-bytes", "1KiB").raw()) {
      String answer = client.send("GET /" + "a".repeat(1100) + " HTTP/1.1\r\n\r\n").readToEnd();
      assertThat(answer).startsWith("HTTP/1.1 414 ").contains("UriTooLong");
    }
  }

  @Test
  void headersThatAreTooLongAreRefused() throws IOException {
    try (RawClient client = with("limits.header-bytes", "1KiB").raw()) {
      String answer = client.send(HEAD + "X-A: " + "a".repeat(1100) + "\r\n\r\n").readToEnd();
      assertThat(answer).startsWith("HTTP/1.1 414 ").contains("UriTooLong");
    }
  }

  @Test
  void tooManyHeadersAreRefused() throws IOException {
    try (RawClient client = with("limits.header-count", "8").raw()) {
      String answer = client.send(HEAD + "X-A: a\r\n".repeat(7) + "\r\n").readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 414 ").contains("UriTooLong");
    }
  }

  @Test
  void aBodyThatSaysItIsTooLongIsRefusedUnread() throws IOException {
    try (RawClient client = with().raw()) {
      String answer = client.send(HEAD + "Content-Length: 1025\r\n\r\n").readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 413 ").contains("BodyTooLong");
    }
  }

  @Test
  void aChunkedBodyThatGrowsTooLongIsRefusedAndTheConnectionEnds() throws IOException {
    try (RawClient client = with().raw()) {
      client.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 3; i++) {
        client.send("200\r\n" + "x".repeat(512) + "\r\n");
      }
      client.send("0\r\n\r\n");
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 413 ").contains("BodyTooLong");
    }
  }

  @Test
  void aBodyThatSaysItIsFarTooLongIsNotReadAtAll() throws IOException {
    Listening listening = with();
    try (RawClient client = listening.raw()) {
      String answer = client.send(HEAD + "Content-Length: 100000000\r\n\r\n").readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 413 ").contains("onnection: close");
      client.send("x".repeat(64 << 10));
      assertThat(client.readToEnd()).isEmpty();
    }
    awaitGauge(listening, 0);
  }

  @Test
  void aFarTooLongBodyOfNobodyIsNotReadEither() throws IOException {
    try (RawClient client = with().raw()) {
      String head = "POST " + PATH + "nothing HTTP/1.1\r\nHost: localhost\r\n";
      String answer = client.send(head + "Content-Length: 100000000\r\n\r\n").readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 404 ").contains("onnection: close");
      client.send("x".repeat(64 << 10));
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void aFarTooLongBodyBehindARequestThatWaitsIsNotReadEither() throws IOException {
    try (RawClient client = with().raw()) {
      client.send(HEAD.replace("alice", "cold-alice") + "Content-Length: 0\r\n\r\n");
      client.send(HEAD.replace("echo", "nothing") + "Content-Length: 10000000000\r\n\r\n");
      assertThat(megabytesTaken(client, "x".repeat(1 << 20))).isLessThan(64);
    }
  }

  @Test
  void whatIsAroundABodyIsNotReadForEver() throws IOException {
    String chunk = "1;" + "e".repeat(8_000) + "\r\nx\r\n";
    try (RawClient client = with().raw()) {
      client.send(HEAD.replace("echo", "nothing") + "Transfer-Encoding: chunked\r\n\r\n");
      assertThat(megabytesTaken(client, chunk.repeat(130))).isLessThan(64);
    }
  }

  private static int megabytesTaken(RawClient client, String megabyte) {
    int taken = 0;
    try {
      while (taken < 200) {
        client.send(megabyte);
        taken++;
      }
    } catch (IOException cut) {
      return taken;
    }
    return taken;
  }

  @Test
  void aBodyOfBytesInChunksOfTheirOwnIsTaken() throws IOException {
    try (RawClient client = with().raw()) {
      client.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
      client.send("1\r\nx\r\n".repeat(1024) + "0\r\n\r\n");
      assertThat(client.readAnswer()).contains(" 200 ");
    }
  }

  @Test
  void aBodyThatNeverComesBehindARefusalIsNotAnsweredTwice() throws IOException {
    try (RawClient client = with("limits.request-deadline", "200ms").raw()) {
      client.send(HEAD.replace("echo", "nothing") + "Content-Length: 1000\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404 ");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void theDeadlineOfARequestEndsWithIt() throws Exception {
    try (RawClient client = with("limits.request-deadline", "300ms").raw()) {
      client.send(HEAD.replace("alice", "gone-alice") + "Content-Length: 0\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 401 ");
      assertThat(client.saysNothingFor(600)).isTrue();
      assertThat(client.send(HEAD + "Content-Length: 0\r\n\r\n").readAnswer()).contains(" 200 ");
    }
  }

  @Test
  void whoSendsAFarTooLongBodyBeforeReadingSeesTheAnswer() throws IOException {
    try (RawClient client = with().raw()) {
      client.send(HEAD + "Content-Length: 524288\r\n\r\n" + "x".repeat(512 << 10));
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 413 ").contains("BodyTooLong");
    }
  }

  @Test
  void aRefusedBodyIsNotReadForEver() throws IOException {
    try (RawClient client = with().raw()) {
      client.send(HEAD + "Content-Length: 100000000\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 413 ");
      String megabyte = "x".repeat(1 << 20);
      boolean cut = false;
      for (int i = 0; i < 100 && !cut; i++) {
        try {
          client.send(megabyte);
        } catch (IOException gone) {
          cut = true;
        }
      }
      assertThat(cut).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "P",
        "POST /v1.0/x HTTP/1.1\r\nHost: a\r\nX-Auth",
        HEAD,
      })
  void aHeadThatDoesNotEndIsCut(String start) throws IOException {
    try (RawClient client = with("limits.request-deadline", "200ms").raw()) {
      assertThat(client.send(start).readToEnd()).startsWith("HTTP/1.1 408 ").contains("TooSlow");
    }
  }

  @Test
  void aBodyThatDoesNotEndIsCut() throws IOException {
    try (RawClient client = with("limits.request-deadline", "200ms").raw()) {
      client.send(HEAD + "Content-Length: 100\r\n\r\nabc");
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ").contains("TooSlow");
    }
  }

  @Test
  void theDeadlineCountsFromTheFirstByteHoweverManyFollow() throws IOException {
    try (RawClient client = with("limits.request-deadline", "300ms").raw()) {
      client.send(HEAD + "Content-Length: 1000\r\n\r\n");
      boolean cut = false;
      long until = System.nanoTime() + 10_000_000_000L;
      while (!cut && System.nanoTime() < until) {
        try {
          cut = !client.saysNothingFor(20);
          client.send("x");
        } catch (IOException gone) {
          cut = true;
        }
      }
      assertThat(cut).isTrue();
    }
  }

  @Test
  void anIdleConnectionIsClosed() throws IOException {
    Listening listening = with("limits.idle-deadline", "200ms");
    try (RawClient fresh = listening.raw();
        RawClient used = listening.raw()) {
      used.send(HEAD + "Content-Length: 0\r\n\r\n");
      assertThat(used.readAnswer()).contains(" 200 ");
      assertThat(used.readToEnd()).isEmpty();
      assertThat(fresh.readToEnd()).isEmpty();
    }
  }

  @Test
  void aClientThatDoesNotReadItsAnswerIsCut() throws IOException {
    Listening listening = with("limits.answer-deadline", "200ms");
    try (RawClient client = listening.raw()) {
      client.send("GET " + PATH + "much HTTP/1.1\r\nHost: a\r\nX-Auth-Token: alice\r\n\r\n");
      awaitGauge(listening, 1);
      awaitGauge(listening, 0);
      assertThat(client.readToEnd().length()).isLessThan(32 << 20);
    }
  }

  /** Who sends heads and bodies that never end must not take the memory of all. */
  @Test
  void whatArrivesOfAllRequestsTogetherIsLimited() throws IOException {
    Listening listening = with("limits.unanswered-bytes", "40KiB");
    String held = "yaoku_requests_held_bytes";
    try (RawClient first = listening.raw();
        RawClient second = listening.raw();
        RawClient third = listening.raw()) {
      first.send(LONG + "Content-Length: 16384\r\n\r\n" + "a".repeat(16_000));
      awaitGauge(listening, held, value -> value > 16_000);

      second.send(LONG + "Content-Length: 8000\r\n\r\n" + "b".repeat(7_000));
      assertThat(second.readToEnd()).startsWith("HTTP/1.1 503 ").contains("Overloaded");
      third.send("POST / HTTP/1.1\r\nHost: a\r\nX: " + "c".repeat(8_000));
      assertThat(third.readToEnd())
          .startsWith("HTTP/1.1 503 ")
          .contains("Content-Type: application/json", "X-Request-Id: ", "Overloaded");

      first.send("a".repeat(384));
      assertThat(first.readAnswer()).contains(" 200 ", "a".repeat(16_384));
      awaitGauge(listening, held, value -> value == 0);
    }
    try (RawClient later = listening.raw()) {
      later.send(LONG + "Content-Length: 16384\r\n\r\n" + "d".repeat(16_384));
      assertThat(later.readAnswer()).contains(" 200 ");
    }
  }

  @Test
  void requestsThatAreCutGiveTheirRoomBack() throws IOException {
    Listening listening = with("limits.unanswered-bytes", "40KiB");
    String held = "yaoku_requests_held_bytes";
    try (RawClient client = listening.raw()) {
      client.send(LONG + "Content-Length: 16384\r\n\r\n" + "a".repeat(16_000));
      awaitGauge(listening, held, value -> value > 16_000);
    }
    awaitGauge(listening, held, value -> value == 0);
  }

  @Test
  void whatTakesMuchOfTheHeapIsMadeOneAfterTheOther() throws Exception {
    Listening listening = with();
    List<CompletableFuture<HttpResponse<String>>> both =
        List.of(post(listening, "heavy", "a"), post(listening, "heavy", "a"));
    entered.acquire();
    awaitLane(listening, "yaoku_lane_requests", "slow", 2);
    assertThat(entered.availablePermits()).as("the other waits").isZero();
    CompletableFuture<HttpResponse<String>> light = post(listening, "wait", "b");
    entered.acquire();

    release.countDown();
    assertThat(light.get().body()).isEqualTo("\"b\"");
    for (CompletableFuture<HttpResponse<String>> one : both) {
      assertThat(one.get().body()).isEqualTo("\"a\"");
    }
  }

  @Test
  void longAnswersThatNobodyReadsAreLimited() throws IOException {
    Listening listening = with("limits.unread-bytes", "64MiB");
    String held = "yaoku_answers_held_bytes";
    String get = "GET " + PATH + "much HTTP/1.1\r\nHost: a\r\nX-Auth-Token: alice\r\n\r\n";
    try (RawClient first = listening.raw();
        RawClient second = listening.raw()) {
      first.send(get);
      awaitGauge(listening, held, value -> value == 32 << 20);
      second.send(get);
      assertThat(second.readAnswer()).startsWith("HTTP/1.1 503 ").contains("Overloaded");
    }
    awaitGauge(listening, held, value -> value == 0);
    try (RawClient later = listening.raw()) {
      later.send(get);
      assertThat(later.readAnswer()).contains(" 200 ");
    }
    awaitGauge(listening, held, value -> value == 0);
  }

  private static void awaitGauge(Listening listening, int connections) {
    awaitGauge(listening, "yaoku_connections", value -> value == connections);
  }

  private static void awaitGauge(Listening listening, String name, DoublePredicate reached) {
    long until = System.nanoTime() + 10_000_000_000L;
    while (!reached.test(listening.metrics.get(name).gauge().value())) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  @Test
  void connectionsBeyondTheLimitAreToldSoAndClosed() throws IOException {
    Listening listening = with("limits.connections", "2");
    try (RawClient first = listening.raw();
        RawClient second = listening.raw()) {
      awaitGauge(listening, 2);
      try (RawClient third = listening.raw()) {
        String answer = third.send(HEAD + "Content-Length: 0\r\n\r\n").readToEnd();
        assertThat(answer).startsWith("HTTP/1.1 503 ").contains("Overloaded");
      }
      assertThat(first.send(HEAD + "Content-Length: 0\r\n\r\n").readAnswer()).contains(" 200 ");
      assertThat(second.send(HEAD + "Content-Length: 0\r\n\r\n").readAnswer()).contains(" 200 ");
    }
  }

  @Test
  void connectionsOfOneSourceAreLimited() throws IOException {
    Listening listening = with("limits.connections-per-source", "1");
    try (RawClient first = listening.raw()) {
      awaitGauge(listening, 1);
      try (RawClient second = listening.raw()) {
        String answer = second.send(HEAD + "Content-Length: 0\r\n\r\n").readToEnd();
        assertThat(answer).startsWith("HTTP/1.1 429 ").contains("Throttled");
      }
      assertThat(first.send(HEAD + "Content-Length: 0\r\n\r\n").readAnswer()).contains(" 200 ");
    }
  }

  @Test
  void connectionsFarBeyondTheLimitAreClosedUnheard() throws IOException {
    Listening listening = with("limits.connections", "1");
    List<RawClient> many = new ArrayList<>();
    try {
      for (int i = 0; i < 65; i++) {
        many.add(listening.raw());
      }
      awaitGauge(listening, 65);
      try (RawClient last = listening.raw()) {
        assertThat(last.readToEnd()).isEmpty();
      }
    } finally {
      for (RawClient client : many) {
        client.close();
      }
    }
  }

  @Test
  void requestsInFlightAreLimited() throws Exception {
    Listening listening = with("lanes.fast-in-flight", "1");
    CompletableFuture<HttpResponse<String>> waiting = post(listening, "wait", "a");
    entered.acquire();

    assertThat(listening.post(PATH + "echo", "b").statusCode()).isEqualTo(503);

    release.countDown();
    assertThat(waiting.get().body()).isEqualTo("\"a\"");
    assertThat(listening.post(PATH + "echo", "c").statusCode()).isEqualTo(200);
  }

  private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

  /** Whoever watches over a server would end one that is healthy and has too many visitors. */
  @ParameterizedTest
  @ValueSource(strings = {"limits.connections", "limits.connections-per-source"})
  void whetherTheServerLivesIsSaidOnConnectionsBeyondTheLimitToo(String limit) throws IOException {
    Listening listening = with(limit, "1");
    try (RawClient first = listening.raw()) {
      awaitGauge(listening, 1);
      try (RawClient second = listening.raw()) {
        assertThat(second.send(LIVE).readToEnd()).as("and closed").startsWith("HTTP/1.1 200 ");
      }
      for (String other :
          List.of(
              LIVE.replace("live", "ready"),
              LIVE.replace("GET", "POST"),
              LIVE.replace("/l", "/"))) {
        try (RawClient another = listening.raw()) {
          assertThat(another.send(other).readToEnd()).containsPattern("^HTTP/1.1 (503|429) ");
        }
      }
      assertThat(first.send(LIVE).readAnswer()).contains(" 200 ");
      assertThat(first.send(LIVE).readAnswer()).contains(" 200 ");
    }
  }

  @Test
  void whetherTheServerLivesIsSaidWhileTooManyRequestsAreUnderWay() throws Exception {
    Listening listening = with("lanes.fast-in-flight", "1");
    CompletableFuture<HttpResponse<String>> waiting = post(listening, "wait", "a");
    entered.acquire();

    assertThat(listening.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(listening.get("/health/ready").body()).contains("Overloaded");

    release.countDown();
    assertThat(waiting.get().statusCode()).isEqualTo(200);
  }

  @Test
  void theSlowLaneRunsSoManyAndLetsSoManyWait() throws Exception {
    Listening listening =
        with(
            "lanes.slow-running",
            "2",
            "lanes.slow-waiting",
            "8",
            "lanes.slow-waiting-per-project",
            "1");
    CompletableFuture<HttpResponse<String>> running = post(listening, "wait", "a");
    CompletableFuture<HttpResponse<String>> other = post(listening, "wait", "b");
    entered.acquire(2);
    CompletableFuture<HttpResponse<String>> waiting = post(listening, "wait", "c");
    awaitWaiting(listening, 1);

    assertThat(listening.post(PATH + "wait", "d").statusCode()).isEqualTo(429);
    assertThat(listening.post(PATH + "echo", "e").statusCode()).isEqualTo(200);

    release.countDown();
    assertThat(running.get().body()).isEqualTo("\"a\"");
    assertThat(other.get().body()).isEqualTo("\"b\"");
    assertThat(waiting.get().body()).isEqualTo("\"c\"");
  }

  @Test
  void noMoreWaitForTheSlowLaneThanTheLimitWhoseverTheyAre() throws Exception {
    Listening listening = with("lanes.slow-running", "1", "lanes.slow-waiting", "1");
    CompletableFuture<HttpResponse<String>> running = post(listening, "wait", "a");
    entered.acquire();
    CompletableFuture<HttpResponse<String>> waiting = post(listening, "wait", "b");
    awaitWaiting(listening, 1);

    HttpResponse<String> refused = listening.post(PATH + "wait", "c");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("Overloaded");
    assertThat(listening.post(PATH + "echo", "d").statusCode()).isEqualTo(200);

    release.countDown();
    assertThat(running.get().body()).isEqualTo("\"a\"");
    assertThat(waiting.get().body()).isEqualTo("\"b\"");
  }

  /** SECURITY_DESIGN H9: strangers have a lane of their own, and each source a share of it. */
  @Test
  void whoProvedNothingWaitsInALaneOfHisOwn() throws Exception {
    Listening listening = with("lanes.unproved-running", "1", "lanes.unproved-waiting", "4");
    CompletableFuture<HttpResponse<String>> running = open(listening, "127.0.0.11");
    entered.acquire();
    List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
    for (int source = 11; source < 15; source++) {
      waiting.add(open(listening, "127.0.0." + source));
      awaitWaiting(listening, "unproved", waiting.size());
    }

    assertThat(open(listening, "127.0.0.12").get().statusCode())
        .as("more than its share")
        .isEqualTo(429);
    assertThat(open(listening, "127.0.0.15").get().statusCode()).as("no room").isEqualTo(503);
    assertThat(listening.post(PATH + "echo", "e").body()).isEqualTo("\"e\"");
    CompletableFuture<HttpResponse<String>> proved = post(listening, "wait", "p");
    entered.acquire();

    release.countDown();
    assertThat(proved.get().body()).isEqualTo("\"p\"");
    assertThat(running.get().statusCode()).isEqualTo(200);
    for (CompletableFuture<HttpResponse<String>> each : waiting) {
      assertThat(each.get().statusCode()).isEqualTo(200);
    }
  }

  private static CompletableFuture<HttpResponse<String>> open(Listening listening, String source) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (HttpClient client =
              HttpClient.newBuilder().localAddress(InetAddress.ofLiteral(source)).build()) {
            return client.send(
                HttpRequest.newBuilder(listening.uri("/open")).build(),
                HttpResponse.BodyHandlers.ofString());
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        Thread::startVirtualThread);
  }

  private static void awaitWaiting(Listening listening, int waiting) {
    awaitWaiting(listening, "slow", waiting);
  }

  private static void awaitWaiting(Listening listening, String lane, int waiting) {
    awaitLane(listening, "yaoku_lane_waiting", lane, waiting);
  }

  private static void awaitLane(Listening listening, String gauge, String lane, int requests) {
    long until = System.nanoTime() + 10_000_000_000L;
    while (listening.metrics.get(gauge).tag("lane", lane).gauge().value() != requests) {
      assertThat(System.nanoTime()).isLessThan(until);
      Thread.onSpinWait();
    }
  }

  private static CompletableFuture<HttpResponse<String>> post(
      Listening listening, String path, String body) {
    return CompletableFuture.supplyAsync(
        () -> listening.post(PATH + path, body), Thread::startVirtualThread);
  }
}
