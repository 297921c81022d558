package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static dev.yaoku.server.Listening.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests that come in one turn of an event loop: between the steps of one are those of others.
 */
@Timeout(60)
class StepsOfATurnTest {
  private static final String PATH = "/v1.0/" + PROJECT + "/";

  private final CountDownLatch busy = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private volatile boolean ends;

  private final Listening listening =
      Listening.with(
          List.of(
              route("POST", "/v1.0/{project_id}/wait", Route.Lane.FAST, this::holdTheLoop),
              route("POST", "/v1.0/{project_id}/first", Route.Lane.FAST, this::first),
              route("POST", "/v1.0/{project_id}/second", Route.Lane.FAST, Listening::echo)),
          "listen.event-loops",
          "1");

  @AfterEach
  void stop() {
    goOn.countDown();
    listening.close();
  }

  private Answer holdTheLoop(Exchange exchange) {
    busy.countDown();
    try {
      assertThat(goOn.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    return Listening.echo(exchange);
  }

  /** Its step is after the proof of the second, and before the second's own. */
  private Answer first(Exchange exchange) {
    listening.ended.add("bob");
    if (ends) {
      listening.store.view = 1;
    }
    return Listening.echo(exchange);
  }

  @Test
  void whoWasProvedBeforeWhatIsInMemoryCountsNoMoreProvesAgain() throws IOException {
    ends = true;
    assertThat(secondOfTwo()).startsWith("HTTP/1.1 401");
  }

  @Test
  void whoWasProvedWithWhatStillCountsIsServed() throws IOException {
    ends = false;
    assertThat(secondOfTwo()).startsWith("HTTP/1.1 200");
  }

  /** The answer to the second of two requests that come in one turn, in this order. */
  private String secondOfTwo() throws IOException {
    try (RawClient holding = listening.raw();
        RawClient one = listening.raw();
        RawClient two = listening.raw()) {
      one.send(post("second", "alice"));
      assertThat(one.readAnswer()).startsWith("HTTP/1.1 200");
      two.send(post("second", "alice"));
      assertThat(two.readAnswer()).startsWith("HTTP/1.1 200");

      holding.send(post("wait", "alice"));
      busy.await();
      one.send(post("first", "alice"));
      two.send(post("second", "bob"));
      goOn.countDown();
      assertThat(one.readAnswer()).startsWith("HTTP/1.1 200");
      return two.readAnswer();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static String post(String call, String token) {
    return "POST %s%s HTTP/1.1\r\nHost: x\r\nX-Auth-Token: %s\r\nContent-Length: 2\r\n\r\n{}"
        .formatted(PATH, call, token);
  }
}
