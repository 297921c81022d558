package dev.yaoku.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * XAES-256-GCM: AES-256-GCM with nonces long enough to be drawn at random for ever. Each nonce's
 * first half makes a key of its own, its second half is the nonce under that key.
 *
 * @see "C2SP, XAES-256-GCM; NIST SP 800-38B, 800-38D, 800-108r1"
 */
final class Xaes256Gcm implements Aead {
  private static final CipherPool BLOCKS = CipherPool.aesBlock(Providers.SUN_JCE);
  private static final CipherPool GCMS = CipherPool.aesGcm(Providers.SUN_JCE);
  private static final int BLOCK = 16;
  private static final int HALF_NONCE = 12;

  private final BlockCipher aes;
  private final CipherPool gcms;
  private final byte[] k1;

  /** A cipher under this very array of 32 bytes, which the caller must not touch again. */
  Xaes256Gcm(byte[] key) {
    this(key, BLOCKS, GCMS);
  }

  Xaes256Gcm(byte[] key, CipherPool blocks, CipherPool gcms) {
    this.aes = new BlockCipher(blocks, new AesKey(key));
    this.gcms = gcms;
    this.k1 = doubled(aes.encrypt(new byte[BLOCK]));
  }

  @Override
  public void encrypt(byte[] nonce, byte[] associated, byte[] payload, byte[] out, int offset) {
    AesKey messageKey = messageKey(nonce);
    try {
      gcms.with(gcm -> {
        gcm.init(Cipher.ENCRYPT_MODE, messageKey, half(nonce));
        gcm.updateAAD(associated);
        return gcm.doFinal(payload, 0, payload.length, out, offset);
      });
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to encrypt", e);
    } finally {
      messageKey.destroy();
    }
  }

  @Override
  public byte[] decrypt(byte[] nonce, byte[] associated, byte[] sealed, int offset) {
    AesKey messageKey = messageKey(nonce);
    try {
      return gcms.with(gcm -> {
        gcm.init(Cipher.DECRYPT_MODE, messageKey, half(nonce));
        gcm.updateAAD(associated);
        return gcm.doFinal(sealed, offset, sealed.length - offset);
      });
    } catch (AEADBadTagException _) {
      throw new DoesNotOpen(DoesNotOpen.Reason.TAG);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to decrypt", e);
    } finally {
      messageKey.destroy();
    }
  }

  @Override
  public void wipe() {
    aes.wipe();
    Arrays.fill(k1, (byte) 0);
  }

  /**
   * CMAC of (counter, 'X', 0, first half of the nonce) for counters 1 and 2: both are one block.
   */
  private AesKey messageKey(byte[] nonce) {
    byte[] blocks = new byte[2 * BLOCK];
    for (int counter = 1; counter <= 2; counter++) {
      int at = (counter - 1) * BLOCK;
      blocks[at + 1] = (byte) counter;
      blocks[at + 2] = 'X';
      System.arraycopy(nonce, 0, blocks, at + 4, HALF_NONCE);
      for (int i = 0; i < BLOCK; i++) {
        blocks[at + i] ^= k1[i];
      }
    }
    return new AesKey(aes.encrypt(blocks));
  }

  /** Multiplied by x in GF(2¹²⁸), without a branch on the secret (NIST SP 800-38B, 6.1). */
  private static byte[] doubled(byte[] block) {
    int carry = (block[0] >> 7) & 0x87;
    for (int i = 0; i < BLOCK - 1; i++) {
      block[i] = (byte) ((block[i] << 1) | ((block[i + 1] & 0xff) >>> 7));
    }
    block[BLOCK - 1] = (byte) ((block[BLOCK - 1] << 1) ^ carry);
    return block;
  }

  private static GCMParameterSpec half(byte[] nonce) {
    return new GCMParameterSpec(8 * TAG_BYTES, nonce, HALF_NONCE, NONCE_BYTES - HALF_NONCE);
  }
}
