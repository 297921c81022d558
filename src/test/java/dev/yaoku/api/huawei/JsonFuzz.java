package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yaoku.api.Utf8;
import dev.yaoku.crypto.Context;
import dev.yaoku.key.KmsException;
import dev.yaoku.secret.SecretBytes;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Bodies as strangers send them (SECURITY_DESIGN H2, M8). The JDK and Jackson are the oracles. */
class JsonFuzz {
  private static final JsonMapper ORACLE = new JsonMapper();

  /** Members of every kind that bodies have. */
  record Body(
      @Nullable String keyId,
      @Nullable SecretBytes plainText,
      @Nullable Context encryptionContext,
      @Nullable String limit,
      @Nullable List<String> operations) {}

  private static final Json.Shape<Body> SHAPE = Json.Shape.of(Body.class);

  /** A body is refused in the API's own way, or its secret is the text that anybody reads there. */
  @FuzzTest
  void aBodyIsReadOrRefused(byte[] bytes) {
    byte[] before = bytes.clone();
    try (Incoming<Body> incoming = Json.read(bytes, SHAPE)) {
      SecretBytes secret = incoming.members().plainText();
      if (secret != null) {
        String expected = ORACLE.readTree(before).at("/plain_text").asString();
        assertThat(secret.<byte[]>lend(byte[]::clone))
            .isEqualTo(expected.getBytes(StandardCharsets.UTF_8));
      }
    } catch (KmsException refused) {
      assertThat(refused.problem()).isNotNull();
    }
  }

  /** What is UTF-8 here is UTF-8 to the JDK, and nothing else is. */
  @FuzzTest
  void utf8IsWhatTheJdkSaysItIs(byte[] bytes) {
    boolean valid;
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      valid = true;
    } catch (CharacterCodingException malformed) {
      valid = false;
    }
    assertThat(Utf8.isValid(bytes)).isEqualTo(valid);
  }

  /** A JSON string is refused, or decoded as Jackson decodes it. */
  @FuzzTest
  void aStringIsDecodedAsJacksonDoes(byte[] bytes) {
    byte[] quoted = new byte[bytes.length + 2];
    quoted[0] = '"';
    System.arraycopy(bytes, 0, quoted, 1, bytes.length);
    quoted[quoted.length - 1] = '"';
    if (!Utf8.isValid(quoted)) {
      return;
    }
    String expected;
    try {
      expected = ORACLE.readValue(quoted, String.class);
    } catch (JacksonException noString) {
      return; // the parser refuses the body before
    }
    byte[] decoded;
    try {
      decoded = RawText.decode(quoted, 0);
    } catch (KmsException refused) {
      throw new AssertionError("refused what Jackson reads: " + Arrays.toString(bytes), refused);
    }
    if (decoded == null) {
      assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(expected)).isFalse();
    } else {
      assertThat(new String(decoded, StandardCharsets.UTF_8)).isEqualTo(expected);
    }
  }
}
