package dev.yaoku.crypto;

import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;

/** A source of random bytes in the shape that libraries want. It has no state of its own. */
final class RandomnessAdapter extends SecureRandom {
  private static final long serialVersionUID = 1L;

  RandomnessAdapter(Randomness.Source source) {
    super(new Spi(source), null);
  }

  @Override
  public String getAlgorithm() {
    return "Yaoku";
  }

  private void writeObject(ObjectOutputStream out) throws NotSerializableException {
    throw new NotSerializableException("randomness is not serialised");
  }

  private static final class Spi extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    private final transient Randomness.Source source;

    Spi(Randomness.Source source) {
      this.source = source;
    }

    @Override
    protected void engineSetSeed(byte[] seed) {
      // What others believe to be random is not needed.
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      byte[] fresh = source.read(bytes.length);
      System.arraycopy(fresh, 0, bytes, 0, bytes.length);
      Hashes.wipe(fresh);
    }

    @Override
    protected byte[] engineGenerateSeed(int length) {
      return source.read(length);
    }
  }
}
