package dev.yaoku.server;

import static dev.yaoku.server.LimitedServers.HEAD;
import static dev.yaoku.server.LimitedServers.PATH;
import static dev.yaoku.server.LimitedServers.awaitGauge;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a client may take to send, to read, and to say nothing. */
@Timeout(30)
class DeadlinesTest {
  private final LimitedServers servers = new LimitedServers();

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void aBodyThatNeverComesBehindARefusalIsNotAnsweredTwice() throws IOException {
    try (RawClient client = servers.with("limits.request-deadline", "200ms").raw()) {
      client.send(HEAD.replace("echo", "nothing") + "Content-Length: 1000\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 404 ");
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void theDeadlineOfARequestEndsWithIt() throws Exception {
    try (RawClient client = servers.with("limits.request-deadline", "300ms").raw()) {
      client.send(HEAD.replace("alice", "gone-alice") + "Content-Length: 0\r\n\r\n");
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 401 ");
      assertThat(client.saysNothingFor(600)).isTrue();
      assertThat(client.send(HEAD + "Content-Length: 0\r\n\r\n").readAnswer()).contains(" 200 ");
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
    try (RawClient client = servers.with("limits.request-deadline", "200ms").raw()) {
      assertThat(client.send(start).readToEnd()).startsWith("HTTP/1.1 408 ").contains("TooSlow");
    }
  }

  @Test
  void aBodyThatDoesNotEndIsCut() throws IOException {
    try (RawClient client = servers.with("limits.request-deadline", "200ms").raw()) {
      client.send(HEAD + "Content-Length: 100\r\n\r\nabc");
      assertThat(client.readToEnd()).startsWith("HTTP/1.1 408 ").contains("TooSlow");
    }
  }

  @Test
  void theDeadlineCountsFromTheFirstByteHoweverManyFollow() throws IOException {
    try (RawClient client = servers.with("limits.request-deadline", "300ms").raw()) {
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
    Listening listening = servers.with("limits.idle-deadline", "1s");
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
    Listening listening = servers.with("limits.answer-deadline", "200ms");
    try (RawClient client = listening.raw()) {
      awaitGauge(listening, 1);
      client.send("GET " + PATH + "much HTTP/1.1\r\nHost: a\r\nX-Auth-Token: alice\r\n\r\n");
      awaitGauge(listening, 0);
      assertThat(client.readToEnd().length()).isLessThan(32 << 20);
    }
  }
}
