package dev.yaoku.seal;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * What docs/ciphertext-format.md says of subkeys, seals, wraps and rows, from the JDK's primitives
 * alone: no code of the server.
 */
public final class SealedByHand {
  private static final int BLOCK = 16;
  private static final int HALF_NONCE = 12;
  private static final int NONCE = 24;

  private SealedByHand() {}

  /** That many bytes, all the same. */
  public static byte[] repeated(int value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  /** The bytes one after the other. */
  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] u32(int number) {
    return ByteBuffer.allocate(4).putInt(number).array();
  }

  private static byte[] u64(long number) {
    return ByteBuffer.allocate(8).putLong(number).array();
  }

  /** LP: the length as u32, then the bytes. */
  public static byte[] lp(byte[] bytes) {
    return join(u32(bytes.length), bytes);
  }

  /** LP of each field, texts in UTF-8, numbers as u64. */
  public static byte[] fields(Object... fields) {
    byte[] all = {};
    for (Object field : fields) {
      byte[] bytes =
          field instanceof String text ? text.getBytes(UTF_8) : u64(((Number) field).longValue());
      all = join(all, lp(bytes));
    }
    return all;
  }

  /** LP(table) ‖ u32 columns ‖ LP of each column, NULL as length FFFFFFFF. */
  public static byte[] row(String table, @Nullable Object... columns) {
    byte[] all = join(lp(table.getBytes(UTF_8)), u32(columns.length));
    for (Object column : columns) {
      all =
          switch (column) {
            case null -> join(all, u32(-1));
            case byte[] bytes -> join(all, lp(bytes));
            default -> join(all, fields(column));
          };
    }
    return all;
  }

  /** K.x: RFC 5869 without a salt, one block long. */
  public static byte[] subkey(byte[] key, String purpose) {
    byte[] info = ("yaoku/1/" + purpose).getBytes(US_ASCII);
    return hmac(hmac(new byte[32], key), info, new byte[] {1});
  }

  /** HMAC-SHA-256 of the parts, one after the other. */
  public static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(join(parts));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * A wrap.
   *
   * @param random the 32 random bytes of its nonce
   */
  static byte[] wrap(byte[] key, byte[] random, int purpose, byte[] rest, byte[] secret) {
    byte[] head = {0x59, 1, 1, (byte) (0x80 + purpose)};
    byte[] derived = hmac(subkey(key, "nonce"), random, head, new byte[NONCE], rest, secret);
    byte[] nonce = Arrays.copyOf(derived, NONCE);
    byte[] associated = join(head, nonce, rest);
    byte[] commitment = hmac(subkey(key, "commit"), associated);
    return join(head, nonce, commitment, xaes(subkey(key, "enc"), nonce, associated, secret));
  }

  /** C2SP's XAES-256-GCM. */
  private static byte[] xaes(byte[] key, byte[] nonce, byte[] associated, byte[] payload) {
    try {
      Cipher block = Cipher.getInstance("AES/ECB/NoPadding");
      block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
      byte[] k1 = doubled(block.doFinal(new byte[BLOCK]));
      byte[] start = Arrays.copyOf(nonce, HALF_NONCE);
      byte[] first = xor(k1, join(new byte[] {0, 1, 'X', 0}, start));
      byte[] second = xor(k1, join(new byte[] {0, 2, 'X', 0}, start));
      byte[] messageKey = block.doFinal(join(first, second));
      Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
      gcm.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(messageKey, "AES"),
          new GCMParameterSpec(128, nonce, HALF_NONCE, HALF_NONCE));
      gcm.updateAAD(associated);
      return gcm.doFinal(payload);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] doubled(byte[] block) {
    byte[] shifted = new byte[BLOCK];
    for (int bit = 1; bit < 8 * BLOCK; bit++) {
      int value = (block[bit / 8] >> (7 - bit % 8)) & 1;
      shifted[(bit - 1) / 8] |= (byte) (value << (7 - (bit - 1) % 8));
    }
    if (block[0] < 0) {
      shifted[BLOCK - 1] ^= (byte) 0x87;
    }
    return shifted;
  }

  private static byte[] xor(byte[] one, byte[] other) {
    byte[] result = one.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] ^= other[i];
    }
    return result;
  }
}
