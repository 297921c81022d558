package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** SECURITY_DESIGN M5 and M12: where a request comes from, and what it may carry. */
class SourceTest {
  private final List<Listening> started = new ArrayList<>();
  private final AtomicReference<Exchange> exchange = new AtomicReference<>();

  private Listening with(String... settings) {
    Route route =
        new Route(
            "Secret",
            "POST",
            "/v1.0/{project_id}/kms/secret",
            Route.Entry.PROVED,
            Route.Lane.FAST,
            1024,
            true,
            Listening.DIALECT,
            this::seen);
    Listening listening = Listening.with(List.of(route), settings);
    started.add(listening);
    return listening;
  }

  private Answer seen(Exchange asked) {
    exchange.set(asked);
    return Listening.text(asked.head().source() + " " + asked.proved().source());
  }

  @AfterEach
  void stop() {
    started.forEach(Listening::close);
  }

  private static String ask(Listening listening, String... forwarded) {
    HttpRequest.Builder request =
        listening
            .request("/v1.0/" + PROJECT + "/kms/secret")
            .POST(HttpRequest.BodyPublishers.noBody());
    for (String value : forwarded) {
      request.header("X-Forwarded-For", value);
    }
    return listening.send(request).body();
  }

  @Test
  void aStrangersWordOnWhereItComesFromIsIgnored() {
    assertThat(ask(with(), "192.0.2.1")).isEqualTo("\"127.0.0.1 127.0.0.1\"");
  }

  @Test
  void aTrustedProxyIsBelievedUpToTheFirstStranger() {
    Listening listening = with("listen.trusted-proxies", "127.0.0.0/8,10.0.0.0/8");

    assertThat(ask(listening, "192.0.2.1")).contains("192.0.2.1 192.0.2.1");
    assertThat(ask(listening, "203.0.113.9, 192.0.2.1, 10.1.2.3")).contains("192.0.2.1 ");
    assertThat(ask(listening, "203.0.113.9", "192.0.2.2, 10.1.2.3")).contains("192.0.2.2 ");
    assertThat(ask(listening, "2001:db8::1")).contains("2001:db8:0:0:0:0:0:1 ");
    assertThat(ask(listening, "nonsense")).contains("127.0.0.1 ");
    assertThat(ask(listening, "192.0.2.1, localhost")).contains("127.0.0.1 ");
    assertThat(ask(listening)).contains("127.0.0.1 ");
  }

  private String scheme(Listening listening, String... headers) {
    HttpRequest.Builder request =
        listening
            .request("/v1.0/" + PROJECT + "/kms/secret")
            .POST(HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    listening.send(request);
    return exchange.get().head().scheme();
  }

  @Test
  void aTrustedProxyEndsTlsUnlessItSaysOtherwise() {
    Listening listening = with("listen.trusted-proxies", "127.0.0.0/8");

    assertThat(scheme(listening, "X-Forwarded-For", "192.0.2.1")).isEqualTo("https");
    assertThat(scheme(listening, "X-Forwarded-Proto", "https")).isEqualTo("https");
    assertThat(scheme(listening, "X-Forwarded-Proto", "gopher\"://x")).isEqualTo("https");
    assertThat(scheme(listening)).as("from the proxy's own machine").isEqualTo("http");
  }

  @Test
  void whatAProxyHeardInTheClearIsNotSecure() {
    Listening listening = with("listen.trusted-proxies", "127.0.0.0/8");
    Listening lab =
        with("listen.trusted-proxies", "127.0.0.0/8", "listen.plain-http", "insecure-lab");

    scheme(listening, "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https");
    assertThat(exchange.get().head().secure()).isTrue();
    scheme(listening, "X-Forwarded-For", "192.0.2.1");
    assertThat(exchange.get().head().secure()).isTrue();
    assertThat(scheme(lab, "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https, HTTP"))
        .isEqualTo("http");
    assertThat(exchange.get().head().secure()).isTrue();
    assertThat(
            listening
                .send(
                    listening
                        .request("/v1.0/" + PROJECT + "/kms/secret")
                        .headers("X-Forwarded-Proto", "http")
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(403);
  }

  @Test
  void aStrangersWordOnWhatItSpeaksIsIgnored() {
    assertThat(scheme(with(), "X-Forwarded-Proto", "https")).isEqualTo("http");
  }

  @Test
  void loopbackIsSecure() {
    ask(with());
    assertThat(exchange.get().head().secure()).isTrue();
  }

  @Test
  void networksAreComparedBitByBit() {
    Kind.Network network = Kind.Network.parse("10.32.0.0/11");
    assertThat(network.holds(java.net.InetAddress.ofLiteral("10.63.255.255"))).isTrue();
    assertThat(network.holds(java.net.InetAddress.ofLiteral("10.64.0.0"))).isFalse();
    assertThat(network.holds(java.net.InetAddress.ofLiteral("::1"))).isFalse();
    assertThat(network).hasToString("10.32.0.0/11");
  }
}
