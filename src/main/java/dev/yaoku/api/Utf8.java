package dev.yaoku.api;

import dev.yaoku.crypto.Text;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** What is and what is not UTF-8 (RFC 3629). */
public final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long HIGH_BITS = 0x8080_8080_8080_8080L;

  private Utf8() {}

  /** Whether all bytes are well-formed: no overlong forms, no surrogates, nothing cut short. */
  public static boolean isValid(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      at = afterAscii(bytes, at);
      if (at == bytes.length) {
        return true;
      }
      int length = sequence(bytes, at, bytes.length);
      if (length <= 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  private static int afterAscii(byte[] bytes, int from) {
    int at = from;
    while (at + Long.BYTES <= bytes.length && ((long) LONGS.get(bytes, at) & HIGH_BITS) == 0) {
      at += Long.BYTES;
    }
    while (at < bytes.length && bytes[at] >= 0) {
      at++;
    }
    return at;
  }

  /**
   * The length of the character that begins here, or, negated, how many bytes belong to a broken
   * one.
   */
  public static int sequence(byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xc2 || first > 0xf4 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (length == 0) {
      return -1;
    }
    for (int i = 1; i < length; i++) {
      if (at + i >= end || !continues(first, i, bytes[at + i] & 0xff)) {
        return -i;
      }
    }
    return length;
  }

  /** Whether a byte may stand at a place after this first one. */
  private static boolean continues(int first, int place, int next) {
    int lowest = 0x80;
    int highest = 0xbf;
    if (place == 1) {
      switch (first) {
        case 0xe0 -> lowest = 0xa0;
        case 0xed -> highest = 0x9f;
        case 0xf0 -> lowest = 0x90;
        case 0xf4 -> highest = 0x8f;
        default -> {
          // Every continuation byte will do.
        }
      }
    }
    return next >= lowest && next <= highest;
  }

  /** How many characters well-formed bytes are: code points, as {@code codePointCount} says. */
  public static int characters(byte[] bytes) {
    int characters = 0;
    for (byte one : bytes) {
      if ((one & 0xc0) != 0x80) {
        characters++;
      }
    }
    return characters;
  }

  /** Whether a text has half a surrogate pair, so that it has no encoding. */
  public static boolean hasUnpairedSurrogate(String text) {
    return !Text.isEncodable(text);
  }
}
