package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Password records. */
class PasswordsTest {
  private static SecretBytes secret(String text) {
    return SecretBytes.take(Text.utf8(text));
  }

  private static String text(SecretBytes secret) {
    return secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
  }

  @Test
  void aRecordVerifiesItsPasswordAndNoOther() {
    SecretBytes record = Passwords.hash(secret("correct horse"), Randomness.kernel());

    assertThat(text(record)).matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[^$]{22}\\$[^$]{43}");
    assertThat(Passwords.verify(secret("correct horse"), record)).isTrue();
    assertThat(Passwords.verify(secret("correct horsf"), record)).isFalse();
    assertThat(Passwords.verify(secret(""), record)).isFalse();
  }

  @Test
  void twoRecordsOfOnePasswordDiffer() {
    assertThat(text(Passwords.hash(secret("a"), Randomness.kernel())))
        .isNotEqualTo(text(Passwords.hash(secret("a"), Randomness.kernel())));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "$argon2id$v=19$m=4294967295,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$"
            + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA"
      })
  void aRecordWithOtherParametersIsNotObeyed(String record) {
    assertThatThrownBy(() -> Passwords.verify(secret("a"), secret(record)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("this is no password record of ours");
  }

  @Test
  void theFunctionIsThatOfTheReferenceImplementation() {
    // phc-winner-argon2, test.c: Argon2id, version 19, 2 passes, 64 MiB, 1 lane
    byte[] hash = Passwords.argon2id(secret("password"), Text.utf8("somesalt"), 65_536);

    assertThat(java.util.HexFormat.of().formatHex(hash))
        .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
  }
}
