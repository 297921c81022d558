package dev.yaoku.crypto;

import java.util.Optional;

/** How keys sign. Names are those of the wire. */
public enum SigningAlgorithm {
  RSASSA_PSS_SHA_256(Hash.SHA_256, true),
  RSASSA_PSS_SHA_384(Hash.SHA_384, true),
  RSASSA_PSS_SHA_512(Hash.SHA_512, true),
  RSASSA_PKCS1_V1_5_SHA_256(Hash.SHA_256, true),
  RSASSA_PKCS1_V1_5_SHA_384(Hash.SHA_384, true),
  RSASSA_PKCS1_V1_5_SHA_512(Hash.SHA_512, true),
  ECDSA_SHA_256(Hash.SHA_256, true),
  ECDSA_SHA_384(Hash.SHA_384, true),
  ECDSA_SHA_512(Hash.SHA_512, true),
  /** SM2 with the user id 1234567812345678; a digest is SM3(Z‖M) already (GB/T 32918). */
  SM2DSA_SM3(Hash.SM3, true),
  /** Pure Ed25519 (RFC 8032). */
  ED25519_SHA_512(Hash.SHA_512, false),
  /** Ed25519ph with an empty context (RFC 8032). */
  ED25519_PH_SHA_512(Hash.SHA_512, true),
  /** ML-DSA, hedged, with an empty context (FIPS 204). Not of the cloud's API. */
  ML_DSA(Hash.SHA_512, false);

  private final Hash hash;
  private final boolean signsDigests;

  SigningAlgorithm(Hash hash, boolean signsDigests) {
    this.hash = hash;
    this.signsDigests = signsDigests;
  }

  /** The hash that makes a digest of a message. */
  public Hash hash() {
    return hash;
  }

  /** Whether it signs a digest made elsewhere, which must be as long as the hash. */
  public boolean signsDigests() {
    return signsDigests;
  }

  /** The algorithm of this name. */
  public static Optional<SigningAlgorithm> named(String name) {
    return Names.find(values(), name);
  }
}
