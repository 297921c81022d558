package dev.yaoku.service;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Makes names that nobody can guess and that are never used again.
 *
 * @see "SECURITY_DESIGN section 4, Ids; contract/authentication.md, section 2.6"
 */
public final class NewIds {
  private static final String ACCESS_KEY_PREFIX = "YK";
  private static final int ACCESS_KEY_RANDOM = 18;
  private static final int SECRET_LENGTH = 40;
  private static final int ID_BYTES = 16;
  private static final byte[] UPPER =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ALL =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
          .getBytes(StandardCharsets.US_ASCII);

  private final Randomness randomness;

  /** Names from this randomness. */
  public NewIds(Randomness randomness) {
    this.randomness = randomness;
  }

  /** The id of an account, project or user: 32 hexadecimal characters. */
  public String id() {
    return HexFormat.of().formatHex(randomness.bytes(ID_BYTES));
  }

  /**
   * The public name of an access key: exactly 20 characters, as some SDK signers need it. 18 of
   * them are random.
   */
  public String accessKey() {
    return ACCESS_KEY_PREFIX
        + new String(text(UPPER, ACCESS_KEY_RANDOM), StandardCharsets.US_ASCII);
  }

  /** A secret access key: 40 letters and digits, 238 bits. */
  public SecretBytes secretAccessKey() {
    return SecretBytes.take(text(ALL, SECRET_LENGTH));
  }

  /** Each character equally likely: bytes that would favour some are thrown away. */
  private byte[] text(byte[] alphabet, int length) {
    int fair = 256 - 256 % alphabet.length;
    byte[] text = new byte[length];
    int done = 0;
    while (done < length) {
      byte[] random = randomness.bytes(2 * length);
      for (int i = 0; i < random.length && done < length; i++) {
        int value = random[i] & 0xff;
        if (value < fair) {
          text[done++] = alphabet[value % alphabet.length];
        }
      }
      Arrays.fill(random, (byte) 0);
    }
    return text;
  }
}
