package dev.yaoku.cli;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SecretSearchTest {
  private static final byte[] KEY = HexFormat.of().parseHex("00017ff0aa55aa00");

  private final SecretSearch search = new SecretSearch();

  @Test
  void aSecretIsFoundInEveryFormAndPlace() {
    search.text("password", "hunter2hunter2");
    search.bytes("key", KEY);

    assertThat(search.findIn(bytes("..hunter2hunter2"))).containsExactly("password");
    assertThat(search.findIn("xhunter2hunter2x".getBytes(UTF_16LE)))
        .containsExactly("password (UTF-16)");
    assertThat(search.findIn(KEY)).containsExactly("key");
    assertThat(search.findIn(bytes("x" + HexFormat.of().formatHex(KEY))))
        .containsExactly("key in hexadecimal");
    assertThat(search.findIn(bytes(Base64.getEncoder().encodeToString(KEY))))
        .containsExactly("key in Base64");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    search.bytes("key", KEY);

    assertThat(search.findIn(new byte[0])).isEmpty();
    assertThat(search.findIn(HexFormat.of().parseHex("00017ff0aa55aa"))).isEmpty();
  }

  @Test
  void anEmptySecretIsRefused() {
    search.text("nothing", "");

    assertThatThrownBy(() -> search.findIn(new byte[1]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
