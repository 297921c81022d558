package dev.yaoku.server;

import static dev.yaoku.server.Listening.PROJECT;
import static dev.yaoku.server.Listening.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.yaoku.api.Route;
import dev.yaoku.secret.PrivateFiles;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.OpenSSLEngineOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path folder;

  private Listening listening(String... more) {
    return Listening.with(
        List.of(route("POST", "/v1.0/{project_id}/kms/echo", Route.Lane.FAST, Listening::echo)),
        Stream.concat(Stream.of(usual()), Stream.of(more)).toArray(String[]::new));
  }

  private String[] usual() {
    return new String[] {
      "tls.certificate",
      folder.resolve("cert.pem").toString(),
      "tls.key",
      folder.resolve("key.pem").toString(),
      "tls.reload-every",
      "100ms"
    };
  }

  /** A fresh pair, put in place file by file as an operator would. */
  private void certificate(String name) throws Exception {
    Path store = folder.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "k",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    write("cert.pem", "CERTIFICATE", keys.getCertificate("k").getEncoded());
    write("key.pem", "PRIVATE KEY", keys.getKey("k", PASSWORD).getEncoded());
  }

  private void write(String file, String what, byte[] der) throws IOException {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Path there = folder.resolve(file);
    if (!Files.exists(there)) {
      PrivateFiles.create(there, new byte[0]);
    }
    Files.writeString(
        there, "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n");
  }

  private static SSLSocket connect(int port, String... protocols) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(10_000);
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.startHandshake();
    return socket;
  }

  private static String subject(SSLSocket socket) throws IOException {
    X509Certificate leaf = (X509Certificate) socket.getSession().getPeerCertificates()[0];
    return leaf.getSubjectX500Principal().getName();
  }

  @Test
  void requestsAreServedOverTls13And12() throws Exception {
    certificate("first");
    try (Listening listening = listening()) {
      for (String protocol : List.of("TLSv1.3", "TLSv1.2")) {
        try (SSLSocket socket = connect(listening.server.port(), protocol)) {
          String request =
              "POST /v1.0/"
                  + PROJECT
                  + "/kms/echo HTTP/1.1\r\nHost: a\r\nX-Auth-Token: alice\r\n"
                  + "Content-Length: 2\r\nConnection: close\r\n\r\nhi";
          socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
          String answer =
              new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
          assertThat(answer).startsWith("HTTP/1.1 200 ").endsWith("\"hi\"");
          assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
          assertThat(socket.getSession().getCipherSuite()).containsAnyOf("GCM", "POLY1305");
        }
      }
    }
  }

  /** A client that knows no other group than the hybrid one is served, where BoringSSL is there. */
  @Test
  void theHybridKeyExchangeIsThere() throws Exception {
    assumeThat(OpenSSLEngineOptions.isAvailable()).isTrue();
    certificate("first");
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(true)
            .setTrustAll(true)
            .setVerifyHost(false)
            .setSslEngineOptions(new OpenSSLEngineOptions());
    options.getSslOptions().setKeyExchangeGroups(List.of("X25519MLKEM768"));
    Vertx vertx = Vertx.vertx();
    // Held until it is closed: a client that nobody holds is closed by the next garbage collection.
    HttpClientAgent client = vertx.createHttpClient(options);
    try (Listening listening = listening()) {
      int status =
          client
              .request(HttpMethod.GET, listening.server.port(), "127.0.0.1", "/health/live")
              .compose(HttpClientRequest::send)
              .map(HttpClientResponse::statusCode)
              .toCompletionStage()
              .toCompletableFuture()
              .get(20, TimeUnit.SECONDS);
      assertThat(status).isEqualTo(200);
    } finally {
      client.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
      vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
  }

  /** Whatever the client would rather have, and though it must make another key for it. */
  @Test
  void theHybridKeyExchangeIsPreferred() throws Exception {
    assumeThat(OpenSSLEngineOptions.isAvailable()).as("BoringSSL is there").isTrue();
    certificate("first");
    try (Listening listening = listening()) {
      int port = listening.server.port();
      assertThat(ClientHello.chosen(port, ClientHello.X25519, ClientHello.X25519_MLKEM768))
          .isEqualTo(ClientHello.X25519_MLKEM768);
      assertThat(ClientHello.chosen(port, ClientHello.X25519)).isEqualTo(ClientHello.X25519);
    }
  }

  @Test
  void suitesWithoutAuthenticatedEncryptionAreRefused() throws Exception {
    certificate("first");
    try (Listening listening = listening()) {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
      try (SSLSocket socket =
          (SSLSocket)
              context.getSocketFactory().createSocket("127.0.0.1", listening.server.port())) {
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"});
        assertThatThrownBy(socket::startHandshake).isInstanceOf(SSLHandshakeException.class);
      }
    }
  }

  @Test
  void aChangedCertificateIsTakenWithoutARestart() throws Exception {
    certificate("first");
    try (Listening listening = listening()) {
      try (SSLSocket socket = connect(listening.server.port())) {
        assertThat(subject(socket)).isEqualTo("CN=first");
      }
      certificate("second");
      awaitSubject(listening, "CN=second");

      Files.writeString(folder.resolve("key.pem"), "this is no key");
      certificate("third");
      awaitSubject(listening, "CN=third");
    }
  }

  /** The next start would be refused, at a time when nobody thinks of it. */
  @Test
  void aNewKeyThatEverybodyCanReadIsNotTakenUntilItsModeIsMended() throws Exception {
    certificate("first");
    try (CapturedLog log = new CapturedLog();
        Listening listening = listening()) {
      Path key = folder.resolve("key.pem");
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
      certificate("second");
      while (!log.text().contains("the next start would fail")) {
        awaitSubject(listening, "CN=first");
      }
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
      awaitSubject(listening, "CN=second");
    }
  }

  @Test
  void aKeyOfAnotherCertificateStopsTheStartAndSaysSo() throws Exception {
    certificate("first");
    String key = Files.readString(folder.resolve("key.pem"));
    certificate("second");
    Files.writeString(folder.resolve("key.pem"), key);

    assertThatThrownBy(this::listening)
        .hasStackTraceContaining("the private key is not that of the certificate");
  }

  private static void awaitSubject(Listening listening, String expected) throws Exception {
    long until = System.nanoTime() + 20_000_000_000L;
    String seen = "";
    while (!seen.equals(expected)) {
      assertThat(System.nanoTime()).as("still " + seen).isLessThan(until);
      try (SSLSocket socket = connect(listening.server.port())) {
        seen = subject(socket);
      }
    }
  }

  @Test
  void plainHttpOnATlsPortGetsNoAnswer() throws Exception {
    certificate("first");
    try (Listening listening = listening();
        RawClient client = listening.raw()) {
      assertThat(client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").readToEnd())
          .doesNotContain("HTTP/1.1");
    }
  }

  /** Nothing else would end it so soon. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\u0016\u0003\u0001\u0002"})
  void aHandshakeThatDoesNotGoOnIsCut(String begun) throws Exception {
    certificate("first");
    try (Listening listening = listening("tls.handshake-deadline", "200ms");
        RawClient client = listening.raw()) {
      assertThat(client.send(begun).readToEnd()).doesNotContain("HTTP/1.1");
    }
  }

  @Test
  void aPairThatIsNoneStopsTheStart() throws Exception {
    certificate("first");
    Files.writeString(folder.resolve("key.pem"), "this is no key");
    assertThatThrownBy(this::listening)
        .hasStackTraceContaining("the key file holds no private key");
    Files.delete(folder.resolve("cert.pem"));
    assertThatThrownBy(this::listening).hasStackTraceContaining("cert.pem");
  }

  /** The test knows whom it talks to. */
  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
