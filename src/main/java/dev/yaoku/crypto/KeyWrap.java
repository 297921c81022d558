package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.engines.RFC5649WrapEngine;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.params.KeyParameter;

/** Wrapping keys with AES by the standard way: what customers import private keys with. */
public enum KeyWrap {
  /** For multiples of 8 bytes, from 16 (RFC 3394). */
  RFC_3394("AES/KW/NoPadding", 24),
  /** With padding, for any length from 1 (RFC 5649). */
  RFC_5649("AES/KWP/NoPadding", 16);

  private static final int STEP_BYTES = 8;

  private final String transformation;
  private final int wrappedBytesMin;

  KeyWrap(String transformation, int wrappedBytesMin) {
    this.transformation = transformation;
    this.wrappedBytesMin = wrappedBytesMin;
  }

  /** The secret under the key. */
  public byte[] wrap(SecretBytes key, SecretBytes secret) {
    try {
      return secret.lend(bytes -> run(Cipher.ENCRYPT_MODE, key, bytes));
    } catch (Failed e) {
      throw new IllegalArgumentException("this cannot be wrapped", e);
    }
  }

  /**
   * The secret in a wrap.
   *
   * @throws DoesNotOpen if the wrap is damaged or of another key
   */
  public SecretBytes unwrap(SecretBytes key, byte[] wrapped) {
    // Checked here: the JDK fails in other ways than by refusing.
    if (wrapped.length < wrappedBytesMin || wrapped.length % STEP_BYTES != 0) {
      throw new DoesNotOpen(DoesNotOpen.Reason.FORM);
    }
    try {
      return SecretBytes.take(run(Cipher.DECRYPT_MODE, key, wrapped));
    } catch (Failed _) {
      throw new DoesNotOpen(DoesNotOpen.Reason.TAG);
    }
  }

  /**
   * The secret in a wrap of RFC 5649 with SM4 in the place of AES, as importers use it who have
   * only the Chinese algorithms.
   *
   * @param key 16 bytes
   * @throws DoesNotOpen if the wrap is damaged or of another key
   */
  public static SecretBytes unwrapUnderSm4(SecretBytes key, byte[] wrapped) {
    return key.lend(bytes -> {
      RFC5649WrapEngine engine = new RFC5649WrapEngine(new SM4Engine());
      engine.init(false, new KeyParameter(bytes));
      try {
        return SecretBytes.take(engine.unwrap(wrapped, 0, wrapped.length));
      } catch (InvalidCipherTextException | RuntimeException _) {
        throw new DoesNotOpen(DoesNotOpen.Reason.TAG);
      }
    });
  }

  /** A new cipher each time: it keeps the key. */
  private byte[] run(int mode, SecretBytes key, byte[] input) {
    return key.lend(bytes -> {
      AesKey aes = new AesKey(bytes.clone());
      try {
        Cipher cipher = Cipher.getInstance(transformation, Providers.SUN_JCE);
        cipher.init(mode, aes);
        return cipher.doFinal(input);
      } catch (GeneralSecurityException e) {
        throw new Failed(e);
      } finally {
        aes.destroy();
      }
    });
  }

  private static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(Throwable cause) {
      super(cause);
    }
  }
}
