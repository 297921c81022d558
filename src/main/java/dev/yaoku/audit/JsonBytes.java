package dev.yaoku.audit;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/** Writes JSON into bytes; just what entries need, without an object on the way. */
final class JsonBytes {
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private byte[] bytes;
  private int length;
  private boolean comma;

  JsonBytes(int expected) {
    bytes = new byte[expected];
  }

  /** What comes after members that stand elsewhere. */
  static JsonBytes continued(int expected) {
    JsonBytes out = new JsonBytes(expected);
    out.comma = true;
    return out;
  }

  /** Copies members that were written before, each with its comma in front. */
  void members(byte[] from, int start, int end) {
    int count = end - start;
    ensure(count);
    System.arraycopy(from, start, bytes, length, count);
    length += count;
  }

  int length() {
    return length;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  /** Leaves room, which is zero. */
  void skip(int count) {
    ensure(count);
    length += count;
  }

  void open(char bracket) {
    put(bracket);
    comma = false;
  }

  void close(char bracket) {
    put(bracket);
    comma = true;
  }

  /** Begins an element of an array. */
  void element() {
    if (comma) {
      put(',');
    }
    comma = true;
  }

  void name(String name) {
    element();
    put('"');
    ascii(name);
    put('"');
    put(':');
  }

  void number(String name, long value) {
    name(name);
    ascii(Long.toString(value));
  }

  /** A time in UTC with milliseconds. */
  void time(String name, long epochMillis) {
    name(name);
    long second = Math.floorDiv(epochMillis, 1000L);
    LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
    put('"');
    digits(time.getYear(), 4);
    put('-');
    digits(time.getMonthValue(), 2);
    put('-');
    digits(time.getDayOfMonth(), 2);
    put('T');
    digits(time.getHour(), 2);
    put(':');
    digits(time.getMinute(), 2);
    put(':');
    digits(time.getSecond(), 2);
    put('.');
    digits((int) Math.floorMod(epochMillis, 1000L), 3);
    put('Z');
    put('"');
  }

  /**
   * A text of at most so many bytes as it is written here.
   *
   * @return whether all of it was written
   */
  boolean text(String name, String value, int bytesMax) {
    name(name);
    return text(value, bytesMax);
  }

  /** An element of an array, of which at most so many bytes are written. */
  void element(String value, int bytesMax) {
    element();
    var _ = text(value, bytesMax);
  }

  private boolean text(String value, int bytesMax) {
    put('"');
    int end = length + bytesMax;
    int at = plain(value, bytesMax);
    while (at < value.length()) {
      int character = value.codePointAt(at);
      int before = length;
      character(character);
      if (length > end) {
        length = before;
        break;
      }
      at += Character.charCount(character);
    }
    put('"');
    return at >= value.length();
  }

  /** Copies the plain characters that a text begins with; most texts are nothing else. */
  private int plain(String value, int bytesMax) {
    int count = Math.min(value.length(), bytesMax);
    ensure(count);
    byte[] to = bytes;
    int from = length;
    int at = 0;
    while (at < count) {
      char character = value.charAt(at);
      if (character < 0x20 || character >= 0x7f || character == '"' || character == '\\') {
        break;
      }
      to[from + at] = (byte) character;
      at++;
    }
    length += at;
    return at;
  }

  private void character(int character) {
    if (character == '"' || character == '\\') {
      put('\\');
      put((char) character);
    } else if (character >= 0x20 && character < 0x7f) {
      put((char) character);
    } else if (character < 0x80 || isSurrogate(character)) {
      escape(character);
    } else {
      utf8(character);
    }
  }

  private static boolean isSurrogate(int character) {
    return character >= Character.MIN_SURROGATE && character <= Character.MAX_SURROGATE;
  }

  private void escape(int character) {
    ensure(6);
    bytes[length++] = '\\';
    bytes[length++] = 'u';
    for (int shift = 12; shift >= 0; shift -= 4) {
      bytes[length++] = HEX[(character >> shift) & 15];
    }
  }

  private void utf8(int character) {
    ensure(4);
    if (character < 0x800) {
      bytes[length++] = (byte) (0xc0 | (character >> 6));
    } else {
      if (character < 0x10000) {
        bytes[length++] = (byte) (0xe0 | (character >> 12));
      } else {
        bytes[length++] = (byte) (0xf0 | (character >> 18));
        bytes[length++] = (byte) (0x80 | ((character >> 12) & 0x3f));
      }
      bytes[length++] = (byte) (0x80 | ((character >> 6) & 0x3f));
    }
    bytes[length++] = (byte) (0x80 | (character & 0x3f));
  }

  private void digits(int number, int count) {
    ensure(count);
    int rest = number;
    for (int at = length + count - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += count;
  }

  private void ascii(String text) {
    int count = text.length();
    ensure(count);
    byte[] to = bytes;
    int from = length;
    for (int i = 0; i < count; i++) {
      to[from + i] = (byte) text.charAt(i);
    }
    length += count;
  }

  private void put(char character) {
    ensure(1);
    bytes[length++] = (byte) character;
  }

  private void ensure(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }
}
