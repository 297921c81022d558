package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TargetEdits;
import dev.yaoku.cli.RequestSigner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A signed request is changed in one place on its way. Whatever is still accepted means exactly
 * what was signed (SECURITY_DESIGN H17).
 */
@Timeout(180)
class OneReadingTest {
  @TempDir Path scratch;

  /** A request that is signed: of what kind, where to, and with what. */
  private record Sent(String method, String path, String body) {}

  private static Sent sent(LiveServer server, String method) {
    String key = server.kms("create-key", "{'key_alias':'a'}", "/key_info/key_id");
    String kms = "/v1.0/" + server.known("project_id") + "/kms/";
    return method.equals("GET")
        ? new Sent(method, kms + key + "/tags", "")
        : new Sent(method, kms + "describe-key", "{\"key_id\":\"" + key + "\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void anEditedTargetIsRefusedOrMeansTheSame(String method) throws Exception {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      Sent sent = sent(server, method);
      String signedHeaders = headers(server, sent);
      String expected = ask(server, sent, sent.path(), signedHeaders);
      assertThat(expected)
          .startsWith("HTTP/1.1 200 ")
          .contains(method.equals("GET") ? "existTagsNum" : "key_info");
      int accepted = 0;
      for (String edited : TargetEdits.of(sent.path())) {
        String answer = ask(server, sent, edited, signedHeaders);
        if (answer.contains("\"2016-10-29T02:00:00Z\"")) {
          continue; // the list of API versions is open to anyone, whatever he signs
        }
        if (answer.startsWith("HTTP/1.1 2")) {
          assertThat(body(answer)).as(edited).isEqualTo(body(expected));
          accepted++;
        } else {
          assertThat(answer).as(edited).startsWith("HTTP/1.1 4");
        }
      }
      // Another spelling of the same path is the same path; one trailing slash is part of the rule.
      assertThat(accepted).isPositive();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void anEditedHeaderIsRefusedOrMeansTheSame(String method) throws Exception {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      Sent sent = sent(server, method);
      String headers = headers(server, sent);
      String expected = ask(server, sent, sent.path(), headers);
      for (String line : headers.split("\r\n", -1)) {
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
          String answer =
              ask(server, sent, sent.path(), headers.replace(line + "\r\n", ended(edit)));
          if (answer.startsWith("HTTP/1.1 2")) {
            assertThat(body(answer)).as(edit).isEqualTo(body(expected));
            assertThat(edit).doesNotContain("other");
          } else {
            assertThat(answer).as(edit).startsWith("HTTP/1.1 4");
          }
        }
      }
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
    return new String(
        answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1), ISO_8859_1);
  }
}
