package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of key is tried on known answers, by each provider, and what fails is not served. */
class SelfTestsTest {
  private final Randomness randomness = Randomness.kernel();

  private SelfTests tests(boolean isNative, List<KnownAnswer> answers) {
    return new SelfTests(new Cryptography(randomness, isNative), randomness, answers);
  }

  @ParameterizedTest
  @EnumSource
  void everyKindPassesWithNativeCodeAndWithout(KeySpec spec) {
    List<KnownAnswer> shipped = KnownAnswer.shipped();

    assertThat(tests(true, shipped).passes(spec)).isTrue();
    assertThat(tests(false, shipped).passes(spec)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void everyAlgorithmOfEveryKindHasAnAnswer(KeySpec spec) {
    List<String> named =
        KnownAnswer.shipped().stream()
            .filter(answer -> answer.spec() == spec)
            .map(KnownAnswer::algorithm)
            .toList();

    assertThat(named).isNotEmpty();
    assertThat(named)
        .containsAll(spec.signingAlgorithms().stream().map(Enum::name).toList())
        .containsAll(
            spec.encryptionAlgorithms().stream()
                .filter(algorithm -> algorithm != EncryptionAlgorithm.SYMMETRIC_DEFAULT)
                .map(Enum::name)
                .toList());
  }

  @ParameterizedTest
  @EnumSource
  void aWrongAnswerIsFoundAndTheKindIsServedNoMore(KeySpec spec) {
    List<KnownAnswer> wrong =
        KnownAnswer.shipped().stream()
            .filter(a -> a.spec() == spec)
            .limit(1)
            .map(this::spoilt)
            .toList();

    SelfTests tests = tests(true, wrong);

    assertThat(tests.allPassed()).isTrue();
    assertThat(tests.passes(spec)).isFalse();
    assertThat(tests.allPassed()).isFalse();
    Cryptography failing = new Cryptography(randomness, true, wrong);
    assertThatThrownBy(() -> failing.mustWork(spec)).isInstanceOf(CryptoFault.class);
    assertThat(failing.isSound()).isFalse();
  }

  private KnownAnswer spoilt(KnownAnswer answer) {
    byte[] output = answer.output().clone();
    output[output.length - 1] ^= 1;
    return new KnownAnswer(
        answer.spec(), answer.work(), answer.algorithm(), answer.key(), answer.input(), output);
  }

  @Test
  void aKindWithoutAnAnswerIsNotServed() {
    assertThat(tests(true, List.of()).passes(KeySpec.AES_256)).isFalse();
  }
}
