package dev.yaoku.crypto;

/**
 * RSA by native code, and by Java where a public exponent is longer than native code takes. Keys
 * that others made may have such, and a key that is taken on one machine must work on all.
 */
final class RsaByExponent implements Asymmetric {
  /** AWS-LC refuses longer ones, as nobody needs them and each costs time. */
  private static final int NATIVE_BITS_MAX = 33;

  private final Rsa nativeRsa;
  private final Rsa javaRsa;

  RsaByExponent(Rsa nativeRsa, Rsa javaRsa) {
    this.nativeRsa = nativeRsa;
    this.javaRsa = javaRsa;
  }

  @Override
  public byte[] generate(KeySpec spec) {
    return nativeRsa.generate(spec);
  }

  @Override
  public byte[] checked(KeySpec spec, byte[] pkcs8) {
    return nativeRsa.checked(spec, pkcs8);
  }

  @Override
  public PrivateHalf privateHalf(KeySpec spec, byte[] pkcs8) {
    boolean isLong = RsaImport.exponentBits(pkcs8) > NATIVE_BITS_MAX;
    return (isLong ? javaRsa : nativeRsa).privateHalf(spec, pkcs8);
  }

  /** Of keys whose private halves are elsewhere: none of them is one that customers made. */
  @Override
  public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
    return nativeRsa.publicHalf(spec, spki);
  }
}
