package dev.yaoku.crypto;

import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * Random numbers for one signature that depend on key and message as well: the seed is HMAC(private
 * key, digest ‖ 32 fresh bytes). A repeated random state then repeats a nonce only for a repeated
 * message; with a bare generator it would give the private key away (SECURITY_DESIGN H6).
 *
 * <p>Whoever has the seed has the nonce, and with nonce and signature the private key. So it is
 * wiped when the signature is made, and gives no more numbers.
 */
final class HedgedNonces implements AutoCloseable {
  private static final int FRESH_BYTES = 32;

  private final byte[] seed;
  private final SecureRandom random = new RandomnessAdapter(this::read);
  private int counter;
  private boolean closed;

  private HedgedNonces(byte[] seed) {
    this.seed = seed;
  }

  /** Numbers for one message that somebody encrypts, without a private key to depend on. */
  static HedgedNonces of(byte[] digest, Randomness randomness) {
    byte[] fresh = randomness.bytes(FRESH_BYTES);
    HedgedNonces nonces = new HedgedNonces(Hashes.hmacSha256(fresh, digest));
    Hashes.wipe(fresh);
    return nonces;
  }

  static HedgedNonces of(byte[] privateKey, byte[] digest, Randomness randomness) {
    return new HedgedNonces(Hashes.hmacSha256(privateKey, digest, randomness.bytes(FRESH_BYTES)));
  }

  /** The numbers, as a signer wants them: HMAC(seed, 1) ‖ HMAC(seed, 2) ‖ … */
  SecureRandom random() {
    return random;
  }

  private byte[] read(int length) {
    if (closed) {
      throw new IllegalStateException("nonces are for one signature");
    }
    ByteBuffer out = ByteBuffer.allocate(length);
    while (out.hasRemaining()) {
      byte[] block =
          Hashes.hmacSha256(seed, ByteBuffer.allocate(Integer.BYTES).putInt(++counter).array());
      out.put(block, 0, Math.min(block.length, out.remaining()));
      Hashes.wipe(block);
    }
    return out.array();
  }

  @Override
  public void close() {
    closed = true;
    Hashes.wipe(seed);
  }
}
