package dev.yaoku.crypto;

import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import org.jspecify.annotations.Nullable;

/**
 * The bare AES block function under one key, for deriving keys. It keeps a few ciphers that know
 * the key already, as expanding it costs more than the blocks do; they forget it when this is
 * wiped.
 */
final class BlockCipher {
  private final CipherPool shared;
  private final AesKey key;
  private final Pool<Cipher> bound;

  BlockCipher(CipherPool shared, AesKey key) {
    this.shared = shared;
    this.key = key;
    this.bound = new Pool<>(this::bind);
  }

  /** Encrypts whole blocks, each by itself. */
  byte[] encrypt(byte[] blocks) {
    Cipher cipher = bound.borrow();
    byte[] result;
    try {
      result = cipher.doFinal(blocks);
    } catch (GeneralSecurityException e) {
      shared.giveBack(cipher);
      throw new IllegalStateException("AES failed", e);
    }
    if (!bound.giveBack(cipher)) {
      shared.giveBack(cipher);
    }
    return result;
  }

  /** Destroys the key wherever it is. Only when nobody uses it any more. */
  void wipe() {
    key.destroy();
    for (@Nullable Cipher cipher = bound.poll(); cipher != null; cipher = bound.poll()) {
      shared.giveBack(cipher);
    }
  }

  private Cipher bind() {
    Cipher cipher = shared.borrow();
    try {
      cipher.init(Cipher.ENCRYPT_MODE, key);
      return cipher;
    } catch (GeneralSecurityException e) {
      shared.giveBack(cipher);
      throw new IllegalStateException("AES refuses a key", e);
    }
  }
}
