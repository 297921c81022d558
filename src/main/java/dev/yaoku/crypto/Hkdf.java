package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.nio.charset.StandardCharsets;

/** HKDF: many keys from one (RFC 5869), with SHA-256 or SM3. */
public final class Hkdf {
  private static final byte[] NO_SALT = {};
  private static final String LABEL = "yaoku/1/";

  private Hkdf() {}

  /**
   * Extract and expand.
   *
   * @param ikm the key to derive from
   * @param salt public, may be empty
   * @param info what the result is for
   * @param length 1 to 255 times the hash's length, in bytes
   */
  public static byte[] derive(Hash hash, byte[] ikm, byte[] salt, byte[] info, int length) {
    if (length < 1 || length > 255 * hash.length()) {
      throw new IllegalArgumentException("HKDF cannot make " + length + " bytes");
    }
    byte[] prk = Hashes.hmac(hash, salt, ikm);
    Hmac expand = new Hmac(hash, prk);
    byte[] result = new byte[length];
    byte[] block = {};
    for (int done = 0, counter = 1; done < length; counter++) {
      byte[] next = expand.of(block, info, new byte[] {(byte) counter});
      Hashes.wipe(block);
      block = next;
      int part = Math.min(block.length, length - done);
      System.arraycopy(block, 0, result, done, part);
      done += part;
    }
    Hashes.wipe(block);
    Hashes.wipe(prk);
    expand.wipe();
    return result;
  }

  /**
   * The subkey {@code K.x} of a key that is never used raw: no salt, info "yaoku/1/x", 32 bytes.
   *
   * @see "SECURITY_DESIGN section 4, Subkeys"
   */
  public static SecretBytes subkey(Hash hash, SecretBytes key, String purpose) {
    return key.lend(bytes -> SecretBytes.take(subkey(hash, bytes, purpose)));
  }

  static byte[] subkey(Hash hash, byte[] key, String purpose) {
    byte[] info = (LABEL + purpose).getBytes(StandardCharsets.US_ASCII);
    return derive(hash, key, NO_SALT, info, 32);
  }
}
