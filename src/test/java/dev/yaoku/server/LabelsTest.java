package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What labels the figures of a running server have, whatever it is asked (SECURITY_DESIGN M22). */
class LabelsTest {
  private static final String WILD = "wild";

  @TempDir Path scratch;

  @Test
  void nobodyMakesAFigureWithALabelOfItsOwn() throws IOException {
    Map<String, String> settings = Map.of("admin.address", "127.0.0.1:0");
    try (LiveServer server = new LiveServer(scratch.resolve("data"), settings)) {
      Set<String> before = figures(server);
      assertThat(before)
          .anyMatch(figure -> figure.contains("{operation=\"CreateKey\",outcome=\"ok\""));

      Tenant owner = Tenant.first(server);
      String key = owner.key(WILD, "");
      ask(server, owner, key);

      assertThat(figures(server)).isEqualTo(before);
      assertThat(page(server))
          .doesNotContain(WILD, key, owner.project, owner.account, owner.user)
          .doesNotContain(server.known("ak"), server.known("user_name"));
      assertThat(counted(server, "none")).as("requests of no operation").isPositive();
      assertThat(counted(server, "CreateKey")).isEqualTo(1);
    }
  }

  /** Operations, paths, queries, methods, projects, users and clients that there are not. */
  private static void ask(LiveServer server, Tenant owner, String key) {
    for (int i = 0; i < 20; i++) {
      String wild = WILD + i;
      owner.kms("encrypt-data", "{'key_id':'" + key + "','plain_text':'" + wild + "'}").is(200);
      owner.kms(wild, "{}").is(404);
      owner.kms("encrypt-data", "{'key_id':'" + wild + "'}").is(400);
      owner.in(wild).kms("list-keys", "{}").is(403);
      owner.send("POST", "/v3/users", "{'user':{'name':'" + wild + "'}}").is(201);
      server.byToken(wild, "POST", "/v1.0/" + wild + "/kms/list-keys", "{}");
      server.logIn("{'auth':{'identity':{'methods':['" + wild + "']}}}");
      server.send(server.to("/" + wild + "?" + wild + "=" + wild).header("User-Agent", wild));
      server.send(
          server.to("/health/" + wild).method("WILD" + i, HttpRequest.BodyPublishers.noBody()));
    }
  }

  private static String page(LiveServer server) {
    URI page = URI.create("http://127.0.0.1:" + server.yaoku.adminPort() + "/metrics");
    return server.send(HttpRequest.newBuilder(page)).body();
  }

  /** Names and labels of this server's figures; those of Java come and go with its collector. */
  private static Set<String> figures(LiveServer server) {
    Set<String> figures = new TreeSet<>();
    page(server)
        .lines()
        .filter(line -> line.startsWith("yaoku_"))
        .forEach(line -> figures.add(line.substring(0, line.lastIndexOf(' '))));
    return figures;
  }

  private static long counted(LiveServer server, String operation) {
    String counts = "yaoku_requests_seconds_count{operation=\"" + operation + "\",";
    return page(server)
        .lines()
        .filter(line -> line.startsWith(counts))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }
}
