package dev.yaoku.crypto;

/**
 * RSA by native code, and by Java for keys that native code does not take: AWS-LC has a limit for
 * public exponents, 33 bits, that keys made by others may exceed. A key that is taken on one
 * machine must work on all.
 */
final class RsaWithFallback implements Asymmetric {
  private final Rsa nativeRsa;
  private final Rsa javaRsa;

  RsaWithFallback(Rsa nativeRsa, Rsa javaRsa) {
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
    try {
      return nativeRsa.privateHalf(spec, pkcs8);
    } catch (BadKey notTaken) {
      return javaRsa.privateHalf(spec, pkcs8);
    }
  }

  @Override
  public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
    try {
      return nativeRsa.publicHalf(spec, spki);
    } catch (BadKey notTaken) {
      return javaRsa.publicHalf(spec, spki);
    }
  }
}
