package dev.yaoku.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Ciphertext blobs, format 1: what encrypt-data and create-datakey hand out. They show their suite,
 * kind, key and version, and the length of the plaintext only to the next 16 bytes.
 *
 * @see "SECURITY_DESIGN section 4, Ciphertext blob, format 1"
 */
public final class Blob {
  /** The longest plaintext the form can hold, in bytes. */
  public static final int PLAINTEXT_BYTES_MAX = 0xffff;

  private static final int MAGIC = 0x59;
  private static final int FORMAT = 1;
  private static final int HEAD_BYTES = 24;
  private static final int SUITE_AT = 2;
  private static final int KEY_ID_BYTES = 16;
  private static final int PADDING_STEP = 16;
  private static final int PAYLOAD_BYTES_MIN = 28;
  private static final int LENGTH_BYTES = 2;

  private Blob() {}

  /** What is inside. A blob of one kind is never opened as the other (SECURITY_DESIGN H1). */
  public enum Kind {
    /** Bytes of the caller's. */
    DATA(1),
    /** A key for the caller's own use. */
    DATA_KEY(2);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  /**
   * What a blob shows of itself.
   *
   * @param keyId the key's id, 16 bytes
   * @param version the version of the key's material, from 1
   */
  @SuppressWarnings("ArrayRecordComponent") // an id on its way to a look-up, never compared
  public record Header(Suite suite, Kind kind, byte[] keyId, int version) {
    /** A header that can be written. */
    public Header {
      if (keyId.length != KEY_ID_BYTES || version < 1) {
        throw new IllegalArgumentException("no key has such an id or version");
      }
    }

    /**
     * Reads the header of a blob. Nothing in it is to be believed before the blob has opened.
     *
     * @throws DoesNotOpen if the bytes are no blob
     */
    public static Header read(byte[] blob) {
      if (blob.length < size(0) || (blob.length - size(0)) % PADDING_STEP != 0) {
        throw malformed();
      }
      ByteBuffer head = ByteBuffer.wrap(blob);
      if (head.get() != MAGIC || head.get() != FORMAT) {
        throw malformed();
      }
      Suite suite = suite(head.get());
      Kind kind = kind(head.get());
      byte[] keyId = new byte[KEY_ID_BYTES];
      head.get(keyId);
      int version = head.getInt();
      if (version < 1) {
        throw malformed();
      }
      return new Header(suite, kind, keyId, version);
    }

    /**
     * Reads the header of a blob that must be of a kind.
     *
     * @throws DoesNotOpen if the bytes are no blob or one of the other kind
     */
    public static Header read(byte[] blob, Kind kind) {
      Header header = read(blob);
      if (header.kind != kind) {
        throw malformed();
      }
      return header;
    }

    byte[] bytes() {
      return ByteBuffer.allocate(HEAD_BYTES)
          .put((byte) MAGIC)
          .put((byte) FORMAT)
          .put((byte) suite.number())
          .put((byte) kind.number)
          .put(keyId)
          .putInt(version)
          .array();
    }

    private static Suite suite(int number) {
      for (Suite suite : Suite.values()) {
        if (suite.number() == number) {
          return suite;
        }
      }
      throw malformed();
    }

    private static Kind kind(int number) {
      for (Kind kind : Kind.values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      throw malformed();
    }
  }

  /** How long the blob of a plaintext is, in bytes: 124 and 16 for every 16 begun. */
  public static int size(int plaintextBytes) {
    return HEAD_BYTES + SealingKey.OVERHEAD_BYTES + payloadBytes(plaintextBytes);
  }

  /**
   * Encrypts.
   *
   * @param rest what {@link AssociatedData#encode} made of the caller's associated data
   * @param plaintext at most {@link #PLAINTEXT_BYTES_MAX} bytes
   */
  public static byte[] encrypt(SealingKey key, Header header, byte[] rest, byte[] plaintext) {
    if (key.suite() != header.suite) {
      throw new IllegalArgumentException("the header names another suite than the key's");
    }
    byte[] payload = padded(plaintext);
    byte[] blob = key.seal(header.bytes(), rest, payload);
    Arrays.fill(payload, (byte) 0);
    return blob;
  }

  /**
   * Decrypts a blob, whose header the caller has read and found to name this key and the right
   * kind.
   *
   * @param rest what {@link AssociatedData#encode} made of the caller's associated data
   * @throws DoesNotOpen if the blob was not made with this key and rest
   */
  public static byte[] decrypt(SealingKey key, byte[] blob, byte[] rest) {
    if (Header.read(blob).suite != key.suite()) {
      throw malformed();
    }
    byte[] payload = key.open(Arrays.copyOf(blob, HEAD_BYTES), rest, blob);
    try {
      return unpadded(payload);
    } finally {
      Arrays.fill(payload, (byte) 0);
    }
  }

  /**
   * Does the work of decrypting, for bytes of any form, so that what names no key to decrypt with
   * is refused no sooner than what does not open.
   *
   * @param keys gives a public key of a suite: of the one that the bytes name, if they name one
   */
  public static void pretendToDecrypt(Function<Suite, SealingKey> keys, byte[] bytes, byte[] rest) {
    boolean isSm4 = bytes.length > SUITE_AT && bytes[SUITE_AT] == Suite.SM4.number();
    SealingKey key = keys.apply(isSm4 ? Suite.SM4 : Suite.AES);
    byte[] blob = Arrays.copyOf(bytes, Math.max(bytes.length, size(0)));
    try {
      Arrays.fill(key.open(Arrays.copyOf(blob, HEAD_BYTES), rest, blob), (byte) 0);
    } catch (DoesNotOpen _) {
      // as expected
    }
  }

  /** The payload of a plaintext, which says how long that is. The caller wipes it. */
  static byte[] padded(byte[] plaintext) {
    if (plaintext.length > PLAINTEXT_BYTES_MAX) {
      throw new IllegalArgumentException(plaintext.length + " bytes are too long for a blob");
    }
    byte[] payload = new byte[payloadBytes(plaintext.length)];
    payload[0] = (byte) (plaintext.length >>> 8);
    payload[1] = (byte) plaintext.length;
    System.arraycopy(plaintext, 0, payload, LENGTH_BYTES, plaintext.length);
    return payload;
  }

  /** The plaintext in a payload that was authenticated, so these refusals are for our own bugs. */
  static byte[] unpadded(byte[] payload) {
    int length = ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
    if (payload.length != payloadBytes(length)) {
      throw malformed();
    }
    for (int i = LENGTH_BYTES + length; i < payload.length; i++) {
      if (payload[i] != 0) {
        throw malformed();
      }
    }
    return Arrays.copyOfRange(payload, LENGTH_BYTES, LENGTH_BYTES + length);
  }

  static int payloadBytes(int plaintextBytes) {
    return PAYLOAD_BYTES_MIN + PADDING_STEP * ((plaintextBytes + PADDING_STEP - 1) / PADDING_STEP);
  }

  private static DoesNotOpen malformed() {
    return new DoesNotOpen(DoesNotOpen.Reason.FORM);
  }
}
