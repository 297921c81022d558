package dev.yaoku.crypto;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Datakey capsules, format 1: a data key with the policy under which it may be opened. The policy,
 * or its id, stands in clear before the wrapped key and is authenticated with it. A capsule is
 * never opened as a {@link Blob}, nor the other way round (SECURITY_DESIGN H1).
 *
 * @see "docs/ciphertext-format.md, Datakey capsule"
 */
public final class Capsule {
  private static final int MAGIC = 0x59;
  private static final int FORMAT = 1;
  private static final int KIND = 3;
  private static final int KEY_ID_BYTES = 16;
  private static final int POLICY_ID_BYTES = 16;
  private static final int FIXED_BYTES = 24;

  /** Before the policy: head of a blob, kind of policy, length of the policy. */
  private static final int BEFORE_POLICY_BYTES = FIXED_BYTES + 1 + Integer.BYTES;

  private Capsule() {}

  /** What says how the capsule may be opened. */
  public enum Policy {
    /** A stored policy, by its id, 16 bytes. */
    STORED(1),
    /** The policy itself, JSON in UTF-8. */
    INLINE(2);

    private final int number;

    Policy(int number) {
      this.number = number;
    }
  }

  /**
   * What a capsule shows of itself.
   *
   * @param keyId the key's id, 16 bytes
   * @param version the version of the key's material, from 1
   * @param kind what the policy is
   * @param policy its bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // on their way to a look-up, never compared
  public record Header(Suite suite, byte[] keyId, int version, Policy kind, byte[] policy) {
    /** A header that can be written. */
    public Header {
      if (keyId.length != KEY_ID_BYTES
          || version < 1
          || policy.length == 0
          || (kind == Policy.STORED && policy.length != POLICY_ID_BYTES)) {
        throw new IllegalArgumentException("no capsule has such a header");
      }
    }

    /**
     * Reads the header of a capsule. Nothing in it is to be believed before the capsule has opened.
     *
     * @throws DoesNotOpen if the bytes are no capsule
     */
    public static Header read(byte[] capsule) {
      ByteBuffer head = ByteBuffer.wrap(capsule);
      if (capsule.length < BEFORE_POLICY_BYTES || head.get() != MAGIC || head.get() != FORMAT) {
        throw malformed();
      }
      Suite suite = suite(head.get());
      if (head.get() != KIND) {
        throw malformed();
      }
      byte[] keyId = new byte[KEY_ID_BYTES];
      head.get(keyId);
      int version = head.getInt();
      Policy kind = policy(head.get());
      int length = head.getInt();
      int rest = head.remaining() - SealingKey.OVERHEAD_BYTES;
      if (version < 1
          || length < 1
          || length >= rest
          || (kind == Policy.STORED && length != POLICY_ID_BYTES)) {
        throw malformed();
      }
      byte[] policy = new byte[length];
      head.get(policy);
      return new Header(suite, keyId, version, kind, policy);
    }

    private static Suite suite(int number) {
      for (Suite suite : Suite.values()) {
        if (suite.number() == number) {
          return suite;
        }
      }
      throw malformed();
    }

    private static Policy policy(int number) {
      for (Policy kind : Policy.values()) {
        if (kind.number == number) {
          return kind;
        }
      }
      throw malformed();
    }

    byte[] bytes() {
      return ByteBuffer.allocate(BEFORE_POLICY_BYTES + policy.length)
          .put((byte) MAGIC)
          .put((byte) FORMAT)
          .put((byte) suite.number())
          .put((byte) KIND)
          .put(keyId)
          .putInt(version)
          .put((byte) kind.number)
          .putInt(policy.length)
          .put(policy)
          .array();
    }
  }

  /** How long a capsule is, in bytes. */
  public static int size(int policyBytes, int dataKeyBytes) {
    return BEFORE_POLICY_BYTES
        + policyBytes
        + SealingKey.OVERHEAD_BYTES
        + Blob.payloadBytes(dataKeyBytes);
  }

  /**
   * Seals a data key.
   *
   * @param dataKey stays the caller's
   */
  public static byte[] seal(SealingKey key, Header header, byte[] dataKey) {
    if (key.suite() != header.suite) {
      throw new IllegalArgumentException("the header names another suite than the key's");
    }
    byte[] payload = Blob.padded(dataKey);
    byte[] capsule = key.seal(header.bytes(), new byte[0], payload);
    Arrays.fill(payload, (byte) 0);
    return capsule;
  }

  /**
   * The data key in a capsule, whose header the caller has read and found to name this key.
   *
   * @throws DoesNotOpen if the capsule was not made with this key
   */
  public static byte[] open(SealingKey key, byte[] capsule) {
    Header header = Header.read(capsule);
    if (header.suite != key.suite()) {
      throw malformed();
    }
    byte[] payload = key.open(header.bytes(), new byte[0], capsule);
    try {
      return Blob.unpadded(payload);
    } finally {
      Arrays.fill(payload, (byte) 0);
    }
  }

  private static DoesNotOpen malformed() {
    return new DoesNotOpen(DoesNotOpen.Reason.FORM);
  }
}
