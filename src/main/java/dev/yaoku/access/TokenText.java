package dev.yaoku.access;

import dev.yaoku.crypto.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * How tokens look: {@code yk1_} and the Base64url text of 32 random bytes. Stored is only the
 * SHA-256 of the whole text (SECURITY_DESIGN section 4, "Tokens").
 */
public final class TokenText {
  /** How many random bytes a token is made of. */
  public static final int RANDOM_BYTES = 32;

  private static final String PREFIX = "yk1_";
  private static final int LENGTH = PREFIX.length() + 43;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private TokenText() {}

  /** The token of these random bytes. */
  public static String of(byte[] random) {
    if (random.length != RANDOM_BYTES) {
      throw new IllegalArgumentException("a token is made of 32 bytes");
    }
    return PREFIX + BASE64.encodeToString(random);
  }

  /** Whether the text could be a token of this server. */
  public static boolean fits(String text) {
    if (text.length() != LENGTH || !text.startsWith(PREFIX)) {
      return false;
    }
    for (int i = PREFIX.length(); i < LENGTH; i++) {
      char c = text.charAt(i);
      boolean base64 =
          (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_';
      if (!base64) {
        return false;
      }
    }
    return true;
  }

  /** What a token is stored and looked up by: 64 hexadecimal characters. */
  public static String sha256(String token) {
    return HexFormat.of().formatHex(Hashes.sha256(token.getBytes(StandardCharsets.ISO_8859_1)));
  }
}
