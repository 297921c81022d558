package dev.yaoku.server;

import static dev.yaoku.server.LimitedServers.HEAD;
import static dev.yaoku.server.LimitedServers.PATH;
import static dev.yaoku.server.LimitedServers.awaitGauge;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How long a request may be, and what becomes of a longer one. */
@Timeout(30)
class RequestSizesTest {
  private final LimitedServers servers = new LimitedServers();

  @AfterEach
  void stop() {
    servers.close();
  }

  @Test
  void aRequestLineThatIsTooLongIsRefused() throws IOException {
    try (RawClient client = servers.with("limits.uri-bytes", "1KiB").raw()) {
      String answer = client.send("GET /" + "a".repeat(1100) + " HTTP/1.1\r\n\r\n").readToEnd();
      assertThat(answer).startsWith("HTTP/1.1 414 ").contains("UriTooLong");
    }
  }

  @Test
  void headersThatAreTooLongAreRefused() throws IOException {
    try (RawClient client = servers.with("limits.header-bytes", "1KiB").raw()) {
      String answer = client.send(HEAD + "X-A: " + "a".repeat(1100) + "\r\n\r\n").readToEnd();
      assertThat(answer).startsWith("HTTP/1.1 414 ").contains("UriTooLong");
    }
  }

  @Test
  void tooManyHeadersAreRefused() throws IOException {
    try (RawClient client = servers.with("limits.header-count", "8").raw()) {
      String answer = client.send(HEAD + "X-A: a\r\n".repeat(7) + "\r\n").readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 414 ").contains("UriTooLong");
    }
  }

  @Test
  void aBodyThatSaysItIsTooLongIsRefusedUnread() throws IOException {
    try (RawClient client = servers.with().raw()) {
      String answer = client.send(HEAD + "Content-Length: 1025\r\n\r\n").readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 413 ").contains("BodyTooLong");
    }
  }

  @Test
  void aChunkedBodyThatGrowsTooLongIsRefusedAndTheConnectionEnds() throws IOException {
    try (RawClient client = servers.with().raw()) {
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
    Listening listening = servers.with();
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
    try (RawClient client = servers.with().raw()) {
      String head = "POST " + PATH + "nothing HTTP/1.1\r\nHost: localhost\r\n";
      String answer = client.send(head + "Content-Length: 100000000\r\n\r\n").readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 404 ").contains("onnection: close");
      client.send("x".repeat(64 << 10));
      assertThat(client.readToEnd()).isEmpty();
    }
  }

  @Test
  void aFarTooLongBodyBehindARequestThatWaitsIsNotReadEither() throws IOException {
    try (RawClient client = servers.with().raw()) {
      client.send(HEAD.replace("alice", "cold-alice") + "Content-Length: 0\r\n\r\n");
      client.send(HEAD.replace("echo", "nothing") + "Content-Length: 10000000000\r\n\r\n");
      assertThat(megabytesTaken(client, "x".repeat(1 << 20))).isLessThan(64);
    }
  }

  @Test
  void whatIsAroundABodyIsNotReadForEver() throws IOException {
    String chunk = "1;" + "e".repeat(8_000) + "\r\nx\r\n";
    try (RawClient client = servers.with().raw()) {
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
    try (RawClient client = servers.with().raw()) {
      client.send(HEAD + "Transfer-Encoding: chunked\r\n\r\n");
      client.send("1\r\nx\r\n".repeat(1024) + "0\r\n\r\n");
      assertThat(client.readAnswer()).contains(" 200 ");
    }
  }

  @Test
  void whoSendsAFarTooLongBodyBeforeReadingSeesTheAnswer() throws IOException {
    try (RawClient client = servers.with().raw()) {
      client.send(HEAD + "Content-Length: 524288\r\n\r\n" + "x".repeat(512 << 10));
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 413 ").contains("BodyTooLong");
    }
  }

  @Test
  void aRefusedBodyIsNotReadForEver() throws IOException {
    try (RawClient client = servers.with().raw()) {
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
}
