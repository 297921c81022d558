package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TargetEdits;
import dev.yaoku.cli.RequestSigner;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * A signed request is changed in one place on its way. Whatever is still accepted means exactly
 * what was signed (SECURITY_DESIGN H17).
 */
@Timeout(180)
class OneReadingTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path scratch;

  /** Tags that one bad reading would take for another. */
  private static final List<String> TAGS =
      List.of("a/b", "a//b", "a b", "a+b", "a", "b", "ab", "A/b", "A b", "a%2Fb", "a%20b");

  /**
   * A request that is signed.
   *
   * @param meaning shows, from the answer or from what is there now, what was done
   * @param undo makes it as it was before
   */
  private record Sent(
      String method, String path, String body, UnaryOperator<String> meaning, Runnable undo) {}

  /** Requests of every kind. */
  enum Shape {
    TAGS_OF_A_KEY,
    DESCRIBE_KEY,
    PAGE_OF_KEYSTORES,
    DELETE_TAG_WITH_A_SLASH,
    DELETE_TAG_WITH_TWO_SLASHES,
    DELETE_TAG_WITH_A_BLANK,
    DELETE_TAG_BY_A_REQUEST_WITH_A_BODY,
    UPDATE_POLICY
  }

  private static Sent sent(LiveServer server, Shape shape) {
    String project = "/v1.0/" + server.known("project_id");
    String key = server.kms("create-key", "{'key_alias':'a'}", "/key_info/key_id");
    String tags = project + "/kms/" + key + "/tags";
    return switch (shape) {
      case TAGS_OF_A_KEY -> question("GET", tags, "");
      case DESCRIBE_KEY ->
          question("POST", project + "/kms/describe-key", "{\"key_id\":\"" + key + "\"}");
      case PAGE_OF_KEYSTORES -> pageOfKeystores(server, project + "/keystores");
      case DELETE_TAG_WITH_A_SLASH -> deletion(server, tags, "a%2Fb", "a/b", "");
      case DELETE_TAG_WITH_TWO_SLASHES -> deletion(server, tags, "a//b", "a//b", "");
      case DELETE_TAG_WITH_A_BLANK -> deletion(server, tags, "a%20b", "a b", "");
      case DELETE_TAG_BY_A_REQUEST_WITH_A_BODY ->
          deletion(server, tags, "ab", "ab", "{\"sequence\":\"1\"}");
      case UPDATE_POLICY -> policy(server, project + "/kms/key-policies");
    };
  }

  private static Sent question(String method, String path, String body) {
    return new Sent(method, path, body, OneReadingTest::body, () -> {});
  }

  private static Sent pageOfKeystores(LiveServer server, String path) {
    for (String name : List.of("one", "two", "three")) {
      ask(
          server,
          "POST",
          path,
          "{'keystore_alias':'" + name + "','hsm_cluster_id':'" + name + "'}");
    }
    return question("GET", path + "?limit=1&offset=1", "");
  }

  private static Sent deletion(
      LiveServer server, String tags, String inPath, String tag, String body) {
    for (String each : TAGS) {
      ask(server, "POST", tags, "{'tag':{'key':'" + each + "','value':'v'}}");
    }
    return new Sent(
        "DELETE",
        tags + "/" + inPath,
        body,
        _ -> ask(server, "GET", tags, ""),
        () -> ask(server, "POST", tags, "{'tag':{'key':'" + tag + "','value':'v'}}"));
  }

  private static Sent policy(LiveServer server, String policies) {
    String space = "0d0466b0-e727-4d9c-b35d-f84bb474a37f";
    String order = "{'keyspace_id':'" + space + "','policy_name':'%s','policy':'{}'}";
    ask(server, "POST", policies, order.formatted("other"));
    String made = ask(server, "POST", policies, order.formatted("this"));
    String one = policies + "/" + JSON.readTree(made).at("/policy_id").asString();
    return new Sent(
        "PUT",
        one,
        "{\"policy\":\"{}\",\"description\":\"changed\"}",
        _ ->
            ask(server, "GET", policies + "?keyspace_id=" + space, "")
                .replaceAll("\"last_modify_time\":\"[^\"]*\"", ""),
        () -> ask(server, "PUT", one, "{'policy':'{}','description':''}"));
  }

  /** What is there, or is made as it was: signed anew, and sent by a client that edits nothing. */
  private static String ask(LiveServer server, String method, String path, String body) {
    HttpResponse<String> answer = server.in(server.known("project_id"), method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return answer.body();
  }

  @ParameterizedTest
  @EnumSource
  void anEditedTargetIsRefusedOrMeansTheSame(Shape shape) throws Exception {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      Trial trial = Trial.of(server, sent(server, shape));
      int accepted = 0;
      for (String edited : TargetEdits.of(trial.sent.path())) {
        accepted += trial.isAcceptedAsMeant(edited, edited, trial.headers) ? 1 : 0;
      }
      // Another spelling of the same path is the same path; one trailing slash is part of the rule.
      assertThat(accepted).isPositive();
    }
  }

  /**
   * A signed request under trial.
   *
   * @param headers as they were signed
   * @param before what is there where nothing was done
   * @param meant what is there, or is answered, where it was done as signed
   */
  private record Trial(LiveServer server, Sent sent, String headers, String before, String meant) {
    static Trial of(LiveServer server, Sent sent) throws IOException {
      String signed = OneReadingTest.headers(server, sent);
      String before = sent.meaning().apply("");
      String answer = ask(server, sent, sent.path(), signed);
      assertThat(answer).startsWith("HTTP/1.1 2");
      String meant = sent.meaning().apply(answer);
      assertThat(meant).isNotEqualTo(before);
      sent.undo().run();
      assertThat(sent.meaning().apply("")).isEqualTo(before);
      return new Trial(server, sent, signed, before, meant);
    }

    /** Whether it is accepted, and then means the same; otherwise nothing is done. */
    boolean isAcceptedAsMeant(String edit, String target, String edited) throws IOException {
      long changes = server.changes();
      String answer = ask(server, sent, target, edited);
      if (answer.contains("\"2016-10-29T02:00:00Z\"")) {
        return false; // the list of API versions is open to anyone, whatever he signs
      }
      if (answer.startsWith("HTTP/1.1 2")) {
        assertThat(sent.meaning().apply(answer)).as(edit).isEqualTo(meant);
        sent.undo().run();
        return true;
      }
      assertThat(answer).as(edit).startsWith("HTTP/1.1 4").doesNotStartWith("HTTP/1.1 429");
      if (server.changes() != changes) { // the last use of an access key is written now and then
        assertThat(sent.meaning().apply("")).as(edit).isEqualTo(before);
      }
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void anEditedHeaderIsRefusedOrMeansTheSame(Shape shape) throws Exception {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      Trial trial = Trial.of(server, sent(server, shape));
      int accepted = 0;
      for (String line : trial.headers.split("\r\n", -1)) {
        if (line.isEmpty()) {
          continue;
        }
        String name = line.substring(0, line.indexOf(':'));
        String value = line.substring(line.indexOf(':') + 1).strip();
        for (String edit :
            new String[] {
              line + "\r\n" + line,
              line + "\r\n" + name + ": other",
              name + ": other\r\n" + line,
              name + ":  " + value + "  ",
              name.toLowerCase(Locale.ROOT) + ":" + value,
              name.toUpperCase(Locale.ROOT) + ": " + value,
              name + " : " + value,
              " " + line,
              name + ":\r\n " + value,
              name + ": " + value + ",other",
              name + ": \"" + value + "\"",
              name + "\t: " + value,
              name.replace('-', '_') + ": " + value,
              ""
            }) {
          String edited = trial.headers.replace(line + "\r\n", ended(edit));
          if (trial.isAcceptedAsMeant(edit, trial.sent.path(), edited)) {
            assertThat(edit).doesNotContain("other");
            accepted++;
          }
        }
      }
      // A name in another case is the same name, and blanks around a value are none of it.
      assertThat(accepted).isPositive();
    }
  }

  private static String ended(String line) {
    return line.isEmpty() ? "" : line + "\r\n";
  }

  private static String headers(LiveServer server, Sent sent) {
    StringBuilder lines = new StringBuilder();
    new RequestSigner(server.known("ak"), server.known("sk"), server.known("project_id"))
        .sign(
            sent.method(),
            "127.0.0.1:" + server.yaoku.port(),
            sent.path(),
            sent.body().getBytes(ISO_8859_1),
            Instant.now())
        .forEach((name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
    return lines.toString();
  }

  private static String ask(LiveServer server, Sent sent, String target, String headers)
      throws IOException {
    String length = sent.body().isEmpty() ? "" : "Content-Length: " + sent.body().length() + "\r\n";
    try (RawClient client = new RawClient(server.yaoku.port())) {
      return client
          .send(
              sent.method()
                  + " "
                  + target
                  + " HTTP/1.1\r\n"
                  + headers
                  + length
                  + "Connection: close\r\n\r\n"
                  + sent.body())
          .readToEnd();
    }
  }

  private static String body(String answer) {
    int end = answer.indexOf("\r\n\r\n");
    return end < 0 ? "" : answer.substring(end + 4);
  }
}
