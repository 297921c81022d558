package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Wish;
import dev.yaoku.access.TestTls;
import dev.yaoku.access.federation.Issuer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server of keys, asked over real TLS from where the operator allows it (SECURITY_DESIGN H16).
 */
@Timeout(120)
class FetchedKeysTest {
  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2049-01-01T00:00:00Z");
  private static final TestPki AUTHORITY = new TestPki("CN=authority", FROM, UNTIL);
  private static final TestPki STRANGER = new TestPki("CN=stranger", FROM, UNTIL);
  private static final Issuer ISSUER = new Issuer("");

  @TempDir Path scratch;
  private final AtomicInteger asked = new AtomicInteger();
  private HttpsServer keys;

  @BeforeEach
  void startAServerOfKeys() throws IOException {
    keys = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 5);
    keys.setHttpsConfigurator(
        new HttpsConfigurator(
            TestTls.context(
                AUTHORITY, AUTHORITY.issue(Wish.server(FROM, UNTIL, "dns:localhost")))));
    keys.createContext(
        "/jwks",
        exchange -> {
          asked.incrementAndGet();
          byte[] set = ISSUER.keySet().getBytes(UTF_8);
          exchange.sendResponseHeaders(200, set.length);
          exchange.getResponseBody().write(set);
          exchange.close();
        });
    keys.start();
  }

  @AfterEach
  void stop() {
    keys.stop(0);
  }

  private int port() {
    return keys.getAddress().getPort();
  }

  private Path pem(TestPki authority) throws IOException {
    return Files.writeString(scratch.resolve("authority.pem"), authority.pem());
  }

  private static void ok(LiveServer server, String method, String path, String body) {
    HttpResponse<String> answer =
        server.signed(method, path, body.replace('\'', '"').getBytes(UTF_8), (_, value) -> value);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
  }

  private void trust(LiveServer server) {
    ok(
        server,
        "PUT",
        "/v3/OS-FEDERATION/identity_providers/cluster",
        "{'identity_provider':{'enabled':true}}");
    ok(
        server,
        "POST",
        "/v3.0/OS-FEDERATION/identity-providers/cluster/openid-connect-config",
        "{'openid_connect_config':{'access_mode':'program','idp_url':'%s','client_id':'%s',"
                .formatted(Issuer.NAME, Issuer.AUDIENCE)
            + "'algorithms':['ES256'],'jwks_uri':'https://localhost:"
            + port()
            + "/jwks'}}");
    ok(
        server,
        "PUT",
        "/v3/OS-FEDERATION/mappings/cluster",
        "{'mapping':{'rules':[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'%s'}}]}]}}"
            .formatted(server.known("user_name")));
  }

  private static int logIn(LiveServer server) {
    long now = Instant.now().getEpochSecond();
    String body =
        "{'auth':{'id_token':{'id':'%s'},'scope':{'project':{'id':'%s'}}}}"
            .formatted(ISSUER.idToken("web", now, now + 600), server.known("project_id"))
            .replace('\'', '"');
    return server
        .send(
            server
                .to("/v3.0/OS-AUTH/id-token/tokens")
                .header("X-Idp-Id", "cluster")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)))
        .statusCode();
  }

  @Test
  void whoeverHasATokenUnderFetchedKeysLogsIn() throws IOException {
    Map<String, String> settings =
        Map.of(
            "federation.hosts",
            "localhost:" + port(),
            "federation.networks",
            "127.0.0.0/8,::1/128",
            "federation.root-certificates",
            pem(AUTHORITY).toString());
    try (LiveServer server = new LiveServer(scratch.resolve("data"), settings)) {
      trust(server);
      int status = logIn(server);
      while (status
          == 401) { // the keys come beside the requests, which are slowed down if many fail
        LockSupport.parkNanos(50_000_000);
        status = logIn(server);
      }
      assertThat(status).isEqualTo(201);
      assertThat(asked).hasValue(1);
    }
  }

  private SSLSocket connected(TestPki trusted) throws IOException {
    return (SSLSocket) Trust.sockets(pem(trusted)).createSocket("localhost", port());
  }

  @Test
  void onlyTheOperatorsAuthoritiesVouchForAServerOfKeys() throws IOException {
    try (SSLSocket socket = connected(AUTHORITY)) {
      socket.startHandshake();
    }
    try (SSLSocket socket = connected(STRANGER)) {
      assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
    }
  }
}
