package dev.yaoku.server;

import static dev.yaoku.server.LimitedServers.PATH;
import static dev.yaoku.server.LimitedServers.awaitWaiting;
import static dev.yaoku.server.LimitedServers.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many requests may be under way and wait, in each lane. */
@Timeout(30)
class LaneLimitsTest {
  private final LimitedServers servers = new LimitedServers();

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void requestsInFlightAreLimited() throws Exception {
    Listening listening = servers.with("lanes.fast-in-flight", "1");
    CompletableFuture<HttpResponse<String>> waiting = post(listening, "wait", "a");
    servers.entered.acquire();

    assertThat(listening.post(PATH + "echo", "b").statusCode()).isEqualTo(503);

    servers.release.countDown();
    assertThat(waiting.get().body()).isEqualTo("\"a\"");
    assertThat(listening.post(PATH + "echo", "c").statusCode()).isEqualTo(200);
  }

  @Test
  void whetherTheServerLivesIsSaidWhileTooManyRequestsAreUnderWay() throws Exception {
    Listening listening = servers.with("lanes.fast-in-flight", "1");
    CompletableFuture<HttpResponse<String>> waiting = post(listening, "wait", "a");
    servers.entered.acquire();

    assertThat(listening.get("/health/live").statusCode()).isEqualTo(200);
    assertThat(listening.get("/health/ready").body()).contains("Overloaded");

    servers.release.countDown();
    assertThat(waiting.get().statusCode()).isEqualTo(200);
  }

  @Test
  void theSlowLaneRunsSoManyAndLetsSoManyWait() throws Exception {
    Listening listening =
        servers.with(
            "lanes.slow-running",
            "2",
            "lanes.slow-waiting",
            "8",
            "lanes.slow-waiting-per-project",
            "1");
    CompletableFuture<HttpResponse<String>> running = post(listening, "wait", "a");
    CompletableFuture<HttpResponse<String>> other = post(listening, "wait", "b");
    servers.entered.acquire(2);
    CompletableFuture<HttpResponse<String>> waiting = post(listening, "wait", "c");
    awaitWaiting(listening, 1);

    assertThat(listening.post(PATH + "wait", "d").statusCode()).isEqualTo(429);
    assertThat(listening.post(PATH + "echo", "e").statusCode()).isEqualTo(200);

    servers.release.countDown();
    assertThat(running.get().body()).isEqualTo("\"a\"");
    assertThat(other.get().body()).isEqualTo("\"b\"");
    assertThat(waiting.get().body()).isEqualTo("\"c\"");
  }

  @Test
  void noMoreWaitForTheSlowLaneThanTheLimitWhoseverTheyAre() throws Exception {
    Listening listening = servers.with("lanes.slow-running", "1", "lanes.slow-waiting", "1");
    CompletableFuture<HttpResponse<String>> running = post(listening, "wait", "a");
    servers.entered.acquire();
    CompletableFuture<HttpResponse<String>> waiting = post(listening, "wait", "b");
    awaitWaiting(listening, 1);

    HttpResponse<String> refused = listening.post(PATH + "wait", "c");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.body()).contains("Overloaded");
    assertThat(listening.post(PATH + "echo", "d").statusCode()).isEqualTo(200);

    servers.release.countDown();
    assertThat(running.get().body()).isEqualTo("\"a\"");
    assertThat(waiting.get().body()).isEqualTo("\"b\"");
  }

  /** SECURITY_DESIGN H9: strangers have a lane of their own, and each source a share of it. */
  @Test
  void whoProvedNothingWaitsInALaneOfHisOwn() throws Exception {
    Listening listening =
        servers.with("lanes.unproved-running", "1", "lanes.unproved-waiting", "4");
    CompletableFuture<HttpResponse<String>> running = open(listening, "127.0.0.11");
    servers.entered.acquire();
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
    servers.entered.acquire();

    servers.release.countDown();
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
}
