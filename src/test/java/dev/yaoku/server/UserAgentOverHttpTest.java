package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a client calls itself decides the shape of one list and nothing else, and is on no record,
 * neither in its first 256 bytes nor beyond them (SECURITY_DESIGN L4).
 */
@Timeout(180)
class UserAgentOverHttpTest {
  private static final String SDK = "huaweicloud-usdk-java/3.0";

  /** A word that nothing else here holds, so long that no part of it is met by chance. */
  private static final String WORD = "Vierwaldstaettersee";

  private static final List<String> AGENTS =
      List.of(SDK, "curl/8", "x", SDK + "; " + of(4000), of(4000) + SDK);

  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant tenant;
  private static String key = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    tenant = Tenant.first(server);
    key = tenant.key("orders", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String of(int bytes) {
    return WORD.repeat(bytes / WORD.length() + 1).substring(0, bytes);
  }

  private static Tenant.Reply ask(Tenant caller, String agent, String method, String path) {
    String body = method.equals("POST") ? "{'key_id':'" + path.split("#", 2)[1] + "'}" : "";
    String target = "/v1.0/" + caller.project + path.split("#", 2)[0];
    return caller.send(method, target, body, Map.of("user-agent", agent));
  }

  private static Tenant.Reply ask(String agent, String method, String path) {
    return ask(tenant, agent, method, path);
  }

  /** An answer but for what differs between any two. */
  private static String plain(Tenant.Reply reply) {
    Map<String, List<String>> headers = new TreeMap<>(reply.raw().headers().map());
    headers.keySet().removeIf(name -> name.equalsIgnoreCase("x-request-id"));
    String body = reply.raw().body().replaceFirst("\"request_id\":\"[0-9a-f]{32}\"", "");
    return reply.status() + " " + headers + " " + body;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /kms/describe-key#",
        "POST /kms/list-keys#",
        "POST /kms/get-key-rotation-status#",
        "POST /kms/list-grants#",
        "POST /kms/list-retirable-grants#",
        "POST /kms/resource_instances/action#",
        "POST /kms/decrypt-data#",
        "POST /kms/no-such-operation#",
        "GET /kms/KEY/tags#",
        "GET /kms/tags#",
        "GET /kms/user-instances#",
        "GET /kms/user-quotas#",
        "GET /keystores#",
        "GET /keystores/unknown#",
        "PUT /kms/KEY/tags#"
      })
  void itDecidesNothingOfOtherAnswers(String call) {
    String method = call.split(" ", 2)[0];
    String path = call.split(" ", 2)[1].replace("KEY", key) + key;
    String expected = plain(ask(AGENTS.getFirst(), method, path));
    assertThat(expected.toLowerCase(Locale.ROOT)).doesNotContain("vary=");
    for (String agent : AGENTS) {
      assertThat(plain(ask(agent, method, path))).isEqualTo(expected);
    }
  }

  @Test
  void itDecidesTheShapeOfTheListOfAliasesWhichSaysSo() {
    tenant.ok("aliases", "{'key_id':'" + key + "','alias':'alias/a'}");
    Set<String> contents = new HashSet<>();
    for (String agent : AGENTS) {
      Tenant.Reply list = ask(agent, "GET", "/kms/aliases#").is(200);
      assertThat(list.raw().headers().allValues("Vary")).containsExactly("User-Agent");
      assertThat(list.json().isArray()).isEqualTo(agent.contains("huaweicloud-usdk-"));
      contents.add((list.json().isArray() ? list.at("/0") : list.json()).toString());
    }
    assertThat(contents).hasSize(1);
  }

  @Test
  void itIsOnNoRecord() throws IOException {
    Path data = scratch.resolve("another");
    Path lines = scratch.resolve("its-requests.log");
    String said;
    try (CapturedLog log = new CapturedLog();
        LiveServer other =
            new LiveServer(data, Map.of("log.requests", "true", "log.file", lines.toString()))) {
      Tenant caller = Tenant.first(other);
      String id = caller.key("orders", "");
      for (String agent : List.of(of(4000), of(257), of(256), WORD)) {
        for (String path : List.of("/kms/aliases#", "/kms/none/tags#", "/kms/" + id + "/tags#")) {
          ask(caller, agent, "GET", path);
        }
        ask(caller, agent, "POST", "/kms/disable-key#" + id).is(200);
        ask(caller, agent, "POST", "/kms/encrypt-data#" + id).is(400);
        ask(caller, agent, "POST", "/kms/enable-key#" + id).is(200);
        ask(caller.in("0".repeat(32)), agent, "POST", "/kms/describe-key#" + id).is(403);
        other.send(other.to("/v1.0/p/kms/list-keys").header("user-agent", agent).GET());
      }
      String token = token(other, caller.project);
      // Byte 256 of the first two is within a letter.
      for (String agent : List.of("钥" + "é".repeat(1900), "é" + "钥".repeat(1300), "ÿ")) {
        String answer = list(other, caller.project, token, bytes(agent + WORD));
        assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain(WORD);
      }
      said = log.text();
    }
    assertThat(said).doesNotContain(WORD);
    assertThat(Files.readString(lines, ISO_8859_1))
        .contains("DisableKey", "ListAliases")
        .doesNotContain(WORD, bytes("é"), "????");
    String store = everything(data);
    assertThat(store).contains("disableKey", "listAliases"); // the events are there, and readable
    assertThat(store).doesNotContain(WORD, bytes("éééé"), bytes("钥钥钥钥"));
  }

  /** A text whose letters are the bytes of this one. */
  private static String bytes(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private static String token(LiveServer on, String project) {
    String login =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s','password':'%s',"
                .formatted(on.known("user_name"), on.known("password"))
            + "'domain':{'name':'%s'}}}},'scope':{'project':{'id':'%s'}}}}"
                .formatted(on.known("domain_name"), project);
    HttpRequest.Builder request =
        on.to("/v3/auth/tokens")
            .header("user-agent", of(4000))
            .POST(HttpRequest.BodyPublishers.ofString(login.replace('\'', '"')));
    return on.send(request).headers().firstValue("X-Subject-Token").orElseThrow();
  }

  private static String list(LiveServer on, String project, String token, String agent)
      throws IOException {
    try (RawClient client = new RawClient(on.yaoku.port())) {
      return client
          .send(
              "GET /v1.0/%s/kms/aliases HTTP/1.1\r\nHost: a\r\nX-Auth-Token: %s\r\n"
                      .formatted(project, token)
                  + "User-Agent: "
                  + agent
                  + "\r\nConnection: close\r\n\r\n")
          .readToEnd();
    }
  }

  /** Every byte that the server left in its folder. */
  private static String everything(Path data) throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, ISO_8859_1));
      }
    }
    return all.toString();
  }
}
