package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What this room signs and encrypts is verified and decrypted by the JDK's own providers, with
 * nothing of this project, and the other way round.
 */
class JdkAloneTest {
  private static final Cryptography NATIVE = new Cryptography(Randomness.kernel(), true);
  private static final Cryptography JAVA = new Cryptography(Randomness.kernel(), false);
  private static final byte[] MESSAGE = Text.utf8("a message for the JDK");

  @ParameterizedTest
  @EnumSource(
      names = {
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
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

  /** Also the algorithms that one library computes for us both with and without native code. */
  @ParameterizedTest
  @EnumSource(
      names = {
        "RSA_2048",
        "RSA_3072",
        "RSA_4096",
        "EC_P256",
        "EC_P384",
        "EC_P521",
        "ED25519",
        "ML_DSA_44",
        "ML_DSA_65",
        "ML_DSA_87"
      })
  void weVerifyTheJdksSignatureAndNotOneOfAnotherMessage(KeySpec spec) throws Exception {
    KeyPair pair = theirs(spec);
    for (Cryptography ours : List.of(NATIVE, JAVA)) {
      PublicHalf publicHalf = ours.publicHalf(spec, pair.getPublic().getEncoded());
      for (SigningAlgorithm algorithm : spec.signingAlgorithms()) {
        if (algorithm == SigningAlgorithm.ED25519_PH_SHA_512) {
          continue;
        }
        byte[] signature = sign(spec, algorithm, pair.getPrivate());

        assertThat(publicHalf.verify(algorithm, new Message.Raw(MESSAGE), signature)).isTrue();
        assertThat(publicHalf.verify(algorithm, new Message.Raw(new byte[1]), signature)).isFalse();
      }
    }
  }

  /** With the material that this server keeps, but for ML-DSA, whose seeds others encode anew. */
  @ParameterizedTest
  @EnumSource(names = {"RSA_3072", "EC_P256", "EC_P384", "EC_P521", "ED25519"})
  void theJdkSignsWithOurMaterial(KeySpec spec) throws Exception {
    try (SecretBytes material = NATIVE.generate(spec);
        PrivateHalf key = NATIVE.privateHalf(spec, material)) {
      PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(material.lend(byte[]::clone));
      PrivateKey theirs =
          KeyFactory.getInstance(family(spec), provider(spec)).generatePrivate(encoded);
      SigningAlgorithm algorithm = spec.signingAlgorithms().getFirst();

      byte[] signature = sign(spec, algorithm, theirs);

      assertThat(key.publicHalf().verify(algorithm, new Message.Raw(MESSAGE), signature)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA_2048", "RSA_3072", "RSA_4096"})
  void theJdkDecryptsWhatWeEncryptAndWeWhatItEncrypts(KeySpec spec) throws Exception {
    KeyPair pair = theirs(spec);
    EncryptionAlgorithm oaep = EncryptionAlgorithm.RSAES_OAEP_SHA_256;
    OAEPParameterSpec parameters =
        new OAEPParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
    for (Cryptography ours : List.of(NATIVE, JAVA)) {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
      PublicHalf publicHalf = ours.publicHalf(spec, pair.getPublic().getEncoded());
      cipher.init(Cipher.DECRYPT_MODE, pair.getPrivate(), parameters);
      assertThat(cipher.doFinal(publicHalf.encrypt(oaep, MESSAGE))).isEqualTo(MESSAGE);

      cipher.init(Cipher.ENCRYPT_MODE, pair.getPublic(), parameters);
      byte[] ciphertext = cipher.doFinal(MESSAGE);
      try (SecretBytes material = SecretBytes.take(pair.getPrivate().getEncoded());
          PrivateHalf key = ours.privateHalf(spec, material)) {
        assertThat(key.decrypt(oaep, ciphertext)).isEqualTo(MESSAGE);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "EC_P384", "EC_P521"})
  void theJdkAgreesOnTheSameSecret(KeySpec spec) throws Exception {
    KeyPair pair = theirs(spec);
    try (SecretBytes material = NATIVE.generate(spec);
        PrivateHalf key = NATIVE.privateHalf(spec, material)) {
      KeyAgreement ecdh = KeyAgreement.getInstance("ECDH", "SunEC");
      ecdh.init(pair.getPrivate());
      ecdh.doPhase(
          KeyFactory.getInstance("EC", "SunEC")
              .generatePublic(new X509EncodedKeySpec(key.publicHalf().encoded())),
          true);

      assertThat(key.agree(pair.getPublic().getEncoded())).isEqualTo(ecdh.generateSecret());
    }
  }

  private static KeyPair theirs(KeySpec spec) throws Exception {
    KeyPairGenerator generator =
        KeyPairGenerator.getInstance(
            spec.row().family() == SpecRow.Family.ML_DSA
                ? "ML-DSA-" + spec.row().bits()
                : family(spec),
            provider(spec));
    switch (spec.row().family()) {
      case RSA -> generator.initialize(spec.row().bits());
      case EC -> generator.initialize(new ECGenParameterSpec(Curve.of(spec).standardName()));
      default -> {
        // one size only
      }
    }
    return generator.generateKeyPair();
  }

  private static byte[] sign(KeySpec spec, SigningAlgorithm algorithm, PrivateKey key)
      throws Exception {
    Signature signer = signature(spec, algorithm);
    signer.initSign(key);
    signer.update(MESSAGE);
    return signer.sign();
  }

  private static Signature signature(KeySpec spec, SigningAlgorithm algorithm) throws Exception {
    Signature signature = Signature.getInstance(name(algorithm), provider(spec));
    if (algorithm.name().startsWith("RSASSA_PSS")) {
      int bits = algorithm.hash().length() * 8;
      MGF1ParameterSpec mgf = new MGF1ParameterSpec("SHA-" + bits);
      signature.setParameter(new PSSParameterSpec("SHA-" + bits, "MGF1", mgf, bits / 8, 1));
    }
    return signature;
  }

  private static boolean verifies(
      KeySpec spec, SigningAlgorithm algorithm, PublicKey key, byte[] message, byte[] signature)
      throws Exception {
    Signature verifier = signature(spec, algorithm);
    verifier.initVerify(key);
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
