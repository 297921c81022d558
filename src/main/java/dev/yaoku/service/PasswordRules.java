package dev.yaoku.service;

import dev.yaoku.crypto.Hashes;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** What a password must be like ({@code authentication.md} says nothing; the vendor's rules). */
final class PasswordRules {
  private static final int BYTES_MIN = 8;
  private static final int BYTES_MAX = 128;
  private static final int KINDS_MIN = 2;

  private PasswordRules() {}

  /**
   * Refuses a password that is easily guessed.
   *
   * @throws KmsException with {@link Problem.BadValue}, which does not say what it is like
   */
  static void mustHold(SecretBytes password, String userName) {
    boolean fine = password.lend(bytes -> isFine(bytes, userName));
    if (!fine) {
      throw new KmsException(
          new Problem.BadValue(
              Field.OTHER,
              "password",
              "The password must have 8 to 128 characters of at least two kinds (upper case, lower"
                  + " case, digits, others), and be neither the user's name nor that backwards."));
    }
  }

  private static boolean isFine(byte[] password, String userName) {
    if (password.length < BYTES_MIN || password.length > BYTES_MAX) {
      return false;
    }
    return kinds(password) >= KINDS_MIN && !isName(password, userName);
  }

  private static long kinds(byte[] password) {
    int seen = 0;
    for (byte b : password) {
      seen |= 1 << kind(b);
    }
    return Integer.bitCount(seen);
  }

  private static int kind(byte b) {
    if (b >= 'a' && b <= 'z') {
      return 0;
    }
    if (b >= 'A' && b <= 'Z') {
      return 1;
    }
    return b >= '0' && b <= '9' ? 2 : 3;
  }

  /** Compared without case, forwards and backwards. */
  private static boolean isName(byte[] password, String userName) {
    byte[] name = userName.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
    byte[] lower = password.clone();
    byte[] backwards = new byte[lower.length];
    try {
      for (int i = 0; i < lower.length; i++) {
        if (lower[i] >= 'A' && lower[i] <= 'Z') {
          lower[i] = (byte) (lower[i] + ('a' - 'A'));
        }
        backwards[lower.length - 1 - i] = lower[i];
      }
      return Hashes.constantTimeEquals(lower, name) || Hashes.constantTimeEquals(backwards, name);
    } finally {
      Arrays.fill(lower, (byte) 0);
      Arrays.fill(backwards, (byte) 0);
    }
  }
}
