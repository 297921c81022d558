package dev.yaoku.api.huawei;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Decodes a JSON string of a body into UTF-8 without leaving copies of it behind. */
final class RawText {
  private final byte[] body;
  private final byte[] out;
  private int at;
  private int length;
  private boolean unpaired;

  private RawText(byte[] body, int start, int end) {
    this.body = body;
    this.out = new byte[end - start];
    this.at = start;
  }

  /**
   * The UTF-8 of a string.
   *
   * @param body valid UTF-8
   * @param quote where the opening quote is
   * @return null if the string has half a surrogate pair
   * @throws KmsException with {@link Problem.BadJson} if it is no JSON string
   */
  static byte @Nullable [] decode(byte[] body, int quote) {
    int start = quote + 1;
    int end = start;
    boolean escaped = false;
    while (end < body.length && body[end] != '"') {
      if (body[end] == '\\') {
        escaped = true;
        end++;
      }
      end++;
    }
    if (end >= body.length) {
      throw malformed();
    }
    return escaped
        ? new RawText(body, start, end).unescaped(end)
        : Arrays.copyOfRange(body, start, end);
  }

  private byte @Nullable [] unescaped(int end) {
    try {
      while (at < end) {
        byte b = body[at++];
        if (b == '\\') {
          escape();
        } else {
          out[length++] = b;
        }
      }
      return unpaired ? null : Arrays.copyOf(out, length);
    } finally {
      Arrays.fill(out, (byte) 0);
    }
  }

  private void escape() {
    byte b = body[at++];
    switch (b) {
      case '"', '\\', '/' -> out[length++] = b;
      case 'b' -> out[length++] = '\b';
      case 'f' -> out[length++] = '\f';
      case 'n' -> out[length++] = '\n';
      case 'r' -> out[length++] = '\r';
      case 't' -> out[length++] = '\t';
      case 'u' -> unicode();
      default -> throw malformed();
    }
  }

  private void unicode() {
    char first = unit();
    if (!Character.isSurrogate(first)) {
      put(first);
      return;
    }
    boolean another = at + 1 < body.length && body[at] == '\\' && body[at + 1] == 'u';
    if (Character.isLowSurrogate(first) || !another) {
      unpaired = true;
      return;
    }
    at += 2;
    char second = unit();
    if (!Character.isLowSurrogate(second)) {
      unpaired = true;
      return;
    }
    put(Character.toCodePoint(first, second));
  }

  private char unit() {
    int unit = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < body.length ? Character.digit(body[at++], 16) : -1;
      if (digit < 0) {
        throw malformed();
      }
      unit = (unit << 4) | digit;
    }
    return (char) unit;
  }

  private void put(int codePoint) {
    if (codePoint < 0x80) {
      out[length++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      out[length++] = (byte) (0xc0 | (codePoint >> 6));
      putLast(codePoint);
    } else if (codePoint < 0x10000) {
      out[length++] = (byte) (0xe0 | (codePoint >> 12));
      out[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
      putLast(codePoint);
    } else {
      out[length++] = (byte) (0xf0 | (codePoint >> 18));
      out[length++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
      out[length++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
      putLast(codePoint);
    }
  }

  private void putLast(int codePoint) {
    out[length++] = (byte) (0x80 | (codePoint & 0x3f));
  }

  private static KmsException malformed() {
    return new KmsException(new Problem.BadJson("The body is not valid JSON."));
  }
}
