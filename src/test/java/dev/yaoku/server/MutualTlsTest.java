package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Issued;
import dev.yaoku.access.TestPki.Wish;
import dev.yaoku.access.TestTls;
import dev.yaoku.cli.RequestSigner;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.store.Rights;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A workload without a secret: its certificate says who it is, over real TLS. */
@Timeout(120)
class MutualTlsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2049-01-01T00:00:00Z");
  private static final TestPki SERVERS = new TestPki("CN=servers", FROM, UNTIL);
  private static final TestPki CLIENTS = new TestPki("CN=clients", FROM, UNTIL);
  private static final TestPki STRANGERS = new TestPki("CN=clients", FROM, UNTIL);
  private static final String AUTHORITY = "/v3/OS-YAOKU/client-authorities/mesh";
  private static final String NAME = AUTHORITY + "/names/uri%3Aspiffe%3A%2F%2Fexample.com%2Fweb";
  private static final String SPIFFE = "uri:spiffe://example.com/web";

  @TempDir Path folder;
  private Yaoku yaoku;
  private final Map<String, String> known = new HashMap<>();
  private HttpClient plain;

  @BeforeEach
  void start() throws Exception {
    Issued server = SERVERS.issue(Wish.server(FROM, UNTIL, "ip:127.0.0.1"));
    Files.writeString(folder.resolve("cert.pem"), TestPki.pem(server.leaf()));
    PrivateFiles.create(
        folder.resolve("key.pem"),
        TestPki.pem("PRIVATE KEY", server.key().getEncoded()).getBytes(StandardCharsets.US_ASCII));
    Path data = folder.resolve("data");
    yaoku =
        Yaoku.start(
            ConfigReader.read(
                "",
                Map.of(),
                Map.of(
                    "data", data.toString(),
                    "listen.address", "127.0.0.1:0",
                    "admin.address", "off",
                    "log.requests", "false",
                    "tls.certificate", folder.resolve("cert.pem").toString(),
                    "tls.key", folder.resolve("key.pem").toString(),
                    "tls.reload-every", "100ms",
                    "lanes.slow-running", "4")),
            Surroundings.ofThisMachine(),
            _ -> {});
    try (Stream<String> lines = Files.lines(data.resolve("credentials"))) {
      lines
          .filter(line -> line.contains(" = "))
          .forEach(line -> known.put(line.split(" = ", 2)[0], line.split(" = ", 2)[1]));
    }
    plain = client(context(null));
  }

  @AfterEach
  void stop() {
    plain.close();
    yaoku.close();
  }

  private static HttpClient client(@Nullable Issued certificate) throws Exception {
    return client(context(certificate));
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1).build();
  }

  private static SSLContext context(@Nullable Issued certificate) {
    return TestTls.context(SERVERS, certificate);
  }

  private String known(String name) {
    return known.getOrDefault(name, "");
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + yaoku.port() + path));
  }

  private HttpResponse<String> signed(String method, String path, String body)
      throws IOException, InterruptedException {
    return signed(
        new RequestSigner(known("ak"), known("sk"), known("project_id")), method, path, body);
  }

  private HttpResponse<String> signed(RequestSigner signer, String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = to(path).header("content-type", "application/json");
    signer
        .sign(method, "127.0.0.1:" + yaoku.port(), path, body.getBytes(UTF_8), Instant.now())
        .forEach((name, value) -> {
          if (!name.equals("host")) {
            request.header(name, value);
          }
        });
    return plain.send(
        request.method(method, HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void trust() throws Exception {
    String pem = CLIENTS.pem().replace("\n", "\\n");
    assertThat(
            signed("PUT", AUTHORITY, "{\"client_authority\":{\"certificate\":\"" + pem + "\"}}")
                .statusCode())
        .isEqualTo(200);
    String user = "{\"user_id\":\"" + known("user_id") + "\"}";
    assertThat(signed("PUT", NAME, user).body()).contains(SPIFFE);
  }

  private JsonNode posted(String path, String body) throws Exception {
    HttpResponse<String> made = signed("POST", path, body.replace('\'', '"'));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    return JSON.readTree(made.body());
  }

  /** Signs for somebody who manages client authorities and is no administrator. */
  private RequestSigner manager(String user) throws Exception {
    JsonNode key =
        posted("/v3.0/OS-CREDENTIAL/credentials", "{'credential':{'user_id':'" + user + "'}}");
    JsonNode policy =
        posted(
            "/v3.0/OS-ROLE/roles",
            "{'role':{'display_name':'m','type':'AX','policy':{'Version':'5.0','Statement':[{"
                + "'Effect':'Allow','Action':['iam:identityProviders:manage']}]}}}");
    String held =
        "/v3/domains/%s/users/%s/roles/%s"
            .formatted(known("domain_id"), user, policy.at("/role/id").stringValue());
    assertThat(signed("PUT", held, "").statusCode()).isEqualTo(204);
    return new RequestSigner(
        key.at("/credential/access").stringValue(),
        key.at("/credential/secret").stringValue(),
        known("project_id"));
  }

  private HttpResponse<String> random(HttpClient client) throws Exception {
    return client.send(
        to("/v1.0/" + known("project_id") + "/kms/gen-random")
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"random_data_length\":\"128\"}"))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The listener looks now and then whether it is to ask; until then a certificate is not sent. */
  private HttpResponse<String> fresh(Issued certificate) throws Exception {
    long until = System.nanoTime() + 30_000_000_000L;
    while (true) {
      try (HttpClient client = client(certificate)) {
        HttpResponse<String> answer = random(client);
        boolean notAsked =
            answer.statusCode() == 401 && answer.body().contains("x-auth-token not found");
        if (!notAsked || System.nanoTime() > until) {
          return answer;
        }
      }
    }
  }

  @Test
  void aCertificateOfATrustedAuthoritySaysWhoCalls() throws Exception {
    trust();
    HttpResponse<String> answer = fresh(CLIENTS.issue(Wish.client(FROM, UNTIL, SPIFFE)));
    assertThat(answer.body()).contains("random_data");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(random(plain).statusCode()).isEqualTo(401);
    assertThat(signed("GET", "/v3/projects", "").statusCode()).isEqualTo(200);
  }

  /** Whoever sends a header meant to be somebody by it, and not the machine. */
  @Test
  void aCertificateBesideAHeaderWithoutAValueIsNobody() throws Exception {
    trust();
    Issued web = CLIENTS.issue(Wish.client(FROM, UNTIL, SPIFFE));
    assertThat(fresh(web).statusCode()).isEqualTo(200);
    try (HttpClient client = client(web)) {
      for (String header : List.of("X-Auth-Token", "Authorization")) {
        HttpRequest request = to("/v3/projects").header(header, "").build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .as(header)
            .isEqualTo(401);
      }
      HttpRequest alone = to("/v3/projects").build();
      assertThat(client.send(alone, HttpResponse.BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void otherCertificatesAreNobody() throws Exception {
    trust();
    for (Issued other :
        List.of(
            CLIENTS.issue(Wish.client(FROM, UNTIL, "uri:spiffe://example.com/other")),
            CLIENTS.issue(Wish.client(FROM, UNTIL, "dns:web")),
            CLIENTS.issue(Wish.server(FROM, UNTIL, SPIFFE)),
            CLIENTS.issue(Wish.client(FROM, Instant.now().minusSeconds(5), SPIFFE)),
            STRANGERS.issue(Wish.client(FROM, UNTIL, SPIFFE)))) {
      isNotAccepted(fresh(other));
    }
  }

  private static void isNotAccepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.body()).contains("the client certificate is not accepted");
  }

  @Test
  void whatIsTakenAwayCountsAtOnceOnOpenConnections() throws Exception {
    trust();
    Issued web = CLIENTS.issue(Wish.client(FROM, UNTIL, SPIFFE));
    assertThat(fresh(web).statusCode()).isEqualTo(200);
    try (HttpClient client = client(web)) {
      assertThat(random(client).statusCode()).isEqualTo(200);
      assertThat(signed("DELETE", NAME, "").statusCode()).isEqualTo(204);
      isNotAccepted(random(client));
    }
  }

  /** An authority's certificate ends, and its key goes on with another. */
  @Test
  void aRequestInFlightGoesOnWhereItsAuthoritysCertificateIsRenewed() throws Exception {
    trust();
    Issued web = CLIENTS.issue(Wish.client(FROM, UNTIL, SPIFFE));
    assertThat(fresh(web).statusCode()).isEqualTo(200);
    SlowLane lane = yaoku.wiring().server().slowLane();
    CountDownLatch turn = new CountDownLatch(1);
    try (HttpClient client = client(web)) {
      for (int place = 0; place < 3; place++) {
        lane.submit(known("domain_id"), () -> await(turn), Thread::startVirtualThread);
      }
      CompletableFuture<HttpResponse<String>> made =
          client.sendAsync(
              to("/v3/users")
                  .header("content-type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofString("{\"user\":{\"name\":\"made\"}}"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      while (lane.waiting() == 0) {
        assertThat(made).isNotDone();
        Thread.onSpinWait();
      }
      renew();
      turn.countDown();
      assertThat(made.join().statusCode()).as(made.join().body()).isEqualTo(201);
    } finally {
      turn.countDown();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As another server does it: here all places of the account are taken. */
  private void renew() throws Exception {
    X509Certificate renewed = CLIENTS.certify(CLIENTS, FROM, UNTIL);
    String sha256 = HexFormat.of().formatHex(Hashes.sha256(renewed.getEncoded()));
    yaoku
        .installation()
        .store()
        .write(tx -> {
          Rights.ClientCa ca = tx.rights().clientCa(known("domain_id"), "mesh").orElseThrow();
          tx.rights()
              .update(
                  new Rights.ClientCa(
                      ca.account(),
                      ca.name(),
                      TestPki.pem(renewed),
                      sha256,
                      ca.enabled(),
                      ca.createdAt(),
                      ca.byAdministrators(),
                      ca.rowVersion()));
          return true;
        });
    yaoku.wiring().identities().everythingChanged();
  }

  @Test
  void whatOthersSayOfAnAdministratorsCertificateCountsForNothing() throws Exception {
    trust();
    Issued both = CLIENTS.issue(Wish.client(FROM, UNTIL, SPIFFE, "dns:laptop.example.com"));
    assertThat(fresh(both).statusCode()).isEqualTo(200);
    String bob = posted("/v3/users", "{'user':{'name':'bob'}}").at("/user/id").stringValue();
    RequestSigner manager = manager(bob);
    String evil = AUTHORITY.replace("mesh", "evil");
    String pem = CLIENTS.pem().replace("\n", "\\n");
    String trusting = "{\"client_authority\":{\"certificate\":\"" + pem + "\"}}";
    assertThat(signed(manager, "PUT", evil, trusting).statusCode()).isEqualTo(200);

    String user = "{\"user_id\":\"" + bob + "\"}";
    String laptop = "/names/dns%3Alaptop.example.com";
    for (String name : List.of(NAME.replace("mesh", "evil"), evil + laptop)) {
      assertThat(signed(manager, "PUT", name, user).statusCode()).as(name).isEqualTo(200);
    }
    for (String member : List.of("", "/names/uri%3Ax", laptop)) {
      String path = AUTHORITY + member;
      String body = member.isEmpty() ? trusting : user;
      assertThat(signed(manager, "PUT", path, body).statusCode()).as(path).isEqualTo(403);
      assertThat(signed(manager, "DELETE", path, "").statusCode()).as(path).isEqualTo(403);
    }
    try (HttpClient client = client(both)) {
      assertThat(random(client).statusCode()).isEqualTo(200);
    }
  }

  /** A client that comes again takes up its session, and is the same person. */
  @Test
  void aResumedSessionIsTheSamePersons() throws Exception {
    trust();
    Issued web = CLIENTS.issue(Wish.client(FROM, UNTIL, SPIFFE));
    assertThat(fresh(web).statusCode()).isEqualTo(200);
    SSLContext context = context(web);
    for (int i = 0; i < 4; i++) {
      try (HttpClient client = client(context)) {
        assertThat(random(client).statusCode()).as("connection " + i).isEqualTo(200);
      }
    }
    assertThat(signed("DELETE", AUTHORITY, "").statusCode()).isEqualTo(204);
    try (HttpClient client = client(context)) {
      assertThat(random(client).statusCode()).isEqualTo(401);
    }
  }
}
