package dev.yaoku.crypto;

import java.util.Arrays;

/**
 * HMAC under one key (RFC 2104), any number of times, from any number of threads. It holds the key
 * as its two padded blocks, side by side, and nowhere else: the hash objects it borrows keep
 * nothing.
 */
final class Hmac {
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private final Hash hash;
  private final byte[] blocks;

  Hmac(Hash hash, byte[] key) {
    this.hash = hash;
    byte[] block = key.length > hash.blockBytes() ? hash.digest(key) : key.clone();
    this.blocks = new byte[2 * hash.blockBytes()];
    pad(block, 0, INNER);
    pad(block, hash.blockBytes(), OUTER);
    Arrays.fill(block, (byte) 0);
  }

  private void pad(byte[] key, int at, byte pad) {
    Arrays.fill(blocks, at, at + hash.blockBytes(), pad);
    for (int i = 0; i < key.length; i++) {
      blocks[at + i] ^= key[i];
    }
  }

  /** The code of the parts, one after the other. */
  byte[] of(byte[]... parts) {
    int length = hash.blockBytes();
    byte[] inner = hash.digestAfter(blocks, 0, length, parts);
    return hash.digestAfter(blocks, length, length, inner);
  }

  /** Destroys the key. Only when nobody uses it any more. */
  void wipe() {
    Arrays.fill(blocks, (byte) 0);
  }
}
