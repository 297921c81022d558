package dev.yaoku.crypto;

import java.security.MessageDigest;
import java.util.Arrays;

/** Hashes and keyed hashes in one call. */
public final class Hashes {
  private Hashes() {}

  /** SHA-256 of the parts, one after the other: 32 bytes. */
  public static byte[] sha256(byte[]... parts) {
    return Hash.SHA_256.digest(parts);
  }

  /** SM3 of the parts, one after the other: 32 bytes (GB/T 32905). */
  public static byte[] sm3(byte[]... parts) {
    return Hash.SM3.digest(parts);
  }

  /** HMAC-SHA-256 of the parts, one after the other: 32 bytes (RFC 2104). */
  public static byte[] hmacSha256(byte[] key, byte[]... parts) {
    return hmac(Hash.SHA_256, key, parts);
  }

  /** HMAC-SM3 of the parts, one after the other: 32 bytes. */
  public static byte[] hmacSm3(byte[] key, byte[]... parts) {
    return hmac(Hash.SM3, key, parts);
  }

  /** HMAC with any of the hashes. */
  public static byte[] hmac(Hash hash, byte[] key, byte[]... parts) {
    Hmac hmac = new Hmac(hash, key);
    try {
      return hmac.of(parts);
    } finally {
      hmac.wipe();
    }
  }

  /** Whether both hold the same bytes, in time that depends on the lengths only. */
  public static boolean constantTimeEquals(byte[] a, byte[] b) {
    return MessageDigest.isEqual(a, b);
  }

  static void wipe(byte[] bytes) {
    Arrays.fill(bytes, (byte) 0);
  }
}
