package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent-encoding as the signature defines it: {@code A-Z a-z 0-9 - _ . ~} stay, every other byte
 * of the UTF-8 form becomes {@code %XX} in upper case. Decoding is strict.
 */
final class PercentEncoding {
  private static final char[] DIGITS = "0123456789ABCDEF".toCharArray();
  private static final boolean[] UNRESERVED = new boolean[128];

  static {
    for (char c = 0; c < 128; c++) {
      UNRESERVED[c] =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-_.~".indexOf(c) >= 0;
    }
  }

  private PercentEncoding() {}

  static String of(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    append(out, text);
    return out.toString();
  }

  /** Appends the encoded text. Most texts need no encoding and are copied as they are. */
  static void append(StringBuilder out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c >= 128 || !UNRESERVED[c]) {
        out.append(text, 0, i);
        appendBytes(out, text.substring(i));
        return;
      }
    }
    out.append(text);
  }

  private static void appendBytes(StringBuilder out, String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b >= 0 && UNRESERVED[b]) {
        out.append((char) b);
      } else {
        out.append('%').append(DIGITS[(b >> 4) & 0xf]).append(DIGITS[b & 0xf]);
      }
    }
  }

  /**
   * Decodes a part of a target whose characters are all ASCII.
   *
   * @param plusIsSpace as in a query
   */
  static String decode(String raw, int from, int to, boolean plusIsSpace) {
    byte[] bytes = new byte[to - from];
    int length = 0;
    for (int i = from; i < to; i++) {
      char c = raw.charAt(i);
      int octet = c;
      if (c == '%') {
        if (i + 2 >= to) {
          throw malformed();
        }
        octet = (digit(raw.charAt(i + 1)) << 4) | digit(raw.charAt(i + 2));
        i += 2;
      } else if (c == '+' && plusIsSpace) {
        octet = ' ';
      }
      if (octet < 0x20 || octet == 0x7f) {
        throw refused("The request target holds a control character.");
      }
      bytes[length++] = (byte) octet;
    }
    return text(bytes, length);
  }

  private static String text(byte[] bytes, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw refused("The request target is not UTF-8.");
    }
  }

  private static int digit(char c) {
    int value = c < 128 ? Character.digit(c, 16) : -1;
    if (value < 0) {
      throw malformed();
    }
    return value;
  }

  private static KmsException malformed() {
    return refused("The request target holds a malformed percent sequence.");
  }

  static KmsException refused(String why) {
    return new KmsException(new Problem.BadRequest(why));
  }
}
