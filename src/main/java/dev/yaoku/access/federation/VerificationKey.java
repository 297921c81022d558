package dev.yaoku.access.federation;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.yaoku.crypto.Ed25519Point;
import java.math.BigInteger;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A public key of a provider, with what it is for. Keys too weak to trust, and keys of other kinds,
 * are none.
 */
final class VerificationKey {
  private static final int RSA_BITS_MIN = 2048;
  private static final int RSA_BITS_MAX = 8192;
  private static final BigInteger EXPONENT_MIN = BigInteger.valueOf(65_537);
  private static final int EXPONENT_BITS_MAX = 64;

  private final @Nullable String id;
  private final Set<TokenAlgorithm> algorithms;
  private final Verifier verifier;

  /** Checks one signature. */
  private interface Verifier {
    boolean verify(TokenAlgorithm algorithm, byte[] signed, byte[] signature) throws JOSEException;
  }

  private VerificationKey(@Nullable String id, Set<TokenAlgorithm> algorithms, Verifier verifier) {
    this.id = id;
    this.algorithms = algorithms;
    this.verifier = verifier;
  }

  /** The key in this JWK, if it is one that identity tokens may be checked with. */
  static Optional<VerificationKey> of(JWK jwk) {
    try {
      return switch (jwk) {
        case RSAKey rsa when isStrong(rsa) ->
            key(
                jwk,
                EnumSet.of(TokenAlgorithm.RS256, TokenAlgorithm.PS256),
                jca(new RSASSAVerifier(rsa.toRSAPublicKey())));
        case ECKey ec when ec.getCurve().equals(Curve.P_256) ->
            key(jwk, EnumSet.of(TokenAlgorithm.ES256), jca(new ECDSAVerifier(ec.toECPublicKey())));
        case ECKey ec when ec.getCurve().equals(Curve.P_384) ->
            key(jwk, EnumSet.of(TokenAlgorithm.ES384), jca(new ECDSAVerifier(ec.toECPublicKey())));
        case OctetKeyPair pair when pair.getCurve().equals(Curve.Ed25519) ->
            Ed25519Point.of(pair.getDecodedX())
                .flatMap(point ->
                    key(
                        jwk,
                        EnumSet.of(TokenAlgorithm.EDDSA),
                        (_, signed, signature) -> point.verify(signed, signature)));
        default -> Optional.empty();
      };
    } catch (JOSEException | IllegalArgumentException | IllegalStateException _) {
      return Optional.empty();
    }
  }

  private static boolean isStrong(RSAKey key) {
    int bits = key.getModulus().decodeToBigInteger().bitLength();
    BigInteger exponent = key.getPublicExponent().decodeToBigInteger();
    return bits >= RSA_BITS_MIN
        && bits <= RSA_BITS_MAX
        && exponent.compareTo(EXPONENT_MIN) >= 0
        && exponent.bitLength() <= EXPONENT_BITS_MAX
        && exponent.testBit(0);
  }

  private static Verifier jca(JWSVerifier library) {
    return (algorithm, signed, signature) ->
        library.verify(new JWSHeader(algorithm.jws()), signed, Base64URL.encode(signature));
  }

  private static Optional<VerificationKey> key(
      JWK jwk, Set<TokenAlgorithm> fitting, Verifier verifier) {
    if (jwk.getAlgorithm() != null) {
      String only = jwk.getAlgorithm().getName();
      fitting.removeIf(algorithm -> !algorithm.wireName().equals(only));
    }
    return fitting.isEmpty()
        ? Optional.empty()
        : Optional.of(new VerificationKey(jwk.getKeyID(), fitting, verifier));
  }

  boolean isFor(TokenAlgorithm algorithm) {
    return algorithms.contains(algorithm);
  }

  boolean isNamed(String keyId) {
    return keyId.equals(id);
  }

  boolean verifies(TokenAlgorithm algorithm, byte[] signed, byte[] signature) {
    try {
      return isFor(algorithm) && verifier.verify(algorithm, signed, signature);
    } catch (JOSEException _) {
      return false;
    }
  }
}
