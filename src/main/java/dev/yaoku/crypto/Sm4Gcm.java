package dev.yaoku.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.modes.GCMBlockCipher;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * SM4-GCM with a fresh key and nonce for each message, both derived by HKDF-SM3 from the key and a
 * nonce of 24 bytes. SM4's block and key are too short to draw GCM nonces at random under one key.
 *
 * @see "SECURITY_DESIGN section 4, SM4; GB/T 32905, GB/T 32907; NIST SP 800-38D"
 */
final class Sm4Gcm implements Aead {
  private static final byte[] INFO = "yaoku/1/sm4".getBytes(StandardCharsets.US_ASCII);
  private static final int KEY_BYTES = 16;
  private static final int IV_BYTES = 12;

  private final byte[] key;

  /** A cipher under this very array of 16 bytes, which the caller must not touch again. */
  Sm4Gcm(byte[] key) {
    this.key = key;
  }

  @Override
  public void encrypt(byte[] nonce, byte[] associated, byte[] payload, byte[] out, int offset) {
    try {
      GCMModeCipher gcm = cipher(true, nonce, associated);
      int done = gcm.processBytes(payload, 0, payload.length, out, offset);
      gcm.doFinal(out, offset + done);
    } catch (InvalidCipherTextException e) {
      throw new IllegalStateException("SM4-GCM failed to encrypt", e);
    }
  }

  @Override
  public byte[] decrypt(byte[] nonce, byte[] associated, byte[] sealed, int offset) {
    GCMModeCipher gcm = cipher(false, nonce, associated);
    byte[] payload = new byte[sealed.length - offset - TAG_BYTES];
    try {
      int done = gcm.processBytes(sealed, offset, sealed.length - offset, payload, 0);
      gcm.doFinal(payload, done);
      return payload;
    } catch (InvalidCipherTextException _) {
      Arrays.fill(payload, (byte) 0);
      throw new DoesNotOpen(DoesNotOpen.Reason.TAG);
    }
  }

  @Override
  public void wipe() {
    Arrays.fill(key, (byte) 0);
  }

  /** The key of one message, 16 bytes, and its IV, 12 bytes. */
  byte[] messageKeyAndIv(byte[] nonce) {
    return Hkdf.derive(Hash.SM3, key, nonce, INFO, KEY_BYTES + IV_BYTES);
  }

  private GCMModeCipher cipher(boolean encrypting, byte[] nonce, byte[] associated) {
    byte[] derived = messageKeyAndIv(nonce);
    byte[] key = Arrays.copyOf(derived, KEY_BYTES);
    byte[] iv = Arrays.copyOfRange(derived, KEY_BYTES, derived.length);
    GCMModeCipher gcm = gcm(encrypting, key, iv, associated);
    Arrays.fill(derived, (byte) 0);
    Arrays.fill(key, (byte) 0);
    return gcm;
  }

  /** Plain SM4-GCM. Made anew each time, as its key is; what it keeps goes with it. */
  static GCMModeCipher gcm(boolean encrypting, byte[] key, byte[] iv, byte[] associated) {
    GCMModeCipher gcm = GCMBlockCipher.newInstance(new SM4Engine());
    gcm.init(encrypting, new AEADParameters(new KeyParameter(key), 8 * TAG_BYTES, iv, associated));
    return gcm;
  }
}
