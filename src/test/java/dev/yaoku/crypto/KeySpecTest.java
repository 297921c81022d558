package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of key specs agrees with the API's. */
class KeySpecTest {
  private static List<KeySpec> those(Predicate<KeySpec> condition) {
    return Arrays.stream(KeySpec.values()).filter(condition).toList();
  }

  @Test
  void theFirstUsageIsTheDefault() {
    assertThat(KeySpec.AES_256.usages()).containsExactly(KeyUsage.ENCRYPT_DECRYPT);
    assertThat(KeySpec.RSA_2048.usages())
        .containsExactly(KeyUsage.SIGN_VERIFY, KeyUsage.ENCRYPT_DECRYPT);
    assertThat(KeySpec.EC_P256.usages())
        .containsExactly(KeyUsage.SIGN_VERIFY, KeyUsage.KEY_AGREEMENT);
    assertThat(KeySpec.EC_P521.usages()).containsExactly(KeyUsage.SIGN_VERIFY);
    assertThat(KeySpec.SM2.usages())
        .containsExactly(KeyUsage.SIGN_VERIFY, KeyUsage.ENCRYPT_DECRYPT, KeyUsage.KEY_AGREEMENT);
    assertThat(KeySpec.HMAC_SM3.usages()).containsExactly(KeyUsage.GENERATE_VERIFY_MAC);
  }

  @ParameterizedTest
  @EnumSource
  void everyUsageHasAnAlgorithmAndNoOtherHas(KeySpec spec) {
    assertThat(spec.usages().contains(KeyUsage.ENCRYPT_DECRYPT))
        .isEqualTo(!spec.encryptionAlgorithms().isEmpty())
        .isEqualTo(spec.plaintextBytesMax() > 0);
    assertThat(spec.usages().contains(KeyUsage.SIGN_VERIFY))
        .isEqualTo(!spec.signingAlgorithms().isEmpty());
    assertThat(spec.usages().contains(KeyUsage.GENERATE_VERIFY_MAC))
        .isEqualTo(!spec.macAlgorithms().isEmpty());
    assertThat(KeySpec.named(spec.name())).contains(spec);
  }

  @Test
  void onlySymmetricEncryptionKeysRotate() {
    assertThat(those(KeySpec::rotates)).containsExactly(KeySpec.AES_256, KeySpec.SM4);
    assertThat(those(spec -> spec.suite().isPresent()))
        .containsExactly(KeySpec.AES_256, KeySpec.SM4);
  }

  @Test
  void whatCanBeSwitchedOffIsWhatIsChinese() {
    assertThat(those(KeySpec::isChinese))
        .containsExactly(KeySpec.SM4, KeySpec.HMAC_SM3, KeySpec.SM2);
  }

  @Test
  void macsAndWhatIsOurOwnAreNotImported() {
    assertThat(those(spec -> spec.importing() == Importing.NOT))
        .containsExactly(
            KeySpec.HMAC_256,
            KeySpec.HMAC_384,
            KeySpec.HMAC_512,
            KeySpec.HMAC_SM3,
            KeySpec.ML_DSA_44,
            KeySpec.ML_DSA_65,
            KeySpec.ML_DSA_87);
    assertThat(those(spec -> spec.importing() == Importing.RAW))
        .containsExactly(KeySpec.AES_256, KeySpec.SM4);
  }

  @Test
  void rsaTakesWhatFitsIntoOneBlock() {
    assertThat(KeySpec.RSA_2048.plaintextBytesMax()).isEqualTo(190);
    assertThat(KeySpec.RSA_3072.plaintextBytesMax()).isEqualTo(318);
    assertThat(KeySpec.RSA_4096.plaintextBytesMax()).isEqualTo(446);
  }

  @Test
  void macKeysAreAsLongAsTheirCodes() {
    for (KeySpec spec : those(spec -> !spec.macAlgorithms().isEmpty())) {
      assertThat(spec.rawBytes()).isEqualTo(spec.macAlgorithms().getFirst().hash().length());
    }
  }
}
