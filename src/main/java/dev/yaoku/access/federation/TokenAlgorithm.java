package dev.yaoku.access.federation;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.Optional;

/**
 * The signatures of identity tokens that are taken: none without a key pair, so that a public key
 * never serves as a shared secret (RFC 7518 section 3.1, RFC 8037).
 */
public enum TokenAlgorithm {
  RS256("RS256"),
  PS256("PS256"),
  ES256("ES256"),
  ES384("ES384"),
  EDDSA("EdDSA");

  private final String wireName;

  TokenAlgorithm(String wireName) {
    this.wireName = wireName;
  }

  /** As the header of a token names it. */
  public String wireName() {
    return wireName;
  }

  /** The algorithm of this name, in exactly this spelling. */
  public static Optional<TokenAlgorithm> named(String wireName) {
    for (TokenAlgorithm algorithm : values()) {
      if (algorithm.wireName.equals(wireName)) {
        return Optional.of(algorithm);
      }
    }
    return Optional.empty();
  }

  JWSAlgorithm jws() {
    return switch (this) {
      case RS256 -> JWSAlgorithm.RS256;
      case PS256 -> JWSAlgorithm.PS256;
      case ES256 -> JWSAlgorithm.ES256;
      case ES384 -> JWSAlgorithm.ES384;
      case EDDSA -> JWSAlgorithm.EdDSA;
    };
  }
}
