package dev.yaoku.crypto;

import java.nio.charset.StandardCharsets;

/** Text as bytes, strictly. */
public final class Text {
  private Text() {}

  /**
   * The text in UTF-8.
   *
   * <p>Java's own encoder makes '?' of an unpaired surrogate, so that two texts would be encrypted,
   * hashed or authenticated alike (SECURITY_DESIGN H2).
   *
   * @throws UnencodableText if the text has an unpaired surrogate
   */
  public static byte[] utf8(String text) {
    if (!isEncodable(text)) {
      throw new UnencodableText();
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether a text has an encoding, which it has not with half a surrogate pair. */
  public static boolean isEncodable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
