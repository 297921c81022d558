package dev.yaoku.crypto;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import javax.crypto.SecretKey;

/**
 * An AES key that really can be destroyed: the JDK's own {@code SecretKeySpec} throws when asked.
 * Ciphers get a copy, which they wipe themselves after expanding it.
 */
final class AesKey implements SecretKey {
  private static final long serialVersionUID = 1L;

  /** Public: what idle ciphers hold in place of the last key they worked with. */
  static final AesKey DUMMY = new AesKey(new byte[32]);

  private final transient byte[] key;
  private transient boolean destroyed;

  /** A key of this very array, which the caller must not touch again. */
  AesKey(byte[] key) {
    this.key = key;
  }

  @Override
  public String getAlgorithm() {
    return "AES";
  }

  @Override
  public String getFormat() {
    return "RAW";
  }

  @Override
  public byte[] getEncoded() {
    if (destroyed) {
      throw new IllegalStateException("a destroyed key cannot be used");
    }
    return key.clone();
  }

  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(key, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("keys are not serialised");
  }

  @Override
  public String toString() {
    return "AesKey";
  }
}
