package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A faulty RSA result, published, factors the modulus: none leaves (SECURITY_DESIGN H7). */
class RsaFaultTest {
  private static final int EVERY = 10;
  private static final int CALLS = 100;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noSignatureLeavesThatDoesNotVerify(boolean isNative) {
    Provider real = isNative ? Providers.nativeProvider().orElseThrow() : Providers.SUN_JCE;
    Provider keys = isNative ? real : Providers.SUN_RSA;
    Rsa faulty = new Rsa(keys, new Faulty(real), Randomness.kernel());
    Rsa sound = new Rsa(keys, real, Randomness.kernel());
    try (SecretBytes material = SecretBytes.take(sound.generate(KeySpec.RSA_2048));
        PrivateHalf key = material.lend(bytes -> faulty.privateHalf(KeySpec.RSA_2048, bytes))) {
      PublicHalf verifier = sound.publicHalf(KeySpec.RSA_2048, key.publicHalf().encoded());
      for (Message message :
          new Message[] {new Message.Raw(new byte[9]), new Message.Digest(new byte[32])}) {
        for (SigningAlgorithm algorithm :
            new SigningAlgorithm[] {
              SigningAlgorithm.RSASSA_PSS_SHA_256, SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256
            }) {
          assertThat(faults(key, verifier, algorithm, message)).isEqualTo(CALLS / EVERY);
        }
      }
    }
  }

  private static int faults(
      PrivateHalf key, PublicHalf verifier, SigningAlgorithm algorithm, Message message) {
    int faults = 0;
    for (int i = 0; i < CALLS; i++) {
      try {
        byte[] signature = key.sign(algorithm, message);
        assertThat(verifier.verify(algorithm, message, signature)).isTrue();
      } catch (CryptoFault _) {
        faults++;
      }
    }
    return faults;
  }

  /** RSA whose private operation is wrong in one bit every so often. */
  private static final class Faulty extends Provider {
    private static final long serialVersionUID = 1L;

    Faulty(Provider real) {
      super("Faulty", "1", "computes wrong");
      AtomicInteger calls = new AtomicInteger();
      putService(
          new Service(this, "Cipher", "RSA/ECB/NoPadding", Spi.class.getName(), null, null) {
            @Override
            public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
              try {
                return new Spi(Cipher.getInstance("RSA/ECB/NoPadding", real), calls);
              } catch (javax.crypto.NoSuchPaddingException e) {
                throw new NoSuchAlgorithmException(e);
              }
            }
          });
    }
  }

  private static final class Spi extends CipherSpi {
    private final Cipher real;
    private final AtomicInteger calls;
    private boolean isPrivate;

    Spi(Cipher real, AtomicInteger calls) {
      this.real = real;
      this.calls = calls;
    }

    @Override
    protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
      isPrivate = key instanceof PrivateKey;
      real.init(mode, key);
    }

    @Override
    protected byte[] engineDoFinal(byte @Nullable [] input, int offset, int length)
        throws javax.crypto.IllegalBlockSizeException, javax.crypto.BadPaddingException {
      byte[] result = real.doFinal(input, offset, length);
      if (isPrivate && calls.incrementAndGet() % EVERY == 0) {
        result[100] ^= 1;
      }
      return result;
    }

    @Override
    protected void engineSetMode(String mode) {}

    @Override
    protected void engineSetPadding(String padding) {}

    @Override
    protected int engineGetBlockSize() {
      return 0;
    }

    @Override
    protected int engineGetOutputSize(int length) {
      return real.getOutputSize(length);
    }

    @Override
    protected byte @Nullable [] engineGetIV() {
      return null;
    }

    @Override
    protected java.security.@Nullable AlgorithmParameters engineGetParameters() {
      return null;
    }

    @Override
    protected void engineInit(
        int mode, Key key, @Nullable AlgorithmParameterSpec spec, SecureRandom random) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void engineInit(
        int mode,
        Key key,
        java.security.@Nullable AlgorithmParameters parameters,
        SecureRandom random) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected byte[] engineUpdate(byte[] input, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected int engineUpdate(byte[] in, int at, int length, byte[] out, int outAt) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected int engineDoFinal(byte[] in, int at, int length, byte[] out, int outAt) {
      throw new UnsupportedOperationException();
    }
  }
}
