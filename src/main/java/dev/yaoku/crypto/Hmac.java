package dev.yaoku.crypto;

import java.util.Arrays;

/**
 * HMAC under one key (RFC 2104), any number of times, from any number of threads. It holds the key
 * as its two padded blocks and nowhere else: the hash objects it borrows keep nothing.
 */
final class Hmac {
  private static final byte INNER = 0x36;
  private static final byte OUTER = 0x5c;

  private final Hash hash;
  private final byte[] inner;
  private final byte[] outer;

  Hmac(Hash hash, byte[] key) {
    this.hash = hash;
    byte[] block = key.length > hash.blockBytes() ? hash.digest(key) : key.clone();
    this.inner = padded(block, INNER);
    this.outer = padded(block, OUTER);
    Arrays.fill(block, (byte) 0);
  }

  private byte[] padded(byte[] key, byte pad) {
    byte[] block = new byte[hash.blockBytes()];
    Arrays.fill(block, pad);
    for (int i = 0; i < key.length; i++) {
      block[i] ^= key[i];
    }
    return block;
  }

  /** The code of the parts, one after the other. */
  byte[] of(byte[]... parts) {
    return hash.digestAfter(outer, hash.digestAfter(inner, parts));
  }

  /** Destroys the key. Only when nobody uses it any more. */
  void wipe() {
    Arrays.fill(inner, (byte) 0);
    Arrays.fill(outer, (byte) 0);
  }
}
