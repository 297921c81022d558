package dev.yaoku.access.federation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** A provider of identity tokens that signs whatever a test wants. */
public final class Issuer {
  public static final String NAME = "https://accounts.example.com";
  public static final String AUDIENCE = "yaoku";

  public final RSAKey rsa;
  public final ECKey p256;
  public final ECKey p384;
  private final KeyPair ed25519;

  /** A provider whose keys have names that end so. */
  public Issuer(String suffix) {
    try {
      rsa = new RSAKeyGenerator(2048).keyID("rsa" + suffix).generate();
      p256 = new ECKeyGenerator(Curve.P_256).keyID("p256" + suffix).generate();
      p384 = new ECKeyGenerator(Curve.P_384).keyID("p384" + suffix).generate();
      ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (JOSEException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private JWK edwards() {
    byte[] spki = ed25519.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(spki, spki.length - 32, spki.length);
    return new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point)).keyID("ed").build();
  }

  /** Its key set, as a provider publishes it. */
  public String keySet() {
    return new JWKSet(List.of(rsa.toPublicJWK(), p256.toPublicJWK(), p384.toPublicJWK(), edwards()))
        .toString();
  }

  KeySet keys() {
    return KeySet.read(keySet()).orElseThrow();
  }

  /** A token of these words, signed as the algorithm says. */
  public String sign(String algorithm, String header, String payload) {
    String input = encode(header) + "." + encode(payload);
    return input + "." + signature(algorithm, input);
  }

  /** A token for {@link #AUDIENCE}, times in seconds. */
  public String idToken(String subject, long issuedAt, long expiresAt) {
    String payload =
        "{\"iss\":\"%s\",\"aud\":\"%s\",\"sub\":\"%s\",\"iat\":%d,\"exp\":%d}"
            .formatted(NAME, AUDIENCE, subject, issuedAt, expiresAt);
    return sign("ES256", "{\"alg\":\"ES256\",\"kid\":\"" + p256.getKeyID() + "\"}", payload);
  }

  /** The third part. */
  String signature(String algorithm, String input) {
    try {
      if (algorithm.equals("EdDSA")) {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(ed25519.getPrivate());
        signature.update(input.getBytes(UTF_8));
        return Base64URL.encode(signature.sign()).toString();
      }
      JWSSigner signer =
          switch (algorithm) {
            case "ES256" -> new ECDSASigner(p256);
            case "ES384" -> new ECDSASigner(p384);
            default -> new RSASSASigner(rsa);
          };
      return signer
          .sign(new JWSHeader(JWSAlgorithm.parse(algorithm)), input.getBytes(UTF_8))
          .toString();
    } catch (JOSEException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String encode(String text) {
    return encode(text.getBytes(UTF_8));
  }

  static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
