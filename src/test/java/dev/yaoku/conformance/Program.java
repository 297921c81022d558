package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;

/** What a program does that opens capsules from a custom access point. */
final class Program {
  private Program() {}

  /** Members of the document that proves the access point, by the names of the walk. */
  static Map<String, String> proof(String privateKey, String capsule)
      throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance("RSA");
    PrivateKey key =
        factory.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(privateKey)));
    RSAPrivateCrtKey numbers = (RSAPrivateCrtKey) key;
    String until =
        Instant.now().plus(Duration.ofHours(12)).truncatedTo(ChronoUnit.SECONDS).toString();
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(key);
    signature.update((capsule + "\n" + until).getBytes(UTF_8));
    return Map.of(
        "until",
        until,
        "proof",
        Base64.getEncoder().encodeToString(signature.sign()),
        "program_public",
        Base64.getEncoder()
            .encodeToString(
                factory
                    .generatePublic(
                        new RSAPublicKeySpec(numbers.getModulus(), numbers.getPublicExponent()))
                    .getEncoded()));
  }
}
