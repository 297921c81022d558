package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static dev.yaoku.server.Listening.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

@Timeout(60)
class AuditBeforeAnswerTest {
  private static final String PATH = "/v1.0/" + PROJECT + "/kms/";

  private final Listening listening =
      Listening.with(
          List.of(
              route("POST", "/v1.0/{project_id}/kms/echo", Route.Lane.FAST, Listening::echo),
              route("POST", "/v1.0/{project_id}/kms/slow", Route.Lane.SLOW, Listening::echo),
              route("POST", "/v1.0/{project_id}/kms/change", Route.Lane.SLOW, this::change),
              route("POST", "/v1.0/{project_id}/kms/refuse", Route.Lane.FAST, _ -> refuse())),
          "listen.event-loops",
          "1",
          "audit.refusals-in-full",
          "3");

  private Answer change(Exchange exchange) {
    exchange.proved().audit().markRecorded();
    return Listening.echo(exchange);
  }

  private static Answer refuse() {
    throw new KmsException(new Problem.NotAllowed("kms:x"));
  }

  @AfterEach
  void stop() {
    listening.close();
  }

  private CompletableFuture<HttpResponse<String>> post(String path) {
    return CompletableFuture.supplyAsync(
        () -> listening.post(PATH + path, "x"), Thread::startVirtualThread);
  }

  @Test
  void theAnswerLeavesWhenItsEventIsDurable() throws Exception {
    listening.store.hold();
    CompletableFuture<HttpResponse<String>> fast = post("echo");
    CompletableFuture<HttpResponse<String>> slow = post("slow");

    assertThatThrownBy(() -> fast.get(200, TimeUnit.MILLISECONDS))
        .isInstanceOf(TimeoutException.class);
    assertThat(slow).isNotDone();

    listening.store.release();
    String id = fast.get().headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(slow.get().statusCode()).isEqualTo(200);
    assertThat(listening.store.entries()).hasSize(2).anyMatch(entry -> entry.contains(id));
  }

  @Test
  void aRefusalOfAProvedCallerIsRecordedToo() {
    HttpResponse<String> refused = listening.post(PATH + "refuse", "x");
    HttpResponse<String> foreign = listening.post("/v1.0/other/kms/echo", "x");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(listening.store.entries())
        .hasSize(2)
        .anyMatch(entry ->
            entry.contains("\"code\":403")
                && entry.contains("\"error_code\":\"NotAllowed\"")
                && entry.contains("\"user_id\":\"alice\""))
        .anyMatch(entry ->
            entry.contains("ProjectMismatch")
                && entry.contains(foreign.headers().firstValue("X-Request-Id").orElseThrow()));
  }

  @Test
  void aChangeThatRecordedItselfIsNotRecordedTwice() {
    assertThat(listening.post(PATH + "change", "x").statusCode()).isEqualTo(200);
    assertThat(listening.store.entries()).isEmpty();
  }

