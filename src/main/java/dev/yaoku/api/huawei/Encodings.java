package dev.yaoku.api.huawei;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Bytes as the wire writes them. One value has one spelling in Base64, two or more in hex. */
final class Encodings {
  private static final int BASE64_CHARACTERS_MIN = 128;
  private static final int BASE64_CHARACTERS_MAX = 5648;
  private static final int GROUP_CHARACTERS = 4;
  private static final int GROUP_BYTES = 3;

  private Encodings() {}

  /**
   * The bytes of a Base64 ciphertext.
   *
   * @throws KmsException with {@link Problem.BadCiphertext} if it is none
   */
  static byte[] base64(String text) {
    return base64(text, BASE64_CHARACTERS_MAX, Encodings::badCiphertext);
  }

  /**
   * The bytes of a ciphertext of any kind.
   *
   * @param refusal what is thrown if it is no Base64, or not the one spelling of its bytes
   */
  static byte[] base64(String text, int charactersMax, Supplier<KmsException> refusal) {
    byte[] bytes = base64(text, BASE64_CHARACTERS_MIN, charactersMax);
    if (bytes == null) {
      throw refusal.get();
    }
    return bytes;
  }

  /**
   * The bytes of Base64 of so many characters; null if it is none, or not the one spelling of its
   * bytes.
   *
   * @param charactersMin at least 1
   */
  static byte @Nullable [] base64(String text, int charactersMin, int charactersMax) {
    int length = text.length();
    if (length < charactersMin || length > charactersMax || length % GROUP_CHARACTERS != 0) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      return text.endsWith(lastGroup(bytes)) ? bytes : null;
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /** The decoder ignores bits that the last group does not use; here they must be as written. */
  private static String lastGroup(byte[] bytes) {
    int rest = bytes.length % GROUP_BYTES;
    int from = bytes.length - (rest == 0 ? GROUP_BYTES : rest);
    return Base64.getEncoder().encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
  }

  /** The bytes of a hex ciphertext, in any mix of cases. */
  static byte[] hexCiphertext(String text, int bytesMax) {
    if (text.length() > 4 * bytesMax) {
      throw badCiphertext();
    }
    // What is no Latin-1 becomes '?', which is no hex digit.
    byte[] characters = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] bytes = hex(characters, Encodings::badCiphertext);
    if (bytes.length > bytesMax) {
      throw badCiphertext();
    }
    return bytes;
  }

  /**
   * The bytes of hex, ASCII white space left out: one published example has a space in it ({@code
   * semantics.md} 4).
   *
   * @param refusal what is thrown if it is no hex
   */
  static byte[] hex(byte[] text, Supplier<KmsException> refusal) {
    byte[] bytes = new byte[text.length / 2];
    int digits = 0;
    for (byte b : text) {
      if (b == ' ' || (b >= '\t' && b <= '\r')) {
        continue;
      }
      int digit = Character.digit(b, 16);
      if (digit < 0 || digits / 2 == bytes.length) {
        Arrays.fill(bytes, (byte) 0);
        throw refusal.get();
      }
      bytes[digits / 2] = (byte) ((bytes[digits / 2] << 4) | digit);
      digits++;
    }
    if (digits / 2 == bytes.length && digits % 2 == 0) {
      return bytes;
    }
    byte[] shorter = Arrays.copyOf(bytes, digits / 2);
    Arrays.fill(bytes, (byte) 0);
    if (digits % 2 != 0) {
      Arrays.fill(shorter, (byte) 0);
      throw refusal.get();
    }
    return shorter;
  }

  private static KmsException badCiphertext() {
    return new KmsException(new Problem.BadCiphertext());
  }
}
