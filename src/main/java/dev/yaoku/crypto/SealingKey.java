package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import dev.yaoku.secret.UseCounted;
import java.util.Arrays;

/**
 * A key ready to seal and open: the one symmetric construction of the server, under one key. It
 * hides the payload, and authenticates it together with a public head and associated data; a sealed
 * text opens under one key only, and a repeat of the random state repeats a nonce only for a
 * repeated message.
 *
 * <p>Safe for many threads. When closed, the key is wiped as soon as nobody uses it.
 *
 * @see "SECURITY_DESIGN section 4, Seal"
 */
public final class SealingKey extends UseCounted implements AutoCloseable {
  private static final int NONCE_BYTES = Aead.NONCE_BYTES;
  private static final int COMMITMENT_BYTES = 32;
  private static final int HEDGE_BYTES = 32;

  /** How much longer than head and payload a sealed text is. */
  public static final int OVERHEAD_BYTES = NONCE_BYTES + COMMITMENT_BYTES + Aead.TAG_BYTES;

  private final Suite suite;
  private final Aead aead;
  private final Hmac commit;
  private final Hmac nonces;
  private final Randomness randomness;

  SealingKey(Suite suite, byte[] key, Aead aead, Randomness randomness) {
    this.suite = suite;
    this.aead = aead;
    this.commit = hmac(suite, key, "commit");
    this.nonces = hmac(suite, key, "nonce");
    this.randomness = randomness;
  }

  /**
   * Makes the subkeys of a key, which stays the caller's to close.
   *
   * @param key 32 bytes for AES, 16 for SM4
   */
  public static SealingKey of(SecretBytes key, Suite suite, Randomness randomness) {
    if (key.length() != suite.keyBytes()) {
      throw new IllegalArgumentException(suite + " has no keys of " + key.length() + " bytes");
    }
    return key.lend(bytes -> {
      Aead aead =
          switch (suite) {
            case AES -> new Xaes256Gcm(Hkdf.subkey(Hash.SHA_256, bytes, "enc"));
            case SM4 -> new Sm4Gcm(bytes.clone());
          };
      return new SealingKey(suite, bytes, aead, randomness);
    });
  }

  private static Hmac hmac(Suite suite, byte[] key, String purpose) {
    byte[] subkey = Hkdf.subkey(suite.hash(), key, purpose);
    Hmac hmac = new Hmac(suite.hash(), subkey);
    Hashes.wipe(subkey);
    return hmac;
  }

  /** The family of algorithms. */
  public Suite suite() {
    return suite;
  }

  /**
   * Seals a payload.
   *
   * @param head public, stands first in the result, authenticated
   * @param rest not in the result, authenticated; the opener must know it. Under one head it must
   *     show its own end, so that rest and payload together can be split in one way only
   * @return head ‖ nonce ‖ commitment ‖ ciphertext ‖ tag
   * @throws IllegalStateException if the key was closed
   */
  public byte[] seal(byte[] head, byte[] rest, byte[] payload) {
    enter();
    try {
      byte[] associated = associated(head, new byte[NONCE_BYTES], 0, rest);
      byte[] nonce =
          Arrays.copyOf(nonces.of(randomness.hedge(HEDGE_BYTES), associated, payload), NONCE_BYTES);
      System.arraycopy(nonce, 0, associated, head.length, NONCE_BYTES);

      byte[] sealed = new byte[head.length + payload.length + OVERHEAD_BYTES];
      System.arraycopy(associated, 0, sealed, 0, head.length + NONCE_BYTES);
      int at = head.length + NONCE_BYTES;
      System.arraycopy(commit.of(associated), 0, sealed, at, COMMITMENT_BYTES);
      aead.encrypt(nonce, associated, payload, sealed, at + COMMITMENT_BYTES);
      return sealed;
    } finally {
      leave();
    }
  }

  /**
   * Opens what {@link #seal} made with the same key, head and rest.
   *
   * @throws DoesNotOpen if it was not
   * @throws IllegalStateException if the key was closed
   */
  public byte[] open(byte[] head, byte[] rest, byte[] sealed) {
    if (sealed.length < head.length + OVERHEAD_BYTES
        || !Arrays.equals(head, 0, head.length, sealed, 0, head.length)) {
      throw new DoesNotOpen(DoesNotOpen.Reason.FORM);
    }
    enter();
    try {
      byte[] associated = associated(head, sealed, head.length, rest);
      int at = head.length + NONCE_BYTES;
      byte[] nonce = Arrays.copyOfRange(sealed, head.length, at);
      byte[] claimed = Arrays.copyOfRange(sealed, at, at + COMMITMENT_BYTES);
      boolean committed = Hashes.constantTimeEquals(claimed, commit.of(associated));
      return payload(committed, nonce, associated, sealed, at + COMMITMENT_BYTES);
    } finally {
      leave();
    }
  }

  /**
   * What was sealed. Where the commitment is wrong, nothing; but that takes the same work and fails
   * in the same way as where the tag is, so that nobody can time which of them it was.
   */
  private byte[] payload(
      boolean committed, byte[] nonce, byte[] associated, byte[] sealed, int offset) {
    if (committed) {
      return aead.decrypt(nonce, associated, sealed, offset);
    }
    byte[] spoiled = sealed.clone();
    spoiled[spoiled.length - 1] ^= 1;
    try {
      Hashes.wipe(aead.decrypt(nonce, associated, spoiled, offset));
    } catch (DoesNotOpen _) {
      // for the other reason
    }
    throw new DoesNotOpen(DoesNotOpen.Reason.COMMITMENT);
  }

  /** head ‖ nonce ‖ rest. */
  private static byte[] associated(byte[] head, byte[] nonceIn, int nonceAt, byte[] rest) {
    byte[] associated = new byte[head.length + NONCE_BYTES + rest.length];
    System.arraycopy(head, 0, associated, 0, head.length);
    System.arraycopy(nonceIn, nonceAt, associated, head.length, NONCE_BYTES);
    System.arraycopy(rest, 0, associated, head.length + NONCE_BYTES, rest.length);
    return associated;
  }

  @Override
  public void close() {
    retire();
  }

  @Override
  protected void wipe() {
    aead.wipe();
    commit.wipe();
    nonces.wipe();
  }

  @Override
  public String toString() {
    return "SealingKey[" + suite + "]";
  }
}
