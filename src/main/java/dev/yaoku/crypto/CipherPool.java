package dev.yaoku.crypto;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Ciphers of one transformation. A cipher keeps its last key, expanded, for as long as it lives; so
 * each is re-initialised with a public dummy key before it goes back, whatever happened in between
 * (SECURITY_DESIGN H5). That nonces do not repeat is the business of who borrows: the provider's
 * own check sees only one object's last key.
 */
final class CipherPool {
  private final String transformation;
  private final Provider provider;
  private final Forget forget;
  private final Pool<Cipher> pool;
  private final LongAdder made = new LongAdder();

  private CipherPool(String transformation, Provider provider, Forget forget) {
    this.transformation = transformation;
    this.provider = provider;
    this.forget = forget;
    this.pool = new Pool<>(this::make);
  }

  /** AES-GCM with tags of 16 bytes and nonces of 12. */
  static CipherPool aesGcm(Provider provider) {
    // Encrypting, because the JDK's GCM keeps the last key that encrypted also while it decrypts;
    // and with another nonce each time, because it refuses the same key and nonce twice in a row.
    AtomicLong count = new AtomicLong();
    return new CipherPool(
        "AES/GCM/NoPadding",
        provider,
        cipher ->
            cipher.init(Cipher.ENCRYPT_MODE, AesKey.DUMMY, dummySpec(count.getAndIncrement())));
  }

  private static GCMParameterSpec dummySpec(long count) {
    return new GCMParameterSpec(128, ByteBuffer.allocate(12).putLong(count).array());
  }

  /** The bare AES block function, for deriving keys. */
  static CipherPool aesBlock(Provider provider) {
    return new CipherPool(
        "AES/ECB/NoPadding", provider, cipher -> cipher.init(Cipher.ENCRYPT_MODE, AesKey.DUMMY));
  }

  /**
   * Runs one operation on a cipher that nobody else has. The operation must not call out of this
   * room.
   */
  <T> T with(Operation<T> operation) throws GeneralSecurityException {
    Cipher cipher = borrow();
    try {
      return operation.on(cipher);
    } finally {
      giveBack(cipher);
    }
  }

  /** A cipher that nobody else has, until it is given back. */
  Cipher borrow() {
    return pool.borrow();
  }

  /** Takes a cipher back, in whatever state it is, and makes it forget its key. */
  void giveBack(Cipher cipher) {
    try {
      forget.keyOf(cipher);
    } catch (GeneralSecurityException e) {
      // Not pooled: it dies with what it holds.
      throw new IllegalStateException(transformation + " refuses the dummy key", e);
    }
    pool.giveBack(cipher);
  }

  /** How many ciphers were ever made. */
  long made() {
    return made.sum();
  }

  private Cipher make() {
    made.increment();
    try {
      return Cipher.getInstance(transformation, provider);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(provider.getName() + " has no " + transformation, e);
    }
  }

  /** What is done with a cipher. */
  @FunctionalInterface
  interface Operation<T> {
    T on(Cipher cipher) throws GeneralSecurityException;
  }

  /** Makes a cipher forget its key. */
  @FunctionalInterface
  private interface Forget {
    void keyOf(Cipher cipher) throws GeneralSecurityException;
  }
}
