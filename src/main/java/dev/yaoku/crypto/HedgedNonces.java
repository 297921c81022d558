package dev.yaoku.crypto;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Random numbers for one signature that depend on key and message as well: the seed is HMAC(private
 * key, digest ‖ 32 fresh bytes). A repeated random state then repeats a nonce only for a repeated
 * message; with a bare generator it would give the private key away (SECURITY_DESIGN H6).
 */
final class HedgedNonces {
  private HedgedNonces() {}

  static SecureRandom of(byte[] privateKey, byte[] digest, Randomness randomness) {
    byte[] seed = Hashes.hmacSha256(privateKey, digest, randomness.bytes(32));
    return new RandomnessAdapter(new Stream(seed)::read);
  }

  /** HMAC(seed, 1) ‖ HMAC(seed, 2) ‖ … */
  private static final class Stream {
    private final byte[] seed;
    private int counter;

    Stream(byte[] seed) {
      this.seed = seed;
    }

    byte[] read(int length) {
      ByteBuffer out = ByteBuffer.allocate(length);
      while (out.hasRemaining()) {
        byte[] block =
            Hashes.hmacSha256(seed, ByteBuffer.allocate(Integer.BYTES).putInt(++counter).array());
        out.put(block, 0, Math.min(block.length, out.remaining()));
      }
      return out.array();
    }
  }
}
