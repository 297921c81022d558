package dev.yaoku.api.huawei;

import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.secret.SecretBytes;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Messages that are signed or authenticated: Base64 of 1 to 4096 bytes. */
final class Messages {
  private static final int BYTES_MAX = 4096;

  private Messages() {}

  /**
   * The message, which the caller closes.
   *
   * @throws KmsException if it is absent, no Base64, or too long
   */
  static SecretBytes decoded(@Nullable SecretBytes base64) {
    if (base64 == null || base64.length() == 0) {
      throw Members.missing("message");
    }
    SecretBytes message = SecretBytes.take(base64.lend(Messages::bytes));
    if (message.length() == 0 || message.length() > BYTES_MAX) {
      message.close();
      throw bad();
    }
    return message;
  }

  private static byte[] bytes(byte[] base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw bad();
    }
  }

  private static KmsException bad() {
    return Members.bad(Field.OTHER, "message", "message must be Base64 of 1 to 4096 bytes.");
  }
}
