package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys of every kind, made and used by each provider, and by one after the other. */
class CryptographyTest {
  private static final Cryptography NATIVE = new Cryptography(Randomness.kernel(), true);
  private static final Cryptography JAVA = new Cryptography(Randomness.kernel(), false);
  private static final Map<KeySpec, SecretBytes> KEYS = new ConcurrentHashMap<>();
  private static final Message MESSAGE = new Message.Raw(Text.utf8("a message"));

  private static SecretBytes material(KeySpec spec) {
    return KEYS.computeIfAbsent(spec, NATIVE::generate);
  }

  private static Stream<Arguments> eachPairOfProviders() {
    return Arrays.stream(KeySpec.values())
        .filter(KeySpec::isAsymmetric)
        .flatMap(
            spec -> Stream.of(Arguments.of(spec, NATIVE, JAVA), Arguments.of(spec, JAVA, NATIVE)));
  }

  @Test
  void nativeCodeIsHereAndCanBeSwitchedOff() {
    assertThat(NATIVE.isNative()).isTrue();
    assertThat(JAVA.isNative()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"AES_256", "SM4", "HMAC_256", "HMAC_384", "HMAC_512", "HMAC_SM3"})
  void symmetricMaterialHasTheLengthOfItsKind(KeySpec spec) {
    assertThat(JAVA.generate(spec).length()).isEqualTo(spec.rawBytes());
  }

