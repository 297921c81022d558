package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The most plausible ways past temporary access keys and roles, each tried. */
class AttacksOnTemporaryKeysTest {
  private static final String PATH = "/v3.0/OS-CREDENTIAL/securitytokens";
  private static final String ONESELF = "{'auth':{'identity':{'methods':['token']}}}";
  private static final String ONLY_LIST =
      "{'auth':{'identity':{'methods':['token'],'policy':{'Version':'1.1','Statement':["
          + "{'Effect':'Allow','Action':['kms:cmk:list']}]}}}}";

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Tenant foreign;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    owner = Tenant.first(server);
    foreign = Tenant.another(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String path(String project, String operation) {
    return "/v1.0/" + project + "/kms/" + operation;
  }

  private static String login() {
    String body =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'%s',"
                .formatted(owner.user)
            + "'password':'%s'}}},'scope':{'project':{'id':'%s'}}}}"
                .formatted(server.known("password"), owner.project);
    return server.logIn(body).headers().firstValue("X-Subject-Token").orElseThrow();
  }

  /** Signs as the key and sends more headers, which the signature does not cover. */
  private static Reply withUnsigned(
      Temporary key, String method, String path, String body, Map<String, String> more) {
    String sent = body.replace('\'', '"');
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(
        Signer.PLAIN.headers(
            method,
            server.endpoint().substring("http://".length()),
            path,
            sent,
            Instant.now(),
            key.access(),
            key.secret(),
            Map.of("x-security-token", Objects.requireNonNull(key.token()))));
    headers.remove("host");
    headers.putAll(more);
    var request = server.to(path).header("content-type", "application/json");
    headers.forEach(request::setHeader);
    HttpResponse<String> answer =
        server.send(request.method(method, BodyPublishers.ofString(sent)));
    return new Reply(answer.statusCode(), answer);
  }

  /** A token of somebody greater beside the signature lends nothing to it. */
  @Test
  void aGreaterTokenBesideTheSignatureWidensNothing() {
    Temporary narrow = Temporary.of(server, owner.send("POST", PATH, ONLY_LIST));
    Map<String, String> beside = Map.of("x-auth-token", login());
    assertThat(
            withUnsigned(
                    narrow,
                    "POST",
                    path(owner.project, "gen-random"),
                    "{'random_data_length':'8'}",
                    beside)
                .code())
        .isEqualTo("KMS.0307");
    withUnsigned(narrow, "POST", "/v3/users", "{'user':{'name':'mallory'}}", beside).is(403);
    // Nor does what is made in such a request come from the token.
    Temporary child = Temporary.of(server, withUnsigned(narrow, "POST", PATH, ONESELF, beside));
    assertThat(
            child
                .send("POST", path(owner.project, "gen-random"), "{'random_data_length':'8'}")
                .code())
        .isEqualTo("KMS.0307");
  }

  /** Headers that nobody signed name another project or account. */
  @Test
  void unsignedScopesOnlyNarrowOrRefuse() {
    Tenant elsewhere = owner.elsewhere();
    HttpResponse<String> made = server.byToken(login(), "POST", PATH, ONESELF);
    Temporary key = Temporary.of(server, new Reply(made.statusCode(), made));
    for (String project : List.of(elsewhere.project, foreign.project)) {
      Map<String, String> hint = Map.of("x-project-id", project);
      withUnsigned(key, "POST", path(owner.project, "list-keys"), "{}", hint).is(403);
      withUnsigned(key, "POST", path(project, "list-keys"), "{}", hint).is(403);
    }
    Map<String, String> domain = Map.of("x-domain-id", foreign.account);
    withUnsigned(key, "POST", path(owner.project, "list-keys"), "{}", domain).is(403);
    withUnsigned(key, "POST", PATH, ONESELF, domain).is(403);
  }

  /** A narrowing policy that pretends to be two, or allows all but little. */
  @Test
  void aPolicyCannotPretendToBeTwo() {
    for (String sid : List.of("\\u001e", "\\u001e{}", "a\\nb", "\\u0000")) {
      String body =
          "{'auth':{'identity':{'methods':['token'],'policy':{'Version':'5.0','Statement':["
              + "{'Sid':'"
              + sid
              + "','Effect':'Allow','Action':['kms:cmk:list']}]}}}}";
      assertThat(owner.send("POST", PATH, body).status()).isEqualTo(400);
    }
    Temporary narrow = Temporary.of(server, owner.send("POST", PATH, ONLY_LIST));
    String all =
        "{'auth':{'identity':{'methods':['token'],'policy':{'Version':'5.0','Statement':["
            + "{'Effect':'Allow','Action':['*']}]}}}}";
    Temporary child = Temporary.of(server, narrow.send("POST", PATH, all));
    child.lists(owner.project).is(200);
    assertThat(
            child
                .send("POST", path(owner.project, "gen-random"), "{'random_data_length':'8'}")
                .code())
        .isEqualTo("KMS.0307");
    String twice = ONLY_LIST.replace("'policy':", "'policy':null,'policy':");
    assertThat(owner.send("POST", PATH, twice).status()).isEqualTo(400);
  }

  /** Keys made while what they come from is taken away. */
  @Test
  void nothingThatIsMadeInARaceSurvives() throws Exception {
    try (ExecutorService others = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 20; round++) {
        String token = login();
        List<Future<HttpResponse<String>>> made =
            java.util.stream.IntStream.range(0, 6)
                .mapToObj(_ -> others.submit(() -> server.byToken(token, "POST", PATH, ONESELF)))
                .toList();
        server.revoke(token);
        for (Future<HttpResponse<String>> one : made) {
          HttpResponse<String> answer = one.get();
          if (answer.statusCode() == 201) {
            Temporary.of(server, new Reply(201, answer)).isNobody(owner.project);
          } else {
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
          }
        }
      }
    }
  }

  /** A thief of the database finds nothing that lets him in (SECURITY_DESIGN H11). */
  @Test
  void theDatabaseHoldsNoSecretInAnyEncoding() throws IOException {
    String token = login();
    Temporary key = Temporary.of(server, owner.send("POST", PATH, ONESELF));
    StringBuilder all = new StringBuilder();
    List<String> files = List.of("yaoku.db", "yaoku.db-wal", "yaoku.db-events/0000000001.events");
    for (String file : files) {
      Path one = folder.resolve("data").resolve(file);
      if (Files.exists(one)) {
        all.append(Files.readString(one, ISO_8859_1));
      }
    }
    assertThat(all).as("the files of events, too").contains("yaoku events 1");
    assertThat(all.indexOf(key.access())).as("the right files").isPositive();
    List<String> secrets =
        List.of(
            token,
            Objects.requireNonNull(key.token()),
            key.secret(),
            server.known("sk"),
            server.known("password"));
    for (String secret : secrets) {
      byte[] text = secret.getBytes(UTF_8);
      for (String written :
          List.of(
              secret,
              secret.substring(secret.indexOf('_') + 1),
              HexFormat.of().formatHex(text),
              Base64.getEncoder().withoutPadding().encodeToString(text))) {
        assertThat(all.indexOf(written)).isNegative();
      }
    }
  }
}
