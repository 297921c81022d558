package dev.yaoku.server;

import static dev.yaoku.server.LimitedServers.LONG;
import static dev.yaoku.server.LimitedServers.PATH;
import static dev.yaoku.server.LimitedServers.awaitGauge;
import static dev.yaoku.server.LimitedServers.awaitLane;
import static dev.yaoku.server.LimitedServers.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients together may make the server hold. */
@Timeout(30)
class HeldBytesTest {
  private final LimitedServers servers = new LimitedServers();

  @AfterEach
  void stop() {
    servers.close();
  }

  /** Who sends heads and bodies that never end must not take the memory of all. */
  @Test
  void whatArrivesOfAllRequestsTogetherIsLimited() throws IOException {
    Listening listening = servers.with("limits.unanswered-bytes", "40KiB");
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
    Listening listening = servers.with("limits.unanswered-bytes", "40KiB");
    String held = "yaoku_requests_held_bytes";
    try (RawClient client = listening.raw()) {
      client.send(LONG + "Content-Length: 16384\r\n\r\n" + "a".repeat(16_000));
      awaitGauge(listening, held, value -> value > 16_000);
    }
    awaitGauge(listening, held, value -> value == 0);
  }

  @Test
  void longAnswersThatNobodyReadsAreLimited() throws IOException {
    Listening listening = servers.with("limits.unread-bytes", "64MiB");
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

  @Test
  void whatTakesMuchOfTheHeapIsMadeOneAfterTheOther() throws Exception {
    Listening listening = servers.with();
    List<CompletableFuture<HttpResponse<String>>> both =
        List.of(post(listening, "heavy", "a"), post(listening, "heavy", "a"));
    servers.entered.acquire();
    awaitLane(listening, "yaoku_lane_requests", "slow", 2);
    assertThat(servers.entered.availablePermits()).as("the other waits").isZero();
    CompletableFuture<HttpResponse<String>> light = post(listening, "wait", "b");
    servers.entered.acquire();

    servers.release.countDown();
    assertThat(light.get().body()).isEqualTo("\"b\"");
    for (CompletableFuture<HttpResponse<String>> one : both) {
      assertThat(one.get().body()).isEqualTo("\"a\"");
    }
  }
}
