package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What this room signs is verified by the JDK's own providers, with nothing of this project. */
class JdkAloneTest {
  private static final Cryptography NATIVE = new Cryptography(Randomness.kernel(), true);
  private static final byte[] MESSAGE = Text.utf8("a message for the JDK");

  @ParameterizedTest
  @EnumSource(
      names = {
        "RSA_2048",
        "EC_P256",
        "EC_P384",
        "EC_P521",
        "ED25519",
        "ML_DSA_44",
        "ML_DSA_65",
        "ML_DSA_87"
      })
  void theJdkVerifiesOurSignatureAndNotOneOfAnotherMessage(KeySpec spec) throws Exception {
    try (SecretBytes material = NATIVE.generate(spec);
        PrivateHalf key = NATIVE.privateHalf(spec, material)) {
      X509EncodedKeySpec encoded = new X509EncodedKeySpec(key.publicHalf().encoded());
      PublicKey publicKey =
          KeyFactory.getInstance(family(spec), provider(spec)).generatePublic(encoded);
      for (SigningAlgorithm algorithm : spec.signingAlgorithms()) {
        if (algorithm == SigningAlgorithm.ED25519_PH_SHA_512) {
          continue;
        }
        byte[] signature = key.sign(algorithm, new Message.Raw(MESSAGE));

        assertThat(verifies(spec, algorithm, publicKey, MESSAGE, signature)).isTrue();
        assertThat(verifies(spec, algorithm, publicKey, new byte[1], signature)).isFalse();
      }
    }
  }

  private static boolean verifies(
      KeySpec spec, SigningAlgorithm algorithm, PublicKey key, byte[] message, byte[] signature)
      throws Exception {
    Signature verifier = Signature.getInstance(name(algorithm), provider(spec));
    verifier.initVerify(key);
    if (algorithm.name().startsWith("RSASSA_PSS")) {
      int bits = algorithm.hash().length() * 8;
      MGF1ParameterSpec mgf = new MGF1ParameterSpec("SHA-" + bits);
      verifier.setParameter(new PSSParameterSpec("SHA-" + bits, "MGF1", mgf, bits / 8, 1));
    }
    verifier.update(message);
    return verifier.verify(signature);
  }

  private static String name(SigningAlgorithm algorithm) {
    int bits = algorithm.hash().length() * 8;
    return switch (algorithm) {
      case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 -> "RSASSA-PSS";
      case ECDSA_SHA_256, ECDSA_SHA_384, ECDSA_SHA_512 -> "SHA" + bits + "withECDSA";
      case ED25519_SHA_512 -> "Ed25519";
      case ML_DSA -> "ML-DSA";
      default -> "SHA" + bits + "withRSA";
    };
  }

  private static String family(KeySpec spec) {
    return switch (spec.row().family()) {
      case RSA -> "RSA";
      case ED25519 -> "Ed25519";
      case ML_DSA -> "ML-DSA";
      default -> "EC";
    };
  }

  private static String provider(KeySpec spec) {
    return switch (spec.row().family()) {
      case RSA -> "SunRsaSign";
      case ML_DSA -> "SUN";
      default -> "SunEC";
    };
  }
}
