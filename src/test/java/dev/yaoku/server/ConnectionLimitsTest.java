package dev.yaoku.server;

import static dev.yaoku.server.LimitedServers.HEAD;
import static dev.yaoku.server.LimitedServers.awaitGauge;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many connections there may be, and what those beyond are told. */
@Timeout(30)
class ConnectionLimitsTest {
  private final LimitedServers servers = new LimitedServers();

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void connectionsBeyondTheLimitAreToldSoAndClosed() throws IOException {
    Listening listening = servers.with("limits.connections", "2");
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
    Listening listening = servers.with("limits.connections-per-source", "1");
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
    Listening listening = servers.with("limits.connections", "1");
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

  private static final String LIVE = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

  /** Whoever watches over a server would end one that is healthy and has too many visitors. */
  @ParameterizedTest
  @ValueSource(strings = {"limits.connections", "limits.connections-per-source"})
  void whetherTheServerLivesIsSaidOnConnectionsBeyondTheLimitToo(String limit) throws IOException {
    Listening listening = servers.with(limit, "1");
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
}
