package dev.yaoku.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Public keys as text: Base64 of SubjectPublicKeyInfo in DER, or PEM (RFC 7468). */
public final class PublicKeyText {
  private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
  private static final String END = "-----END PUBLIC KEY-----";

  private PublicKeyText() {}

  /** The DER; white space and the lines around PEM are tolerated. Null if it is no Base64. */
  public static byte @Nullable [] der(String text) {
    String base64 = text.replace(BEGIN, "").replace(END, "");
    StringBuilder packed = new StringBuilder(base64.length());
    base64.chars().filter(c -> !Character.isWhitespace(c)).forEach(c -> packed.append((char) c));
    try {
      return Base64.getDecoder().decode(packed.toString().getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException notBase64) {
      return null;
    }
  }

  /** The text of DER: Base64 without line ends. */
  public static String of(byte[] der) {
    return Base64.getEncoder().encodeToString(der);
  }
}
