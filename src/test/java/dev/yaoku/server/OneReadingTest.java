package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.cli.RequestSigner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A signed request is changed in one place on its way. Whatever is still accepted means exactly
 * what was signed (SECURITY_DESIGN H17).
 */
@Timeout(180)
class OneReadingTest {
  @TempDir Path scratch;

  /** Each text with one edit of the kinds that proxies and attackers make. */
  private static Set<String> edits(String text) {
    Set<String> edited = new LinkedHashSet<>();
    for (int i = 0; i < text.length(); i++) {
      String before = text.substring(0, i);
      char c = text.charAt(i);
      String after = text.substring(i + 1);
      edited.add(before + "%" + "%02X".formatted((int) c) + after);
      edited.add(before + "%" + "%02x".formatted((int) c) + after);
      edited.add(before + "%25" + "%02X".formatted((int) c) + after);
      edited.add(before + after);
      edited.add(before + c + c + after);
      edited.add(before + Character.toUpperCase(c) + after);
      edited.add(before + Character.toLowerCase(c) + after);
      for (String inserted :
          new String[] {
            "/",
            "//",
            "/.",
            "/./",
            "/../",
            "/x/../",
            "%2e",
            "%2F",
            "%5C",
            "\\",
            ";x=1",
            "?",
            "#",
            "%00",
            "%c0%af",
            "%e0%80%af",
            "\t",
            "%20",
            "+"
          }) {
        edited.add(before + inserted + c + after);
      }
    }
    edited.add(text + "/");
    edited.add(text + "?");
    edited.add(text + "?a=b");
    edited.add("http://127.0.0.1" + text);
    edited.add("http://elsewhere.example" + text);
    edited.remove(text);
    return edited;
  }

  @Test
  void anEditedTargetIsRefusedOrMeansTheSame() throws Exception {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      String key = server.kms("create-key", "{'key_alias':'a'}", "/key_info/key_id");
      String path = "/v1.0/" + server.known("project_id") + "/kms/" + key + "/tags";
      String signedHeaders = headers(server, path);
      String expected = ask(server, path, signedHeaders);
      assertThat(expected).startsWith("HTTP/1.1 200 ").contains("existTagsNum");
      int accepted = 0;
      for (String edited : edits(path)) {
        String answer = ask(server, edited, signedHeaders);
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

  @Test
  void anEditedHeaderIsRefusedOrMeansTheSame() throws Exception {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      String key = server.kms("create-key", "{'key_alias':'a'}", "/key_info/key_id");
      String path = "/v1.0/" + server.known("project_id") + "/kms/" + key + "/tags";
      String headers = headers(server, path);
      String expected = ask(server, path, headers);
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
          String answer = ask(server, path, headers.replace(line + "\r\n", ended(edit)));
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

  private static String headers(LiveServer server, String path) {
    StringBuilder lines = new StringBuilder();
    new RequestSigner(server.known("ak"), server.known("sk"), server.known("project_id"))
        .sign("GET", "127.0.0.1:" + server.yaoku.port(), path, new byte[0], Instant.now())
        .forEach((name, value) -> lines.append(name).append(": ").append(value).append("\r\n"));
    return lines.toString();
  }

  private static String ask(LiveServer server, String target, String headers) throws IOException {
    try (RawClient client = new RawClient(server.yaoku.port())) {
      return client
          .send("GET " + target + " HTTP/1.1\r\n" + headers + "Connection: close\r\n\r\n")
          .readToEnd();
    }
  }

  private static String body(String answer) {
    return new String(
        answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1), ISO_8859_1);
  }
}
