package dev.yaoku.seal;

import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.crypto.Text;
import dev.yaoku.secret.SecretBytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * The wraps: a secret sealed under the key above it and bound to its place, so that it opens
 * nowhere else.
 *
 * @see "SECURITY_DESIGN section 4, Wraps"
 */
enum Wrap {
  SYSTEM_KEY(2, "system key"),
  PROJECT_KEY(3, "project key"),
  MATERIAL(4, "key material"),
  IMPORT_KEY(5, "import private key"),
  LASTING_KEY(6, "lasting key of a project"),
  SECRET_ACCESS_KEY(7, "secret access key"),
  PASSWORD(8, "password record"),
  ACCESS_POINT_KEY(11, "private key of an access point"),
  PIN(12, "PIN");

  private final byte[] head;
  private final String secret;

  Wrap(int purpose, String secret) {
    this.head = new byte[] {0x59, 1, 1, (byte) (0x80 + purpose)};
    this.secret = secret;
  }

  /** What it wraps, for people. */
  String secret() {
    return secret;
  }

  /** The secret under the key above it. */
  byte[] seal(SealingKey above, SecretBytes payload, Place place) {
    return payload.lend(bytes -> above.seal(head, place.bytes(), bytes));
  }

  /**
   * The secret.
   *
   * @throws WrapDoesNotOpen if another key or place wrapped it, or it is damaged
   */
  SecretBytes open(SealingKey above, byte[] wrapped, Place place) {
    try {
      return SecretBytes.take(above.open(head, place.bytes(), wrapped));
    } catch (DoesNotOpen e) {
      throw new WrapDoesNotOpen(this, e);
    }
  }

  /** Where a secret belongs: fields one after the other, each with its length. */
  static final class Place {
    private final ByteArrayOutputStream fields = new ByteArrayOutputStream(160);

    /** Adds text. */
    Place and(String text) {
      return and(Text.utf8(text));
    }

    /** Adds a number, as 8 bytes. */
    Place and(long number) {
      return and(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }

    private Place and(byte[] field) {
      fields.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(field.length).array());
      fields.writeBytes(field);
      return this;
    }

    byte[] bytes() {
      return fields.toByteArray();
    }
  }
}
