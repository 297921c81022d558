package dev.yaoku.server;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.IntFunction;

/**
 * Ids of requests: 128 random bits each, from a small buffer of one event loop (SECURITY_DESIGN
 * L7). Ids are public, so the buffer costs nothing but is refilled seldom.
 */
final class RequestIds {
  private static final int ID_BYTES = 16;
  private static final int BUFFER_BYTES = 64 * ID_BYTES;

  private final IntFunction<byte[]> random;
  private byte[] buffer = new byte[0];
  private int used;

  RequestIds(IntFunction<byte[]> random) {
    this.random = random;
  }

  /** 32 hexadecimal characters. */
  String next() {
    if (used == buffer.length) {
      buffer = random.apply(BUFFER_BYTES);
      used = 0;
    }
    String id = HexFormat.of().formatHex(buffer, used, used + ID_BYTES);
    Arrays.fill(buffer, used, used + ID_BYTES, (byte) 0);
    used += ID_BYTES;
    return id;
  }
}
