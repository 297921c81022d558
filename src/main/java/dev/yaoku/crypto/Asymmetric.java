package dev.yaoku.crypto;

/** A family of public-key algorithms: makes keys and reads them. */
interface Asymmetric {
  /** New private material of a spec: PKCS#8, or the seed for ML-DSA. The caller wipes it. */
  byte[] generate(KeySpec spec);

  /**
   * Private material that others made, checked in every respect and in the form in which this
   * server keeps it. The caller wipes both.
   *
   * @throws BadKey if it is none of the spec, or does not hold together
   */
  default byte[] checked(KeySpec spec, byte[] pkcs8) {
    try (PrivateHalf _ = privateHalf(spec, pkcs8)) {
      return pkcs8.clone();
    }
  }

  /**
   * Reads private material.
   *
   * @param material not kept; the caller wipes it
   * @throws BadKey if it is none of the spec
   */
  PrivateHalf privateHalf(KeySpec spec, byte[] material);

  /**
   * Reads a SubjectPublicKeyInfo in DER.
   *
   * @throws BadKey if it is none of the spec
   */
  PublicHalf publicHalf(KeySpec spec, byte[] spki);
}