  @ParameterizedTest
  @MethodSource("eachPairOfProviders")
  void whatOneProviderSignsTheOtherVerifies(KeySpec spec, Cryptography one, Cryptography other) {
    try (PrivateHalf key = one.privateHalf(spec, material(spec))) {
      PublicHalf verifier = other.publicHalf(spec, key.publicHalf().encoded());
      for (SigningAlgorithm algorithm : spec.signingAlgorithms()) {
        byte[] signature = key.sign(algorithm, MESSAGE);

        assertThat(verifier.verify(algorithm, MESSAGE, signature)).as("%s", algorithm).isTrue();
        assertThat(verifier.verify(algorithm, new Message.Raw(new byte[3]), signature)).isFalse();
        signature[signature.length / 2] ^= 1;
        assertThat(verifier.verify(algorithm, MESSAGE, signature)).isFalse();
        assertThat(verifier.verify(algorithm, MESSAGE, new byte[0])).isFalse();
        assertThat(verifier.verify(algorithm, MESSAGE, new byte[5000])).isFalse();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("eachPairOfProviders")
  void aMessageAndItsDigestHaveTheSameSignatures(
      KeySpec spec, Cryptography one, Cryptography other) {
    try (PrivateHalf key = one.privateHalf(spec, material(spec))) {
      PublicHalf verifier = other.publicHalf(spec, key.publicHalf().encoded());
      for (SigningAlgorithm algorithm : spec.signingAlgorithms()) {
        if (!algorithm.signsDigests() || algorithm == SigningAlgorithm.SM2DSA_SM3) {
          continue;
        }
        Message digest = new Message.Digest(MESSAGE.digest(algorithm));
        assertThat(verifier.verify(algorithm, MESSAGE, key.sign(algorithm, digest))).isTrue();
        assertThat(verifier.verify(algorithm, digest, key.sign(algorithm, MESSAGE))).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("eachPairOfProviders")
  void whatOneProviderEncryptsTheOtherDecrypts(KeySpec spec, Cryptography one, Cryptography other) {
    try (PrivateHalf key = other.privateHalf(spec, material(spec))) {
      PublicHalf encrypter = one.publicHalf(spec, key.publicHalf().encoded());
      for (EncryptionAlgorithm algorithm : spec.encryptionAlgorithms()) {
        for (int length : new int[] {1, 17, spec.plaintextBytesMax()}) {
          byte[] plaintext = new byte[length];
          Arrays.fill(plaintext, (byte) length);
          byte[] ciphertext = encrypter.encrypt(algorithm, plaintext);

          assertThat(key.decrypt(algorithm, ciphertext)).isEqualTo(plaintext);
          byte[] damaged = ciphertext.clone();
          damaged[damaged.length - 1] ^= 1;
          for (byte[] bad :
              List.of(damaged, Arrays.copyOf(ciphertext, ciphertext.length - 1), new byte[0])) {
            assertThatThrownBy(() -> key.decrypt(algorithm, bad)).isInstanceOf(DoesNotOpen.class);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA_2048", "RSA_3072", "RSA_4096"})
  void rsaEncryptsNothingLongerThanItsLimit(KeySpec spec) {
    for (Cryptography provider : List.of(NATIVE, JAVA)) {
      try (PrivateHalf key = provider.privateHalf(spec, material(spec))) {
        byte[] tooLong = new byte[spec.plaintextBytesMax() + 1];
        assertThatThrownBy(
                () -> key.publicHalf().encrypt(EncryptionAlgorithm.RSAES_OAEP_SHA_256, tooLong))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "EC_P384", "SECP256K1", "SM2"})
  void twoKeysAgreeOnOneSecretAsLongAsTheField(KeySpec spec) {
    for (Cryptography theirs : List.of(NATIVE, JAVA)) {
      try (PrivateHalf mine = JAVA.privateHalf(spec, material(spec));
          PrivateHalf other = theirs.privateHalf(spec, JAVA.generate(spec))) {
        byte[] secret = mine.agree(other.publicHalf().encoded());

        assertThat(other.agree(mine.publicHalf().encoded())).isEqualTo(secret);
        assertThat(secret).hasSize(spec.row().bits() / 8);
      }
    }
  }

  @Test
  void aPublicKeyOfAnotherCurveOrKindIsRefused() {
    byte[] p384 =
        NATIVE.privateHalf(KeySpec.EC_P384, material(KeySpec.EC_P384)).publicHalf().encoded();
    byte[] offTheCurve =
        NATIVE.privateHalf(KeySpec.EC_P256, material(KeySpec.EC_P256)).publicHalf().encoded();
    offTheCurve[offTheCurve.length - 1] ^= 1;
    for (Cryptography provider : List.of(NATIVE, JAVA)) {
      try (PrivateHalf key = provider.privateHalf(KeySpec.EC_P256, material(KeySpec.EC_P256))) {
        for (byte[] bad : List.of(p384, offTheCurve, new byte[0], new byte[91])) {
          assertThatThrownBy(() -> key.agree(bad)).isInstanceOf(BadKey.class);
          assertThatThrownBy(() -> provider.publicHalf(KeySpec.EC_P256, bad))
              .isInstanceOf(BadKey.class);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("eachPairOfProviders")
  void materialOfAnotherKindIsRefused(KeySpec spec, Cryptography one, Cryptography other) {
    KeySpec foreign = spec == KeySpec.ED25519 ? KeySpec.EC_P256 : KeySpec.ED25519;

    assertThatThrownBy(() -> one.privateHalf(spec, material(foreign))).isInstanceOf(BadKey.class);
    assertThatThrownBy(() -> one.publicHalf(spec, new byte[] {0x30, 0})).isInstanceOf(BadKey.class);
  }

  @Test
  void whatAKeyCannotDoIsOurMistake() {
    try (PrivateHalf key = JAVA.privateHalf(KeySpec.EC_P256, material(KeySpec.EC_P256))) {
      assertThatThrownBy(() -> key.sign(SigningAlgorithm.ECDSA_SHA_384, MESSAGE))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () -> key.sign(SigningAlgorithm.ECDSA_SHA_256, new Message.Digest(new byte[20])))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> key.decrypt(EncryptionAlgorithm.SM2_ENCRYPT, new byte[9]))
          .isInstanceOf(IllegalArgumentException.class);
    }
    try (PrivateHalf key = JAVA.privateHalf(KeySpec.ED25519, material(KeySpec.ED25519))) {
      assertThatThrownBy(
              () -> key.sign(SigningAlgorithm.ED25519_SHA_512, new Message.Digest(new byte[64])))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> key.agree(new byte[0])).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aMacKeyNeedsMaterialOfItsKind() {
    MacKey key = JAVA.macKey(KeySpec.HMAC_384, SecretBytes.take(new byte[48]));

    assertThat(key.of(new byte[1])).hasSize(48);
    assertThatThrownBy(() -> JAVA.macKey(KeySpec.HMAC_384, SecretBytes.take(new byte[32])))
        .isInstanceOf(BadKey.class);
    assertThatThrownBy(() -> JAVA.macKey(KeySpec.AES_256, SecretBytes.take(new byte[32])))
        .isInstanceOf(BadKey.class);
  }
}
