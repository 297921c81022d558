package dev.yaoku.crypto;

import java.security.AlgorithmParameters;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.IllegalBlockSizeException;
import javax.crypto.NoSuchPaddingException;
import org.jspecify.annotations.Nullable;

/** A machine whose private operation of RSA is at times wrong in one bit, for tests. */
public final class FaultyRsa {
  private static final String BARE = "RSA/ECB/NoPadding";
  private static final String OAEP = "RSA/ECB/OAEPPadding";

  private final BooleanSupplier errs;
  private final AtomicInteger operations = new AtomicInteger();

  /**
   * A machine.
   *
   * @param errs asked at each private operation without padding
   */
  public FaultyRsa(BooleanSupplier errs) {
    this.errs = errs;
  }

  /** How many private operations without padding there were. */
  public int operations() {
    return operations.get();
  }

  /** All algorithms, of which RSA is computed here. */
  public Cryptography algorithms(Randomness randomness, boolean wantNative) {
    return new Cryptography(
        randomness,
        wantNative,
        KnownAnswer.shipped(),
        primitive -> primitive.works(randomness),
        this::over);
  }

  /** The ciphers of a provider as this machine computes them. */
  Provider over(Provider real) {
    return new Faulty(real);
  }

  private final class Faulty extends Provider {
    private static final long serialVersionUID = 1L;

    Faulty(Provider real) {
      super("Faulty", "1", "computes wrong");
      for (String transformation : new String[] {BARE, OAEP}) {
        putService(
            new Service(this, "Cipher", transformation, Spi.class.getName(), null, null) {
              @Override
              public Object newInstance(@Nullable Object parameter)
                  throws NoSuchAlgorithmException {
                try {
                  return new Spi(Cipher.getInstance(transformation, real), transformation);
                } catch (NoSuchPaddingException e) {
                  throw new NoSuchAlgorithmException(e);
                }
              }
            });
      }
    }
  }

  private final class Spi extends CipherSpi {
    private final Cipher real;
    private final boolean isBare;
    private boolean isPrivate;

    Spi(Cipher real, String transformation) {
      this.real = real;
      this.isBare = transformation.equals(BARE);
    }

    @Override
    protected void engineInit(int mode, Key key, SecureRandom random) throws InvalidKeyException {
      isPrivate = key instanceof PrivateKey;
      real.init(mode, key);
    }

    @Override
    protected void engineInit(
        int mode, Key key, @Nullable AlgorithmParameterSpec spec, SecureRandom random)
        throws InvalidKeyException, InvalidAlgorithmParameterException {
      isPrivate = key instanceof PrivateKey;
      real.init(mode, key, spec, random);
    }

    @Override
    protected byte[] engineDoFinal(byte @Nullable [] input, int offset, int length)
        throws IllegalBlockSizeException, BadPaddingException {
      byte[] result = real.doFinal(input, offset, length);
      if (isBare && isPrivate) {
        operations.incrementAndGet();
        if (errs.getAsBoolean()) {
          result[100] ^= 1;
        }
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
    protected @Nullable AlgorithmParameters engineGetParameters() {
      return null;
    }

    @Override
    protected void engineInit(
        int mode, Key key, @Nullable AlgorithmParameters parameters, SecureRandom random) {
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
