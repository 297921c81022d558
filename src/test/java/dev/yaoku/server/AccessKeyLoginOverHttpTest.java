package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A token for an access key that is shown with its secret: {@code hw_ak_sk} over HTTP. */
class AccessKeyLoginOverHttpTest {
  private static final String TOKENS = "/v3/auth/tokens";
  private static final String SECURITY_TOKENS = "/v3.0/OS-CREDENTIAL/securitytokens";

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Staff staff;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    owner = Tenant.first(server);
    staff = new Staff(owner);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** The body of a log-in; {@code more} follows the identity. */
  static String body(String accessKey, String secret, String more) {
    return ("{'auth':{'identity':{'methods':['hw_ak_sk'],'hw_ak_sk':{'access':{'key':'"
            + accessKey
            + "'},'secret':{'key':'"
            + secret
            + "'}}}"
            + more
            + "}}")
        .replace('\'', '"');
  }

  private static HttpResponse<String> login(String accessKey, String secret, String more) {
    return server.send(
        server.to(TOKENS).POST(BodyPublishers.ofString(body(accessKey, secret, more))));
  }

  private static String ofProject() {
    return ",'scope':{'project':{'id':'" + owner.project + "'}}";
  }

  private static String token(String accessKey, String secret) {
    HttpResponse<String> answer = login(accessKey, secret, ofProject());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return answer.headers().firstValue("X-Subject-Token").orElseThrow();
  }

  private static Reply held(String token, String method, String path, String body) {
    HttpResponse<String> answer = server.byToken(token, method, path, body);
    return new Reply(answer.statusCode(), answer);
  }

  private static Reply lists(String token) {
    return held(token, "POST", "/v1.0/" + owner.project + "/kms/list-keys", "{}");
  }

  /** An access key of somebody new, who holds nothing and cannot log in without it. */
  private static Temporary person() {
    Reply made = Staff.accessKey(owner, staff.userWithoutPassword()).is(201);
    return new Temporary(
        server,
        made.text("/credential/access"),
        made.text("/credential/secret"),
        null,
        Instant.MAX);
  }

  @Test
  void anAccessKeyWithItsSecretGetsAToken() {
    HttpResponse<String> answer = login(server.known("ak"), server.known("sk"), ofProject());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    JsonNode token = new Reply(201, answer).at("/token");
    assertThat(token.at("/methods")).hasToString("[\"hw_ak_sk\"]");
    assertThat(token.at("/project/id").stringValue()).isEqualTo(owner.project);
    assertThat(token.at("/user/id").stringValue()).isEqualTo(owner.user);
    assertThat(token.at("/catalog").size()).isGreaterThan(1);
    assertThat(answer.body()).doesNotContain(server.known("sk"));
    lists(answer.headers().firstValue("X-Subject-Token").orElseThrow()).is(200);
    JsonNode open = new Reply(201, login(server.known("ak"), server.known("sk"), "")).at("/token");
    assertThat(open.at("/domain/id").stringValue()).isEqualTo(owner.account);
  }

  @Test
  void whateverIsWrongTheAnswerIsTheSame() {
    Temporary temporary =
        Temporary.of(
            server,
            owner.send("POST", SECURITY_TOKENS, "{'auth':{'identity':{'methods':['token']}}}"));
    Temporary off = person();
    owner
        .send(
            "PUT",
            "/v3.0/OS-CREDENTIAL/credentials/" + off.access(),
            "{'credential':{'status':'inactive'}}")
        .is(200);
    String expected =
        "{\"error\":{\"code\":401,\"message\":\"Incorrect IAM authentication information: verify"
            + " aksk signature fail\",\"title\":\"Unauthorized\"}}";
    for (String[] pair :
        new String[][] {
          {server.known("ak"), "wrong"},
          {"YKNOBODY000000000001", server.known("sk")},
          {"no access key", server.known("sk")},
          {temporary.access(), temporary.secret()},
          {off.access(), off.secret()},
          {off.access(), "wrong"},
        }) {
      HttpResponse<String> answer = login(pair[0], pair[1], ofProject());
      assertThat(answer.statusCode()).as(pair[0]).isEqualTo(401);
      assertThat(answer.body()).as(pair[0]).isEqualTo(expected);
    }
  }

  @Test
  void theTokenMayWhatTheUserMayAndNoMore() {
    Temporary nobody = person();
    String token = token(nobody.access(), nobody.secret());
    assertThat(lists(token).code()).isEqualTo("KMS.0307");
    held(token, "POST", "/v3/users", "{'user':{'name':'more'}}").is(403);
    HttpResponse<String> elsewhere =
        login(nobody.access(), nobody.secret(), ",'scope':{'project':{'id':'nowhere'}}");
    assertThat(elsewhere.statusCode()).isEqualTo(403);
  }

  @Test
  void theTokenEndsWithTheKey() {
    String[][] ends = {
      {"PUT", "{'credential':{'status':'inactive'}}"},
      {"DELETE", ""},
    };
    for (String[] end : ends) {
      Temporary key = person();
      String token = token(key.access(), key.secret());
      Temporary child =
          Temporary.of(
              server,
              held(token, "POST", SECURITY_TOKENS, "{'auth':{'identity':{'methods':['token']}}}"));
      assertThat(lists(token).status()).isEqualTo(403);
      assertThat(child.lists(owner.project).status()).isEqualTo(403);
      String path = "/v3.0/OS-CREDENTIAL/credentials/" + key.access();
      assertThat(owner.send(end[0], path, end[1]).status()).isLessThan(300);
      lists(token).is(401);
      child.isNobody(owner.project);
    }
  }

  @Test
  void noOtherScopeIsHadByTheToken() {
    String token = token(server.known("ak"), server.known("sk"));
    String again =
        "{\"auth\":{\"identity\":{\"methods\":[\"token\"],\"token\":{\"id\":\"" + token + "\"}}}}";
    HttpResponse<String> answer =
        server.send(server.to(TOKENS).POST(BodyPublishers.ofString(again)));
    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void theSecretIsNotWrittenDown() throws IOException {
    Temporary key = person();
    try (CapturedLog log = new CapturedLog()) {
      token(key.access(), key.secret());
      login(key.access(), key.secret() + "x", ofProject());
      login(key.access().replace('Y', 'Z'), key.secret(), ofProject());
      assertThat(log.text()).doesNotContain(key.secret());
    }
    boolean keyIsWritten = false;
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        assertThat(content).as(file.toString()).doesNotContain(key.secret());
        keyIsWritten |= content.contains(key.access());
      }
    }
    assertThat(keyIsWritten).as("the right files").isTrue();
  }
}
