package dev.yaoku.access;

import dev.yaoku.crypto.Hash;

/** The ways of signing a request that are understood here ({@code authentication.md}, 2 and 3). */
enum Scheme {
  /** {@code SDK-HMAC-SHA256 Access=…}: the secret is the HMAC key. */
  PLAIN("SDK-HMAC-SHA256"),
  /** {@code SDK-HMAC-SHA256 Credential=…/sdk_request}: the older form with a chain of keys. */
  SCOPED("SDK-HMAC-SHA256"),
  /** {@code V11-HMAC-SHA256 Credential=…}: a key derived by HKDF. */
  DERIVED("V11-HMAC-SHA256"),
  /** {@code SDK-HMAC-SM3 Access=…}: as {@link #PLAIN}, with SM3 for every hash. */
  SM3("SDK-HMAC-SM3"),
  /** {@code SDK-ECDSA-P256-SHA256 Access=…}: a pair derived from the secret. */
  ECDSA("SDK-ECDSA-P256-SHA256"),
  /** {@code SDK-SM2-SM3 Access=…}: a pair derived from the secret, with SM3 for every hash. */
  SM2("SDK-SM2-SM3");

  private final String algorithm;

  Scheme(String algorithm) {
    this.algorithm = algorithm;
  }

  /** What everything is hashed with. */
  Hash hash() {
    return this == SM3 || this == SM2 ? Hash.SM3 : Hash.SHA_256;
  }

  /** Whether a signature is DER of a curve's, and not a code of 32 bytes. */
  boolean ofPair() {
    return this == ECDSA || this == SM2;
  }

  /** The name that the header and the string to sign begin with. */
  String algorithm() {
    return algorithm;
  }
}
