package dev.yaoku.crypto;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.time.Instant;

/**
 * A public key of others that verifies JSON Web Tokens (RFC 7519): RS256 with an RSA key of 2048 to
 * 8192 bits, ES256 with a key on P-256. The kind of key decides the algorithm, and a key that a
 * token brings along is not looked at (SECURITY_DESIGN H16).
 */
public final class TokenKey {
  private final JWSAlgorithm algorithm;
  private final JWSVerifier verifier;

  private TokenKey(JWSAlgorithm algorithm, JWSVerifier verifier) {
    this.algorithm = algorithm;
    this.verifier = verifier;
  }

  /**
   * Reads a key.
   *
   * @param spki SubjectPublicKeyInfo in DER
   * @throws BadKey if it is none of those
   */
  public static TokenKey read(byte[] spki) {
    try {
      return elliptic(spki);
    } catch (BadKey notOnTheCurve) {
      return new TokenKey(JWSAlgorithm.RS256, new RSASSAVerifier(RsaPublicKeys.read(spki)));
    }
  }

  private static TokenKey elliptic(byte[] spki) {
    byte[] checked = Curve.P_256.spki(Curve.P_256.publicPoint(spki));
    try {
      ECPublicKey key =
          (ECPublicKey)
              KeyFactory.getInstance("EC", Providers.SUN_EC)
                  .generatePublic(new X509EncodedKeySpec(checked));
      return new TokenKey(JWSAlgorithm.ES256, new ECDSAVerifier(key));
    } catch (GeneralSecurityException | JOSEException _) {
      throw new BadKey("an EC public key that cannot be used");
    }
  }

  /** A signed token that was read and not yet believed. */
  public static final class Token {
    private final SignedJWT token;

    private Token(SignedJWT token) {
      this.token = token;
    }

    /**
     * Reads a token.
     *
     * @throws BadKey if the text is no signed token
     */
    public static Token read(String text) {
      try {
        return new Token(SignedJWT.parse(text));
      } catch (ParseException | IllegalArgumentException _) {
        throw new BadKey("this is no signed JSON Web Token");
      }
    }
  }

  /**
   * Whether the token is signed with this key and valid now: its end is named and lies ahead, and
   * its beginning, if it is named, does not.
   */
  public boolean vouchesFor(Token token, Instant now) {
    if (!algorithm.equals(token.token.getHeader().getAlgorithm())) {
      return false;
    }
    try {
      return token.token.verify(verifier) && isLive(token.token.getJWTClaimsSet(), now);
    } catch (JOSEException | ParseException | IllegalStateException _) {
      return false;
    }
  }

  private static boolean isLive(JWTClaimsSet claims, Instant now) {
    return claims.getExpirationTime() != null
        && now.isBefore(claims.getExpirationTime().toInstant())
        && (claims.getNotBeforeTime() == null
            || !now.isBefore(claims.getNotBeforeTime().toInstant()));
  }
}
