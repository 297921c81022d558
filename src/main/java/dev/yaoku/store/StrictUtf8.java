package dev.yaoku.store;

import dev.yaoku.crypto.Text;
import java.nio.charset.StandardCharsets;

/** Turns text into bytes without ever replacing anything (SECURITY_DESIGN H2). */
final class StrictUtf8 {
  /** What the JDK encodes instead of half of a surrogate pair. */
  private static final byte REPLACEMENT = '?';

  private StrictUtf8() {}

  /**
   * The text in UTF-8.
   *
   * @throws IllegalArgumentException if it holds half of a surrogate pair, or the character 0,
   *     which PostgreSQL does not store
   */
  static byte[] bytes(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (!isPlain(text, utf8)) {
      check(text);
    }
    return utf8;
  }

  /** A byte for each character, and none that may stand for one that has no bytes: all is ASCII. */
  private static boolean isPlain(String text, byte[] utf8) {
    if (utf8.length != text.length()) {
      return false;
    }
    for (byte unit : utf8) {
      if (unit == 0 || unit == REPLACEMENT) {
        return false;
      }
    }
    return true;
  }

  private static void check(String text) {
    if (text.indexOf(0) >= 0) {
      throw new IllegalArgumentException("text with the character 0");
    }
    if (!Text.isEncodable(text)) {
      throw new IllegalArgumentException("text with half of a surrogate pair");
    }
  }
}
