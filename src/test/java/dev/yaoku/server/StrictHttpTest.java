package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static dev.yaoku.server.Listening.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SECURITY_DESIGN M20: what could be read in two ways is refused, and the connection ends. */
class StrictHttpTest {
  private static final String LINE = "POST /v1.0/" + PROJECT + "/kms/echo HTTP/1.1\r\n";
  private static final String WHO = "X-Auth-Token: alice\r\n";
  private static final String HOST = "Host: localhost\r\n";

  private final Listening listening =
      Listening.with(
          List.of(route("POST", "/v1.0/{project_id}/kms/echo", Route.Lane.FAST, Listening::echo)));

  @AfterEach
  void stop() {
    listening.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "Content-Length: 5, 5\r\n\r\nhello",
        "Content-Length: +5\r\n\r\nhello",
        "Content-Length: -5\r\n\r\nhello",
        "Content-Length: 5x\r\n\r\nhello",
        "Content-Length : 5\r\n\r\nhello",
        "Content-Length: 5\nX-A: b\r\n\r\nhello",
        "X-A: b\r\n folded: c\r\nContent-Length: 5\r\n\r\nhello",
        "X-A: b\r\n\tfolded\r\nContent-Length: 5\r\n\r\nhello",
        "X-A: b\0c\r\nContent-Length: 5\r\n\r\nhello",
        "X A: b\r\nContent-Length: 5\r\n\r\nhello",
        ": b\r\nContent-Length: 5\r\n\r\nhello",
        "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      })
  void aMessageWithTwoReadingsIsRefusedAndTheConnectionEnds(String rest) throws IOException {
    try (RawClient client = listening.raw()) {
      String answers =
          client.send(LINE + HOST + WHO + rest + LINE + HOST + WHO + "\r\n").readToEnd();

      assertThat(answers)
          .startsWith("HTTP/1.1 400 ")
          .containsIgnoringCase("content-type: application/json");
      assertThat(answers).containsPattern("(?i)x-request-id: [0-9a-f]{32}");
      assertThat(answers).contains("\"error_code\":\"BadRequest\"");
      assertThat(answers.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
    }
  }

  /** Closed at once, the connection would tell a client that still sends of no answer. */
  @Test
  void whoStillSendsABodyBehindATargetWithTwoReadingsSeesTheAnswer() throws IOException {
    String head = LINE.replace("echo", "%C0%80") + HOST + WHO + "Content-Length: 5\r\n\r\n";
    try (RawClient client = listening.raw()) {
      assertThat(client.send(head).readAnswer())
          .startsWith("HTTP/1.1 400 ")
          .containsIgnoringCase("connection: close");
      assertThat(client.saysNothingFor(300)).isTrue();
      client.send("hello" + LINE + HOST + WHO + "\r\n");
      assertThat(client.readToEnd()).as("no second answer").isEmpty();
    }
  }

  /** Nobody knows how long it is. */
  @Test
  void noBodyOfTwoReadingsIsWaitedFor() throws IOException {
    try (RawClient client = listening.raw()) {
      String head = LINE + HOST + WHO + "Transfer-Encoding: gzip, chunked\r\n\r\n";
      assertThat(client.send(head).readToEnd()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void whatAnOldProtocolSaysLastIsNotTheNextRequest() throws IOException {
    String old = LINE.replace("1.1", "1.0") + WHO + "Connection: keep-alive\r\n";
    try (RawClient client = listening.raw()) {
      String lengths = "Content-Length: 3\r\nContent-Length: 300\r\n\r\nabc";
      String answers = client.send(old + lengths + LINE + HOST + WHO + "\r\n").readToEnd();
      assertThat(answers.split("HTTP/1\\.[01] ", -1)).as("one answer").hasSize(2);
    }
  }

  @Test
  void aBodyThatNoHeaderTellsIsRefused() throws IOException {
    String keys = "Sec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b\r\n\r\n12345678";
    String line = LINE.replace("POST", "GET");
    try (RawClient client = listening.raw()) {
      String answers =
          client.send(line + HOST + WHO + keys + LINE + HOST + WHO + "\r\n").readToEnd();
      assertThat(answers).startsWith("HTTP/1.1 400 ");
      assertThat(answers.split("HTTP/1.1 ", -1)).as("one answer").hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1.0/x/nothing", "/health/live"})
  void whoWaitsToSendABodyThatNobodyWantsIsToldToGo(String path) throws IOException {
    String head = "POST " + path + " HTTP/1.1\r\n" + HOST + "Expect: 100-continue\r\n";
    try (RawClient client = listening.raw()) {
      String answers = client.send(head + "Content-Length: 50\r\n\r\n").readToEnd();
      assertThat(answers).startsWith("HTTP/1.1 40").containsIgnoringCase("connection: close");
    }
  }

  @Test
  void anOldProtocolCannotBeChunked() throws IOException {
    try (RawClient client = listening.raw()) {
      String old = LINE.replace("1.1", "1.0") + WHO + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
      assertThat(client.send(old).readToEnd()).startsWith("HTTP/1.0 400 ").contains("BadRequest");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: a\r\nHost: a\r\n",
        "Authorization: a\r\nAuthorization: b\r\n",
        "X-Sdk-Date: a\r\nx-sdk-date: b\r\n",
        "X-Auth-Token: a\r\n",
        "X-Project-Id: a\r\nX-Project-Id: b\r\n",
        "X-Security-Token: a\r\nX-Security-Token: b\r\n",
        "Content-Type: a\r\nContent-Type: b\r\n",
        "X-Sdk-Content-Sha256: a\r\nX-Sdk-Content-Sha256: b\r\n",
      })
  void aHeaderThatIsReadComesOnce(String headers) throws IOException {
    String host = headers.startsWith("Host") ? "" : HOST;
    try (RawClient client = listening.raw()) {
      String answer =
          client.send(LINE + host + WHO + headers + "Content-Length: 0\r\n\r\n").readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("BadRequest");
    }
  }

  @Test
  void aRequestNamesItsHost() throws IOException {
    try (RawClient client = listening.raw()) {
      assertThat(client.send(LINE + WHO + "Content-Length: 0\r\n\r\n").readAnswer())
          .startsWith("HTTP/1.1 400 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET http://localhost/v1.0/x HTTP/1.1\r\n",
        "CONNECT localhost:80 HTTP/1.1\r\n",
        "OPTIONS * HTTP/1.1\r\n",
        "GET /a%2 HTTP/1.1\r\n",
        "GET /a%zz HTTP/1.1\r\n",
        "GET /%ff HTTP/1.1\r\n",
        "GET /%c0%80 HTTP/1.1\r\n",
        "GET /a%00b HTTP/1.1\r\n",
        "GET  /a HTTP/1.1 x\r\n",
        " GET /a HTTP/1.1\r\n",
        "\r\n\tGET /a HTTP/1.1\r\n",
        "GET  /a HTTP/1.1\r\n",
        "GET\t/a HTTP/1.1\r\n",
        "GET /a\u000bHTTP/1.1\r\n",
        "GET /a \rHTTP/1.1\r\n",
        "GET /a HTTP/3.0\r\n",
        "GET /a\r\n",
        "PRI * HTTP/2.0\r\n",
      })
  void aTargetHasOneReading(String line) throws IOException {
    try (RawClient client = listening.raw()) {
      String answer = client.send(line + HOST + WHO + "\r\n").readAnswer();
      assertThat(answer).startsWith("HTTP/1.1 400 ").contains("BadRequest");
      assertThat(answer).containsPattern("(?i)x-request-id: [0-9a-f]{32}");
    }
  }

  @Test
  void trailersAreIgnored() throws IOException {
    try (RawClient client = listening.raw()) {
      String request =
          LINE
              + HOST
              + WHO
              + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Auth-Token: eve\r\n\r\n";
      assertThat(client.send(request).readAnswer()).contains("\"hello\"");
      assertThat(client.send(request).readAnswer()).contains("\"hello\"");
    }
  }

  @Test
  void aMalformedChunkEndsTheConnection() throws IOException {
    try (RawClient client = listening.raw()) {
      String request = LINE + HOST + WHO + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n";
      assertThat(client.send(request).readToEnd())
          .doesNotStartWith("HTTP/1.1 200 ")
          .doesNotContain("hello");
    }
  }

  @Test
  void requestsMayFollowOneAnotherOnOneConnection() throws IOException {
    try (RawClient client = listening.raw()) {
      String request = LINE + HOST + WHO + "Content-Length: 1\r\n\r\n";
      client.send(request + "a" + request + "b" + request + "c");
      assertThat(client.readAnswer()).endsWith("\"a\"");
      assertThat(client.readAnswer()).endsWith("\"b\"");
      assertThat(client.readAnswer()).endsWith("\"c\"");
    }
  }

  @Test
  void aRequestMayArriveByteByByte() throws IOException {
    try (RawClient client = listening.raw()) {
      for (char c : (LINE + HOST + WHO + "Content-Length: 5\r\n\r\nhello").toCharArray()) {
        client.send(String.valueOf(c));
      }
      assertThat(client.readAnswer()).endsWith("\"hello\"");
    }
  }

  @Test
  void aFoldedHeaderIsFoundWhereverTheBytesAreCut() throws IOException {
    String request = LINE + HOST + WHO + "X-A: b\r\n folded\r\nContent-Length: 0\r\n\r\n";
    for (int cut = LINE.length() + 1; cut < request.length(); cut += 3) {
      try (RawClient client = listening.raw()) {
        client.send(request.substring(0, cut));
        client.send(request.substring(cut));
        assertThat(client.readToEnd()).as("cut at " + cut).startsWith("HTTP/1.1 400 ");
      }
    }
  }

  @Test
  void aClientThatAsksFirstIsToldToContinueOnlyIfItIsWelcome() throws IOException {
    String expect = "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n";
    try (RawClient client = listening.raw()) {
      client.send(LINE + HOST + WHO + expect);
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 100 ");
      assertThat(client.send("hello").readAnswer()).contains("\"hello\"");
    }
    try (RawClient client = listening.raw()) {
      assertThat(client.send(LINE + HOST + expect).readToEnd()).startsWith("HTTP/1.1 401 ");
    }
  }
}
