package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What no answer and no line of the log may hold. */
final class Disclosures {
  /** How our insides look from within. */
  private static final List<String> INSIDES =
      List.of(
          "dev.yaoku",
          "java.lang",
          "java.util",
          "java.sql",
          "tools.jackson",
          "com.fasterxml",
          "org.sqlite",
          "io.netty",
          "io.vertx",
          "exception",
          "stackoverflow",
          "caused by",
          "\tat ",
          "select ",
          "insert into",
          "sqlite_",
          "row_mac",
          "root.key",
          "yaoku.db");

  private final List<String> secrets = new ArrayList<>();

  /** Looks for these bytes too, in every spelling. */
  void secret(byte[] bytes) {
    secrets.add(new String(bytes, ISO_8859_1));
    secrets.add(HexFormat.of().formatHex(bytes));
    secrets.add(HexFormat.of().withUpperCase().formatHex(bytes));
    secrets.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    secrets.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  void secret(String text) {
    secret(text.getBytes(UTF_8));
  }

  /** No secret is in the text. */
  void holdsNoSecret(String what, String text) {
    for (String secret : secrets) {
      assertThat(text.contains(secret)).as(what + " holds a secret").isFalse();
    }
  }

  /** Neither a secret nor a word of our insides is in the text. */
  void tellsNothing(String what, String text) {
    holdsNoSecret(what, text);
    String lower = text.toLowerCase(Locale.ROOT);
    for (String word : INSIDES) {
      assertThat(lower.contains(word)).as(what + " tells " + word).isFalse();
    }
  }
}
