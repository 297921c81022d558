package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests whose signature leaves out the body, as all of the SDK for PHP do (ADR 35). */
class UnsignedBodiesTest {
  private static final Map<String, String> UNSIGNED =
      Map.of("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD");
  private static final String ONE_KEY = "{\"limit\":\"1\"}";

  @TempDir Path folder;

  private LiveServer start(Map<String, String> more) throws IOException {
    Map<String, String> settings = new HashMap<>(more);
    settings.put("listen.address", "0.0.0.0:0");
    settings.put("listen.trusted-proxies", "203.0.113.7"); // nobody's: plain HTTP is not safe here
    return new LiveServer(folder.resolve("data"), settings);
  }

  private static HttpResponse<String> list(
      LiveServer server, String host, Signer signer, Map<String, String> header) {
    String authority = host + ":" + server.yaoku.port();
    String path = "/v1.0/" + server.known("project_id") + "/kms/list-keys";
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + authority + path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(ONE_KEY));
    signer
        .headers(
            "POST",
            authority,
            path,
            "{\"what\":\"was signed\"}",
            Instant.now(),
            server.known("ak"),
            server.known("sk"),
            header)
        .forEach((name, value) -> {
          if (!name.equalsIgnoreCase("host") && !name.equalsIgnoreCase("content-type")) {
            request.setHeader(name, value);
          }
        });
    return server.send(request);
  }

  @Test
  void areRefusedUnlessTheOperatorAllowsThem() throws IOException {
    try (LiveServer server = start(Map.of())) {
      HttpResponse<String> refused = list(server, "127.0.0.1", Signer.PLAIN, UNSIGNED);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body())
          .contains("APIGW.0301", "the body is not signed", "auth.unsigned-bodies");
    }
  }

  @Test
  void areServedWhereNobodyCanReadThem() throws IOException {
    try (LiveServer server = start(Map.of("auth.unsigned-bodies", "over-tls"))) {
      for (Signer signer : new Signer[] {Signer.PLAIN, Signer.DERIVED}) {
        assertThat(list(server, "127.0.0.1", signer, UNSIGNED).statusCode())
            .as(signer.name())
            .isEqualTo(200);
      }
      assertThat(list(server, "127.0.0.1", Signer.PLAIN, Map.of()).statusCode())
          .as("another body than the one that was signed")
          .isEqualTo(401);
      assertThat(list(server, "127.0.0.1", Signer.SM3, UNSIGNED).statusCode())
          .as("a header that this scheme does not know")
          .isEqualTo(401);
    }
  }

  @Test
  void areRefusedOnPlainHttp() throws IOException {
    String address = notLoopback();
    try (LiveServer server = start(Map.of("auth.unsigned-bodies", "over-tls"))) {
      HttpResponse<String> refused = list(server, address, Signer.PLAIN, UNSIGNED);
      assertThat(refused.statusCode()).isEqualTo(401);
      assertThat(refused.body()).contains("the body is not signed");
    }
  }

  private static String notLoopback() throws SocketException {
    Optional<InetAddress> found =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(each -> each.getAddress().length == 4)
            .filter(each -> !each.isLoopbackAddress() && !each.isLinkLocalAddress())
            .findFirst();
    Assumptions.assumeTrue(found.isPresent(), "this machine has loopback addresses only");
    return found.orElseThrow().getHostAddress();
  }
}
