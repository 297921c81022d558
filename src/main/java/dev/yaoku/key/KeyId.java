package dev.yaoku.key;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The identity of a key: UUID text of 36 characters. Letters beyond f are accepted, as the API's
 * own pattern accepts them, but no key has such an id.
 *
 * @param text the id as it stands on the wire
 */
public record KeyId(String text) {

  /**
   * Reads an id from outside.
   *
   * @throws KmsException with {@link Problem.MalformedKeyId} if the text is no UUID
   */
  public static KeyId parse(String text) {
    if (text.length() != 36) {
      throw new KmsException(new Problem.MalformedKeyId());
    }
    for (int i = 0; i < 36; i++) {
      if (!fits(text.charAt(i), i)) {
        throw new KmsException(new Problem.MalformedKeyId());
      }
    }
    return new KeyId(text);
  }

  private static boolean fits(char c, int at) {
    if (at == 8 || at == 13 || at == 18 || at == 23) {
      return c == '-';
    }
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
  }

  /** The id of these 16 bytes. */
  public static KeyId of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new KeyId(new UUID(buffer.getLong(), buffer.getLong()).toString());
  }

  /** Whether this id can be the id of a key at all: hexadecimal throughout. */
  public boolean canExist() {
    return text.chars().allMatch(c -> c == '-' || Character.digit(c, 16) >= 0);
  }

  /** The 16 bytes of the id. Only for an id that {@link #canExist()}. */
  public byte[] bytes() {
    UUID uuid = UUID.fromString(text);
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  @Override
  public String toString() {
    return text;
  }
}
