package dev.yaoku.api.huawei;

import dev.yaoku.api.Utf8;
import java.util.Arrays;
import java.util.Base64;

/**
 * Writes an answer with secrets into one array of exactly the right size, which the listener wipes:
 * nothing of it is ever text.
 */
final class Out {
  private static final byte[] HEX = ascii("0123456789ABCDEF");
  private static final byte[] LOWER_HEX = ascii("0123456789abcdef");
  private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};
  private static final int UNICODE_ESCAPE_BYTES = 6;

  private final byte[] out;
  private int at;

  Out(int size) {
    this.out = new byte[size];
  }

  /** Bytes of a text without any character beyond ASCII. */
  static byte[] ascii(String text) {
    byte[] bytes = new byte[text.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) text.charAt(i);
    }
    return bytes;
  }

  Out put(byte[] bytes) {
    System.arraycopy(bytes, 0, out, at, bytes.length);
    at += bytes.length;
    return this;
  }

  /** Text without any character beyond ASCII, and none that JSON escapes. */
  Out put(String text) {
    for (int i = 0; i < text.length(); i++) {
      out[at++] = (byte) text.charAt(i);
    }
    return this;
  }

  Out hex(byte[] bytes) {
    return hex(bytes, HEX);
  }

  Out lowerHex(byte[] bytes) {
    return hex(bytes, LOWER_HEX);
  }

  private Out hex(byte[] bytes, byte[] digits) {
    for (byte b : bytes) {
      out[at++] = digits[(b >> 4) & 0xf];
      out[at++] = digits[b & 0xf];
    }
    return this;
  }

  static int base64Length(int bytes) {
    return (bytes + 2) / 3 * 4;
  }

  Out base64(byte[] bytes) {
    byte[] encoded = Base64.getEncoder().encode(bytes);
    put(encoded);
    Arrays.fill(encoded, (byte) 0);
    return this;
  }

  /** How long these bytes are as the inside of a JSON string. */
  static int textLength(byte[] utf8) {
    int length = 0;
    int i = 0;
    while (i < utf8.length) {
      byte b = utf8[i];
      if (b >= 0) {
        length += escape(b) != 0 ? 2 : b < ' ' ? UNICODE_ESCAPE_BYTES : 1;
        i++;
      } else {
        int sequence = Utf8.sequence(utf8, i, utf8.length);
        length += sequence > 0 ? sequence : REPLACEMENT.length;
        i += Math.abs(sequence);
      }
    }
    return length;
  }

  /** Bytes as the inside of a JSON string; what is no UTF-8 becomes U+FFFD. */
  Out text(byte[] utf8) {
    int i = 0;
    while (i < utf8.length) {
      byte b = utf8[i];
      if (b >= 0) {
        character(b);
        i++;
      } else {
        int sequence = Utf8.sequence(utf8, i, utf8.length);
        if (sequence > 0) {
          System.arraycopy(utf8, i, out, at, sequence);
          at += sequence;
        } else {
          put(REPLACEMENT);
        }
        i += Math.abs(sequence);
      }
    }
    return this;
  }

  private void character(byte b) {
    int escape = escape(b);
    if (escape != 0) {
      out[at++] = '\\';
      out[at++] = (byte) escape;
    } else if (b < ' ') {
      put("\\u00");
      out[at++] = HEX[b >> 4];
      out[at++] = HEX[b & 0xf];
    } else {
      out[at++] = b;
    }
  }

  private static int escape(byte b) {
    return switch (b) {
      case '"', '\\' -> b;
      case '\b' -> 'b';
      case '\f' -> 'f';
      case '\n' -> 'n';
      case '\r' -> 'r';
      case '\t' -> 't';
      default -> 0;
    };
  }

  /** The array, which must be full. */
  byte[] done() {
    if (at != out.length) {
      throw new IllegalStateException("an answer of " + out.length + " bytes has " + at);
    }
    return out;
  }
}
