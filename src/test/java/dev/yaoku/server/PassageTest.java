package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static dev.yaoku.server.Listening.route;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassageTest {
  private static final String PATH = "/v1.0/" + PROJECT + "/kms/";
  private static final String PATH_OF_PROJECT = "/v1.0/{project_id}/kms/";

  private final AtomicReference<String> thread = new AtomicReference<>("");
  private final AtomicInteger begun = new AtomicInteger();

  private final Listening listening =
      Listening.with(
          List.of(
              route("POST", PATH_OF_PROJECT + "echo", Route.Lane.FAST, this::echo),
              route("POST", PATH_OF_PROJECT + "slow", Route.Lane.SLOW, this::echo),
              route("POST", PATH_OF_PROJECT + "look-up", Route.Lane.FAST, this::lookUp),
              route("POST", PATH_OF_PROJECT + "compute", Route.Lane.FAST, this::compute),
              route("GET", PATH_OF_PROJECT + "echo", Route.Lane.FAST, this::echo),
              route("DELETE", PATH_OF_PROJECT + "echo", Route.Lane.FAST, this::echo),
              route(
                  "DELETE",
                  PATH_OF_PROJECT + "tags/{key...}",
                  Route.Lane.FAST,
                  exchange -> Listening.text(exchange.path().getOrDefault("key", ""))),
              route("PUT", PATH_OF_PROJECT + "nothing", Route.Lane.FAST, _ -> Answer.noContent()),
              route(
                  "POST",
                  PATH_OF_PROJECT + "refuse",
                  Route.Lane.FAST,
                  _ -> {
                    throw new KmsException(new Problem.NotAllowed("x"));
                  }),
              route(
                  "POST",
                  PATH_OF_PROJECT + "bug",
                  Route.Lane.FAST,
                  _ -> {
                    throw new IllegalStateException("very private");
                  })));

  private Answer echo(dev.yaoku.api.Exchange exchange) {
    thread.set(Thread.currentThread().toString());
    return Listening.echo(exchange);
  }

  private Answer lookUp(dev.yaoku.api.Exchange exchange) {
    Waiting.mustBeAllowed();
    return echo(exchange);
  }

  private Answer compute(dev.yaoku.api.Exchange exchange) {
    begun.incrementAndGet();
    Waiting.mustBeAllowedToCompute();
    if (new String(exchange.body(), UTF_8).equals("forgotten")) {
      Waiting.mustBeAllowed();
    }
    return echo(exchange);
  }

  @AfterEach
  void stop() {
    listening.close();
  }

  /** SECURITY_DESIGN M23: what is compressed tells by its length what is in it. */
  @Test
  void anAnswerIsNotCompressedForClientsThatCouldReadIt() {
    HttpResponse<String> answer =
        listening.send(
            listening
                .request(PATH + "echo")
                .header("Accept-Encoding", "gzip, deflate, br")
                .POST(HttpRequest.BodyPublishers.ofString("a".repeat(900))));

    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(answer.body()).isEqualTo('"' + "a".repeat(900) + '"');
  }

  @Test
  void aRequestIsAnsweredWithItsIdAndAsJson() {
    HttpResponse<String> answer = listening.post(PATH + "echo", "hello");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("\"hello\"");
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("Content-Length")).hasValue("7");
    assertThat(answer.headers().firstValue("X-Request-Id").orElseThrow()).matches("[0-9a-f]{32}");
    assertThat(answer.headers().map()).doesNotContainKey("server");
    assertThat(thread.get()).doesNotContain("VirtualThread");
  }

  /** Answered with a refusal, whoever made the change would make it again. */
  @Test
  void theAnswerToAChangeIsSentThoughThereIsNoRoomForIt() {
    String longAnswer = "a".repeat(40 << 10);
    Route look =
        route("POST", PATH_OF_PROJECT + "look", Route.Lane.FAST, _ -> Listening.text(longAnswer));
    Route change =
        route(
            "POST",
            PATH_OF_PROJECT + "change",
            Route.Lane.SLOW,
            exchange -> {
              exchange.proved().audit().markRecorded();
              return Listening.text(longAnswer);
            });
    try (Listening narrow = Listening.with(List.of(look, change), "limits.unread-bytes", "64KiB")) {
      assertThat(narrow.post(PATH + "look", "").statusCode()).isEqualTo(503);
      HttpResponse<String> changed = narrow.post(PATH + "change", "");
      assertThat(changed.statusCode()).isEqualTo(200);
      assertThat(changed.body()).isEqualTo('"' + longAnswer + '"');
    }
  }

  /** What fails by a mistake of ours ends without an answer, and must leave nothing behind. */
  @ParameterizedTest
  @ValueSource(strings = {"look", "change", "reckon"})
  void aRequestThatIsCutGivesBackWhatItTook(String call) throws IOException {
    AtomicReference<byte[]> last = new AtomicReference<>(new byte[0]);
    Route.Handler secret =
        _ -> {
          Answer made = Listening.text("a".repeat(20 << 10));
          last.set(made.body());
          return made;
        };
    Route.Handler reckoned =
        exchange -> {
          Waiting.mustBeAllowedToCompute();
          return secret.handle(exchange);
        };
    List<Route> routes =
        List.of(
            route("POST", PATH_OF_PROJECT + "look", Route.Lane.FAST, secret),
            route("POST", PATH_OF_PROJECT + "change", Route.Lane.SLOW, secret),
            route("POST", PATH_OF_PROJECT + "reckon", Route.Lane.FAST, reckoned));
    try (Listening narrow =
        Listening.with(routes, "limits.unread-bytes", "512KiB", "lanes.fast-in-flight", "8")) {
      narrow.defect.set(new LinkageError("a mistake"));
      for (int i = 0; i < 50; i++) {
        try (RawClient client = narrow.raw()) {
          client.send(
              "POST %s HTTP/1.1\r\nHost: x\r\nX-Auth-Token: a\r\nContent-Length: 0\r\n\r\n"
                  .formatted(PATH + call));
          assertThat(client.readToEnd()).isEmpty();
        }
        assertThat(last.get()).containsOnly(0);
      }
      narrow.defect.set(null);
      assertThat(narrow.post(PATH + call, "").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void eventsThatCannotGoToTheStoreAreNobodysButTheirs() throws IOException {
    listening.store.fails = true;
    try (RawClient client = listening.raw()) {
      client.send(
          "POST %secho HTTP/1.1\r\nHost: x\r\nX-Auth-Token: a\r\nContent-Length: 0\r\n\r\n"
              .formatted(PATH));
      assertThat(client.readAnswer()).startsWith("HTTP/1.1 503");
    }
    listening.store.fails = false;
    assertThat(listening.post(PATH + "echo", "x").statusCode()).isEqualTo(200);
  }

  @Test
  void noTwoRequestsHaveOneId() {
    assertThat(
            java.util.stream.IntStream.range(0, 200)
                .mapToObj(_ -> listening.post(PATH + "echo", ""))
                .map(answer -> answer.headers().firstValue("X-Request-Id").orElseThrow())
                .distinct())
        .hasSize(200);
  }

  @Test
  void theSlowLaneIsAVirtualThread() {
    assertThat(listening.post(PATH + "slow", "hello").body()).isEqualTo("\"hello\"");
    assertThat(thread.get()).contains("VirtualThread");
  }

  @Test
  void whatIsNotInMemoryIsLookedUpInTheSlowLane() {
    assertThat(listening.post(PATH + "look-up", "hello").body()).isEqualTo("\"hello\"");
    assertThat(thread.get()).contains("VirtualThread");
  }

  @Test
  void whatComputesForLongRunsOnAThreadForThat() {
    assertThat(listening.post(PATH + "compute", "hello").body()).isEqualTo("\"hello\"");
    assertThat(thread.get()).contains("VirtualThread");
    assertThat(begun).hasValue(2);
  }

  @Test
  void aThreadForComputingDoesNotWaitForTheStore() {
    assertThat(listening.post(PATH + "compute", "forgotten").body()).isEqualTo("\"forgotten\"");
    assertThat(begun).as("on the loop, on a thread for computing, in the slow lane").hasValue(3);
  }

  @Test
  void aCallerWhoIsNotInMemoryIsLookedUpBeforeTheBodyIsRead() {
    HttpResponse<String> answer =
        listening.send(
            HttpRequest.newBuilder(listening.uri(PATH + "echo"))
                .header("X-Auth-Token", "cold-bob")
                .POST(HttpRequest.BodyPublishers.ofString("x".repeat(1000))));

    assertThat(answer.body()).hasSize(1002);
    assertThat(thread.get()).doesNotContain("VirtualThread");
  }

  @Test
  void aBodyMayComeWithAnyMethodChunkedOrNot() {
    for (String method : List.of("GET", "DELETE", "POST")) {
      HttpRequest.BodyPublisher chunked =
          HttpRequest.BodyPublishers.fromPublisher(HttpRequest.BodyPublishers.ofString("{}"));
      assertThat(listening.send(listening.request(PATH + "echo").method(method, chunked)).body())
          .isEqualTo("\"{}\"");
      assertThat(
              listening
                  .send(
                      listening
                          .request(PATH + "echo")
                          .method(method, HttpRequest.BodyPublishers.ofString("{}")))
                  .body())
          .isEqualTo("\"{}\"");
      assertThat(
              listening
                  .send(
                      listening
                          .request(PATH + "echo")
                          .method(method, HttpRequest.BodyPublishers.noBody()))
                  .body())
          .isEqualTo("\"\"");
    }
  }

  @Test
  void anAnswerWithoutABodyHasNoContentType() {
    HttpResponse<String> answer =
        listening.send(
            listening.request(PATH + "nothing").PUT(HttpRequest.BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(204);
    assertThat(answer.headers().map()).containsOnlyKeys("x-request-id");
  }

  @Test
  void theRestOfThePathKeepsItsSlashes() {
    assertThat(listening.send(listening.request(PATH + "tags/a/b//c").DELETE()).body())
        .isEqualTo("\"a/b//c\"");
  }

  @Test
  void aPathThatNobodyHasIsNoRoute() {
    assertThat(listening.post("/v1.0/x/kms/none", "").body()).contains("NoSuchRoute");
    assertThat(
            listening
                .send(listening.request(PATH + "echo").PUT(HttpRequest.BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(405);
  }

  @Test
  void whoDoesNotSayWhoHeIsIsRefusedBeforeTheBody() {
    HttpResponse<String> answer =
        listening.send(
            HttpRequest.newBuilder(listening.uri(PATH + "echo"))
                .POST(HttpRequest.BodyPublishers.ofString("hello")));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("NoCredentials");
    assertThat(thread.get()).isEmpty();
  }

  @Test
  void theProofIsCheckedBeforeTheHandler() {
    assertThat(listening.post(PATH + "echo", "forged").body()).contains("BadSignature");
    assertThat(listening.post(PATH + "slow", "forged").body()).contains("BadSignature");
    assertThat(thread.get()).isEmpty();
  }

  @Test
  void anotherProjectIsRefused() {
    assertThat(listening.post("/v1.0/other/kms/echo", "").body()).contains("ProjectMismatch");
  }

  @Test
  void ourOwnBugIsAnsweredWithoutItsMessage() {
    HttpResponse<String> answer = listening.post(PATH + "bug", "");

    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).contains("Internal").doesNotContain("private");
  }

  @Test
  void aRefusalIsAnsweredInTheDialectOfTheRoute() {
    assertThat(listening.post(PATH + "refuse", "").statusCode()).isEqualTo(403);
  }
}