  @Test
  void withoutALogThereIsNoAnswer() {
    listening.store.breakNow();

    HttpResponse<String> answer = listening.post(PATH + "echo", "secret");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body()).contains("StoreUnavailable").doesNotContain("secret");
  }

  @Test
  void eventsOfOneTurnGoToTheStoreTogether() throws IOException {
    List<RawClient> clients = new ArrayList<>();
    String request =
        "POST "
            + PATH
            + "echo HTTP/1.1\r\nHost: a\r\nX-Auth-Token: alice\r\nContent-Length: 1\r\n\r\nx";
    for (int i = 0; i < 50; i++) {
      clients.add(listening.raw());
    }
    for (int round = 0; round < 20; round++) {
      for (RawClient client : clients) {
        client.send(request);
      }
      for (RawClient client : clients) {
        assertThat(client.readAnswer()).contains(" 200 ");
      }
    }
    for (RawClient client : clients) {
      client.close();
    }
    assertThat(listening.store.batches().stream().mapToInt(Integer::intValue).sum())
        .isEqualTo(1000);
    assertThat(listening.store.batches()).hasSizeLessThan(1000);
  }

  @Test
  void refusalsBeyondARateAreSummedUp() {
    for (int i = 0; i < 60; i++) {
      assertThat(listening.post(PATH + "refuse", "x").statusCode()).isEqualTo(403);
    }
    List<String> entries = awaitSummary("refusedRequests");

    assertThat(entries.stream().filter(entry -> entry.contains("\"trace_name\":\"test\"")))
        .hasSizeBetween(3, 30);
    assertThat(entries)
        .anyMatch(entry ->
            entry.contains("refusedRequests")
                && entry.contains("\"domain_id\":\"account\"")
                && entry.contains("NotAllowed"));
  }

  /** What is answered leaves its trace: in full, or in a summary, however late that is. */
  @Test
  void refusalsAreSummedUpLaterWhereTheirSummaryIsLost() {
    try (CapturedLog captured = new CapturedLog()) {
      listening.store.breakNow();
      long counted = 0;
      for (int i = 0; i < 60; i++) {
        counted += listening.post(PATH + "refuse", "x").statusCode() == 403 ? 1 : 0;
      }
      assertThat(counted).isPositive();
      int failed = listening.store.failures();
      await(() -> listening.store.failures() >= failed + 3);
      listening.store.mend();
      awaitSummary("refusedRequests");

      long all = counted;
      await(() -> summedUp() == all);
      assertThat(captured.text())
          .containsOnlyOnce("Recording summaries of refused requests failed; it is tried again")
          .doesNotContain("\tat ");
    }
  }

  /** How many refusals the summaries tell of. */
  private long summedUp() {
    return listening.store.entries().stream()
        .map(entry -> JsonMapper.shared().readTree(entry))
        .filter(event -> event.at("/trace_name").asString("").equals("refusedRequests"))
        .mapToLong(event -> Long.parseLong(event.at("/resource_name").asString("")))
        .sum();
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(until);
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void whileTheStoreTakesNoEventsNoRefusalIsOnlyCounted() {
    listening.store.breakNow();
    listening.store.writable = false;
    for (int i = 0; i < 20; i++) {
      assertThat(listening.post(PATH + "refuse", "x").statusCode()).isEqualTo(503);
    }
  }

  private List<String> awaitSummary(String trace) {
    long until = System.nanoTime() + 20_000_000_000L;
    List<String> entries = listening.store.entries();
    while (entries.stream().noneMatch(entry -> entry.contains(trace))) {
      assertThat(System.nanoTime()).isLessThan(until);
      java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
      entries = listening.store.entries();
    }
    return entries;
  }

  /** SECURITY_DESIGN H10. */
  @Test
  void aHundredThousandStrangersLeaveASummaryASecond() throws Exception {
    long from = System.nanoTime();
    List<Thread> strangers = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      strangers.add(Thread.startVirtualThread(this::knockTenThousandTimes));
    }
    for (int i = 0; i < 20; i++) {
      assertThat(listening.post(PATH + "echo", "x").statusCode()).isEqualTo(200);
    }
    for (Thread stranger : strangers) {
      stranger.join();
    }
    long seconds = (System.nanoTime() - from) / 1_000_000_000L;
    List<String> entries = awaitSummary("unprovedRequests");

    long summaries = entries.stream().filter(e -> e.contains("unprovedRequests")).count();
    assertThat(summaries).isBetween(1L, seconds + 2);
    assertThat(entries).hasSize((int) summaries + 20);
    assertThat(entries).anyMatch(e -> e.contains("NoCredentials 127.0.0.0/24"));
    assertThat(listening.store.bytes()).isLessThan(1 << 20);
  }

  private void knockTenThousandTimes() {
    String request = "POST " + PATH + "echo HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n";
    try (RawClient client = listening.raw()) {
      for (int i = 0; i < 200; i++) {
        client.send(request.repeat(50));
        for (int k = 0; k < 50; k++) {
          assertThat(client.readAnswer()).contains(" 401 ");
        }
      }
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    }
  }
}
