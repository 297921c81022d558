package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plain HTTP from a socket whose other end is not this machine's loopback: signed calls work, but
 * nothing secret comes or goes, unless the operator said that the way there is safe
 * (SECURITY_DESIGN M12).
 */
class PlainNetworkTest {
  /** Of a network that documents use, so it is nobody's. */
  private static final String A_PROXY_ELSEWHERE = "203.0.113.7";

  @TempDir Path scratch;
  private String address = "";

  @BeforeEach
  void findsAnAddressOfThisMachineThatIsNotLoopback() throws SocketException {
    Optional<String> found =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .filter(each -> each instanceof Inet4Address && !each.isLoopbackAddress())
            .filter(each -> !each.isLinkLocalAddress())
            .map(InetAddress::getHostAddress)
            .findFirst();
    Assumptions.assumeTrue(found.isPresent(), "this machine has loopback addresses only");
    address = found.orElseThrow();
  }

  private LiveServer start(Map<String, String> more) throws IOException {
    Map<String, String> settings = new java.util.HashMap<>(more);
    settings.put("listen.address", "0.0.0.0:0");
    return new LiveServer(scratch.resolve("data"), settings);
  }

  private LiveServer behindAProxyElsewhere() throws IOException {
    return start(Map.of("listen.trusted-proxies", A_PROXY_ELSEWHERE));
  }

  private HttpRequest.Builder to(LiveServer server, String path) {
    return HttpRequest.newBuilder(
            URI.create("http://" + address + ":" + server.yaoku.port() + path))
        .header("content-type", "application/json");
  }

  @Test
  void noCallThatAnswersWithASecretIsServed() throws IOException {
    try (LiveServer server = behindAProxyElsewhere()) {
      Tenant here = Tenant.first(server);
      Tenant there = here.at(address);
      String key = here.key("mine", "");
      String about = "{'key_id':'" + key + "','datakey_length':'256','random_data_length':'256'}";
      List<String> secret =
          List.of("create-datakey", "gen-random", "decrypt-data", "decrypt-datakey");
      for (String operation : secret) {
        assertThat(there.kms(operation, about).code()).as(operation).isEqualTo("KMS.0330");
      }
      assertThat(here.ok("create-datakey", about).text("/plain_text")).isNotEmpty();
      there.ok("describe-key", about);
      there.ok("create-datakey-without-plaintext", about);
    }
  }

  @Test
  void thatHoldsForEveryRouteWhoseAnswerIsSecret() throws IOException {
    try (LiveServer server = behindAProxyElsewhere()) {
      Tenant there = Tenant.first(server).at(address);
      List<Route> secret =
          server.yaoku.wiring().server().routes().stream().filter(Route::secretAnswer).toList();
      assertThat(secret).hasSameSizeAs(SecretAnswersTest.OPERATIONS);
      for (Route route : secret) {
        if (route.entry() == Route.Entry.OPEN) {
          continue; // these look at what is sent first: see the log-ins below
        }
        String path =
            route
                .path()
                .replace("{project_id}", there.project)
                .replaceAll("\\{[a-z_.]+}", "00000000-0000-4000-8000-000000000000");
        Tenant.Reply reply = there.send(route.method(), path, "{}");
        assertThat(reply.status()).as(route.operation()).isEqualTo(403);
        if (!route.method().equals("HEAD")) {
          assertThat(reply.raw().body()).as(route.operation()).contains("HTTPS");
        }
      }
    }
  }

  @Test
  void noTokenIsTakenOrGivenAndNoPasswordIsLookedAt() throws IOException {
    try (LiveServer server = behindAProxyElsewhere()) {
      String logIn =
          "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'%s',"
                  .formatted(server.known("user_id"))
              + "'password':'%s'}}}}}".formatted(server.known("password"));
      HttpRequest.BodyPublisher body =
          HttpRequest.BodyPublishers.ofString(logIn.replace('\'', '"'));
      HttpResponse<String> there = server.send(to(server, "/v3/auth/tokens").POST(body));
      assertThat(there.statusCode()).isEqualTo(403);
      assertThat(there.headers().firstValue("X-Subject-Token")).isEmpty();

      HttpResponse<String> here =
          server.send(
              server.to("/v3/auth/tokens").header("content-type", "application/json").POST(body));
      assertThat(here.statusCode()).as(here.body()).isEqualTo(201);
      String token = here.headers().firstValue("X-Subject-Token").orElseThrow();
      String path = "/v1.0/" + server.known("project_id") + "/kms/list-keys";
      for (String offered : List.of(token, "yk1_" + "A".repeat(43))) {
        HttpResponse<String> answer =
            server.send(
                to(server, path)
                    .header("X-Auth-Token", offered)
                    .POST(HttpRequest.BodyPublishers.ofString("{}")));
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("KMS.0330");
      }
    }
  }

  @Test
  void whoSaysThatItIsAProxyIsNone() throws IOException {
    try (LiveServer server = behindAProxyElsewhere()) {
      Tenant there = Tenant.first(server).at(address);
      Tenant.Reply reply =
          there.send(
              "POST",
              "/v1.0/" + there.project + "/kms/gen-random",
              "{'random_data_length':'256'}",
              Map.of("X-Forwarded-For", A_PROXY_ELSEWHERE, "X-Forwarded-Proto", "https"));
      assertThat(reply.code()).isEqualTo("KMS.0330");
    }
  }

  @Test
  void whatTheOperatorCalledSafeIsServed() throws IOException {
    for (Map<String, String> said :
        List.of(
            Map.of("listen.trusted-proxies", address),
            Map.of("listen.plain-http", "insecure-lab"))) {
      try (LiveServer server = start(said)) {
        Tenant.first(server).at(address).kms("gen-random", "{'random_data_length':'256'}").is(200);
      }
    }
  }
}
