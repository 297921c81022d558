package dev.yaoku.access;

import dev.yaoku.crypto.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;

/**
 * How tokens look: {@code yk1_}, or {@code yks1_} where they come with a temporary access key, and
 * the Base64url text of 32 random bytes. Stored is only the SHA-256 of the whole text
 * (SECURITY_DESIGN section 4, "Tokens").
 */
public final class TokenText {
  /** How many random bytes a token is made of. */
  public static final int RANDOM_BYTES = 32;

  /** How many characters name a token. */
  public static final int SHA256_DIGITS = 64;

  private static final int CREDENTIAL_DIGITS = 8;
  private static final String PREFIX = "yk1_";
  private static final String SECURITY_PREFIX = "yks1_";
  private static final int RANDOM_CHARACTERS = 43;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private TokenText() {}

  /** The token of these random bytes. */
  public static String of(byte[] random) {
    return with(PREFIX, random);
  }

  /** The security token of these random bytes. */
  public static String securityToken(byte[] random) {
    return with(SECURITY_PREFIX, random);
  }

  private static String with(String prefix, byte[] random) {
    if (random.length != RANDOM_BYTES) {
      throw new IllegalArgumentException("a token is made of 32 bytes");
    }
    return prefix + BASE64.encodeToString(random);
  }

  /** Whether the text could be a token of this server. */
  public static boolean fits(String text) {
    int length = PREFIX.length() + RANDOM_CHARACTERS;
    if (text.length() != length || !text.startsWith(PREFIX)) {
      return false;
    }
    for (int i = PREFIX.length(); i < length; i++) {
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

  /**
   * The public name of a token or a certificate, for events.
   *
   * @param sha256 of the whole
   */
  public static String credential(String sha256) {
    return sha256.substring(0, CREDENTIAL_DIGITS);
  }
}
