package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The pool of ciphers: few are made, and none goes back with a key (SECURITY_DESIGN H5). */
class CipherPoolTest {
  private static final byte[] NONCE = new byte[24];

  @Test
  void tenThousandRequestsOfTheSlowLaneMakeAFewCiphers() throws Exception {
    Counting provider = new Counting();
    CipherPool blocks = CipherPool.aesBlock(provider);
    CipherPool gcms = CipherPool.aesGcm(provider);
    SealingKey key =
        new SealingKey(
            Suite.AES,
            new byte[32],
            new Xaes256Gcm(new byte[32], blocks, gcms),
            Randomness.kernel());
    List<Future<byte[]>> opened = new ArrayList<>();
    try (ExecutorService slowLane = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 10_000; i++) {
        opened.add(
            slowLane.submit(() -> key.open(NONCE, NONCE, key.seal(NONCE, NONCE, new byte[100]))));
      }
    }

    for (Future<byte[]> one : opened) {
      assertThat(one.get()).hasSize(100);
    }
    assertThat(provider.made).hasValueLessThan(2 * Pool.slots() + 8);
    assertThat(blocks.made() + gcms.made()).isEqualTo(provider.made.get());
  }

  @Test
  void aCipherThatFailedBetweenAssociatedDataAndTheEndWorksForTheNextUser() throws Exception {
    CipherPool gcms = CipherPool.aesGcm(Providers.SUN_JCE);
    CipherPool blocks = CipherPool.aesBlock(Providers.SUN_JCE);
    byte[] expected = encrypt(new Xaes256Gcm(new byte[32]));
    for (Exception failure :
        List.of(new InvalidKeyException("injected"), new IllegalStateException("injected"))) {
      assertThatThrownBy(() -> gcms.with(cipher -> failIn(cipher, failure))).isSameAs(failure);

      assertThat(encrypt(new Xaes256Gcm(new byte[32], blocks, gcms))).isEqualTo(expected);
    }
    assertThat(gcms.made()).isEqualTo(1);
  }

  private static Integer failIn(Cipher cipher, Exception failure)
      throws java.security.GeneralSecurityException {
    cipher.init(
        Cipher.ENCRYPT_MODE, new AesKey(new byte[16]), new GCMParameterSpec(128, new byte[12]));
    cipher.updateAAD(new byte[] {1, 2, 3});
    cipher.update(new byte[20]);
    if (failure instanceof InvalidKeyException checked) {
      throw checked;
    }
    throw (RuntimeException) failure;
  }

  private static byte[] encrypt(Xaes256Gcm xaes) {
    byte[] out = new byte[10 + Aead.TAG_BYTES];
    xaes.encrypt(NONCE, NONCE, new byte[10], out, 0);
    return out;
  }

  @Test
  void aCipherBorrowedInTheMiddleOfAnothersWorkLeavesThatWorkAlone() throws Exception {
    CipherPool gcms = CipherPool.aesGcm(Providers.SUN_JCE);
    CipherPool blocks = CipherPool.aesBlock(Providers.SUN_JCE);
    byte[] innerAlone = encrypt(new Xaes256Gcm(new byte[32]));
    byte[] outerAlone = gcms.with(cipher -> encrypt(cipher, () -> {}));

    byte[] outer =
        gcms.with(cipher ->
            encrypt(
                cipher,
                () ->
                    assertThat(encrypt(new Xaes256Gcm(new byte[32], blocks, gcms)))
                        .isEqualTo(innerAlone)));

    assertThat(outer).isEqualTo(outerAlone);
    assertThat(gcms.made()).isEqualTo(2);
  }

  /** Does something else between the associated data and the end. */
  private static byte[] encrypt(Cipher cipher, Runnable between)
      throws java.security.GeneralSecurityException {
    byte[] key = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    cipher.init(Cipher.ENCRYPT_MODE, new AesKey(key), new GCMParameterSpec(128, new byte[12]));
    cipher.updateAAD(new byte[] {1, 2, 3});
    between.run();
    return cipher.doFinal(new byte[20]);
  }

  @Test
  void aCipherThatComesBackHoldsTheDummyKey() throws Exception {
    CipherPool blocks = CipherPool.aesBlock(Providers.SUN_JCE);
    Cipher lent = blocks.borrow();
    lent.init(
        Cipher.ENCRYPT_MODE,
        new AesKey(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));
    blocks.giveBack(lent);

    byte[] withDummy = lent.doFinal(new byte[16]);

    Cipher fresh = Cipher.getInstance("AES/ECB/NoPadding", Providers.SUN_JCE);
    fresh.init(Cipher.ENCRYPT_MODE, AesKey.DUMMY);
    assertThat(withDummy).isEqualTo(fresh.doFinal(new byte[16]));
  }

  @Test
  void aWipedKeyGivesItsCiphersBack() {
    Counting provider = new Counting();
    CipherPool blocks = CipherPool.aesBlock(provider);
    CipherPool gcms = CipherPool.aesGcm(provider);
    for (int i = 0; i < 100; i++) {
      Xaes256Gcm xaes = new Xaes256Gcm(new byte[32], blocks, gcms);
      encrypt(xaes);
      xaes.wipe();
    }

    assertThat(provider.made).hasValue(2);
  }

  @Test
  void aDestroyedKeyCannotBeUsedNorPrinted() {
    AesKey key = new AesKey(new byte[32]);
    key.destroy();

    assertThat(key.isDestroyed()).isTrue();
    assertThatThrownBy(key::getEncoded).isInstanceOf(IllegalStateException.class);
    assertThat(key.toString()).isEqualTo("AesKey");
    assertThat(key.getFormat()).isEqualTo("RAW");
  }

  @Test
  void aKeyBoundCipherDoesNotOutliveTheKey() {
    SecretBytes secret = SecretBytes.take(new byte[32]);
    SealingKey key = SealingKey.of(secret, Suite.AES, Randomness.kernel());
    key.close();

    assertThatThrownBy(() -> key.seal(NONCE, NONCE, NONCE))
        .isInstanceOf(IllegalStateException.class);
  }

  /** The JDK's AES, counting how many ciphers it is asked for. */
  private static final class Counting extends Provider {
    private static final long serialVersionUID = 1L;
    final transient AtomicInteger made = new AtomicInteger();

    Counting() {
      super("Counting", "1", "counts");
      put("AES");
      put("AES/GCM/NoPadding");
    }

    private void put(String algorithm) {
      Service real = Providers.SUN_JCE.getService("Cipher", algorithm);
      putService(
          new Service(this, "Cipher", algorithm, real.getClassName(), null, null) {
            @Override
            public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
              made.incrementAndGet();
              return real.newInstance(parameter);
            }
          });
    }
  }
}
