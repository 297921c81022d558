package dev.yaoku.access;

/** The ways of signing a request that are understood here ({@code authentication.md}, 2 and 3). */
enum Scheme {
  /** {@code SDK-HMAC-SHA256 Access=…}: the secret is the HMAC key. */
  PLAIN("SDK-HMAC-SHA256"),
  /** {@code SDK-HMAC-SHA256 Credential=…/sdk_request}: the older form with a chain of keys. */
  SCOPED("SDK-HMAC-SHA256"),
  /** {@code V11-HMAC-SHA256 Credential=…}: a key derived by HKDF. */
  DERIVED("V11-HMAC-SHA256"),
  /** {@code SDK-HMAC-SM3 Access=…}: as {@link #PLAIN}, with SM3 for every hash. */
  SM3("SDK-HMAC-SM3");

  private final String algorithm;

  Scheme(String algorithm) {
    this.algorithm = algorithm;
  }

  /** The name that the header and the string to sign begin with. */
  String algorithm() {
    return algorithm;
  }
}
