package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.cli.RequestSigner;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Others fail with a name that is not theirs; its owner notices nothing (H8). */
@Timeout(180)
class HostileNeighboursTest {
  private static final int ATTEMPTS = 10_000;
  private static final int NEIGHBOURS = 4;
  private static final int TRIES_MAX = 3;
  private static final int GUESSERS = 2;

  /** Of each guesser, and how often each guesses: after one more it would have to wait. */
  private static final int SOURCES = 50;

  private static final int GUESSES = 3;

  /** So many signed requests of the owner come between two of his log-ins. */
  private static final int BETWEEN_LOG_INS = 20;

  @TempDir Path scratch;

  @Test
  void badSignaturesAndPasswordsFromElsewhereDoNotStopTheOwner() throws Exception {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of());
        HttpClient owner = HttpClient.newHttpClient()) {
      Map<Integer, LongAdder> answers = new ConcurrentHashMap<>();
      Map<Integer, LongAdder> guesses = new ConcurrentHashMap<>();
      List<Thread> neighbours = new ArrayList<>();
      for (int n = 0; n < NEIGHBOURS; n++) {
        InetAddress from = InetAddress.ofLiteral("127.0.0." + (20 + n));
        neighbours.add(Thread.ofPlatform().start(() -> attack(server, from, answers)));
      }
      for (int n = 0; n < GUESSERS; n++) {
        String network = "127.0." + (1 + n) + ".";
        neighbours.add(Thread.ofPlatform().start(() -> guess(server, network, guesses)));
      }
      String path = "/v1.0/" + server.known("project_id") + "/kms/list-keys";
      int owners = 0;
      while (neighbours.stream().anyMatch(Thread::isAlive)) {
        assertThat(server.post(path, "application/json", "{}").statusCode()).isEqualTo(200);
        if (owners++ % BETWEEN_LOG_INS == 0) {
          assertThat(logIn(server, server.known("password"), owner)).isEqualTo(201);
        }
      }
      for (Thread neighbour : neighbours) {
        neighbour.join();
      }
      assertThat(owners).isGreaterThan(5 * BETWEEN_LOG_INS);
      assertThat(answers.keySet()).isSubsetOf(401, 429);
      assertThat(sum(answers)).isEqualTo(ATTEMPTS);
      assertThat(guesses).as("each password was looked at").containsOnlyKeys(401);
      assertThat(sum(guesses)).isEqualTo(GUESSERS * SOURCES * GUESSES);
    }
  }

  private static long sum(Map<Integer, LongAdder> answers) {
    return answers.values().stream().mapToLong(LongAdder::sum).sum();
  }

  private static void guess(LiveServer server, String network, Map<Integer, LongAdder> answers) {
    for (int source = 1; source <= SOURCES; source++) {
      InetAddress from = InetAddress.ofLiteral(network + source);
      try (HttpClient client = HttpClient.newBuilder().localAddress(from).build()) {
        for (int i = 0; i < GUESSES; i++) {
          int status = logIn(server, "not the password", client);
          answers.computeIfAbsent(status, _ -> new LongAdder()).increment();
        }
      } catch (java.io.IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void attack(LiveServer server, InetAddress from, Map<Integer, LongAdder> answers) {
    String path = "/v1.0/" + server.known("project_id") + "/kms/list-keys";
    byte[] body = "{}".getBytes(UTF_8);
    String wrong = "x".repeat(40);
    RequestSigner signer = new RequestSigner(server.known("ak"), wrong, server.known("project_id"));
    try (HttpClient client = HttpClient.newBuilder().localAddress(from).build()) {
      for (int i = 0; i < ATTEMPTS / NEIGHBOURS; i++) {
        int status =
            i % 500 == 499
                ? logIn(server, "not the password", client)
                : answer(client, signed(server, signer, path, body));
        answers.computeIfAbsent(status, _ -> new LongAdder()).increment();
      }
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The JDK's client now and then takes a connection that it is about to close itself. */
  private static int answer(HttpClient client, HttpRequest request)
      throws java.io.IOException, InterruptedException {
    for (int tries = 1; ; tries++) {
      try {
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
      } catch (java.io.IOException e) {
        if (tries == TRIES_MAX || !hasClosedItself(e)) {
          throw e;
        }
      }
    }
  }

  private static boolean hasClosedItself(@Nullable Throwable failure) {
    return failure != null
        && (String.valueOf(failure.getMessage()).contains("closed locally")
            || hasClosedItself(failure.getCause()));
  }

  private static HttpRequest signed(
      LiveServer server, RequestSigner signer, String path, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.yaoku.port() + path));
    signer
        .sign("POST", "127.0.0.1:" + server.yaoku.port(), path, body, Instant.now())
        .forEach((name, value) -> {
          if (!name.equals("host")) {
            request.header(name, value);
          }
        });
    return request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
  }

  private static int logIn(LiveServer server, String password, HttpClient client)
      throws java.io.IOException, InterruptedException {
    String body =
        """
        {"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"%s","password":"%s",
        "domain":{"name":"%s"}}}}}}\
        """
            .formatted(server.known("user_name"), password, server.known("domain_name"));
    return answer(
        client,
        server.to("/v3/auth/tokens").POST(HttpRequest.BodyPublishers.ofString(body)).build());
  }
}
