package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of key is tried on known answers, by each provider, and what fails is not served. */
class SelfTestsTest {
  private static final Set<String> OPTIONS_FROM_OUTSIDE =
      Set.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS");

  private final Randomness randomness = Randomness.kernel();

  private SelfTests tests(boolean isNative, List<KnownAnswer> answers) {
    return new SelfTests(
        new Cryptography(randomness, isNative), randomness, answers, p -> p.works(randomness));
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
                .toList())
        .containsAll(spec.reEncryptionAlgorithms().stream().map(Enum::name).toList());
  }

  /** Native code takes no exponents of more than 33 bits: those keys Java computes with, always. */
  @ParameterizedTest
  @EnumSource(names = {"RSA_2048", "RSA_3072", "RSA_4096"})
  void aMachineOnWhichOnlyJavaComputesWronglyServesNoRsa(KeySpec spec) {
    Cryptography failing =
        new Cryptography(
            randomness,
            true,
            KnownAnswer.shipped(),
            p -> p.works(randomness),
            real -> real.equals(Providers.SUN_JCE) ? new FaultyRsa(() -> true).over(real) : real);

    assertThatThrownBy(() -> failing.mustWork(spec)).isInstanceOf(CryptoFault.class);
  }

  @ParameterizedTest
  @EnumSource
  void everyPrimitiveGivesItsPublishedAnswer(Primitive primitive) {
    assertThat(primitive.works(randomness)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aPrimitiveThatAnswersWronglyOrBreaksOffStopsWhatNeedsIt(Primitive primitive) {
    Cryptography wrong =
        new Cryptography(randomness, true, KnownAnswer.shipped(), p -> p != primitive);
    Cryptography broken =
        new Cryptography(
            randomness,
            true,
            KnownAnswer.shipped(),
            p -> {
              throw new IllegalStateException(p.name());
            });

    for (Cryptography failing : List.of(wrong, broken)) {
      assertThat(failing.isSound()).isTrue();
      assertThatThrownBy(() -> failing.mustWork(primitive)).isInstanceOf(CryptoFault.class);
      assertThat(failing.isSound()).isFalse();
    }
    if (primitive.carriesTheServer()) {
      assertThatThrownBy(wrong::tryAtStart).isInstanceOf(CryptoFault.class);
    } else {
      wrong.tryAtStart();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noWayLeadsToAKindThatFailed(KeySpec spec) {
    Cryptography failing = Failing.of(spec, randomness, true);
    SecretBytes material = new Cryptography(randomness, true).generate(spec);

    assertThatThrownBy(() -> failing.generate(spec)).isInstanceOf(CryptoFault.class);
    if (spec.isAsymmetric()) {
      byte[] spki =
          new Cryptography(randomness, true).privateHalf(spec, material).publicHalf().encoded();
      assertThatThrownBy(() -> failing.privateHalf(spec, material)).isInstanceOf(CryptoFault.class);
      assertThatThrownBy(() -> failing.checked(spec, material)).isInstanceOf(CryptoFault.class);
      assertThatThrownBy(() -> failing.publicHalf(spec, spki)).isInstanceOf(CryptoFault.class);
    } else if (!spec.macAlgorithms().isEmpty()) {
      assertThatThrownBy(() -> failing.macKey(spec, material)).isInstanceOf(CryptoFault.class);
    }
  }

  /**
   * In a process in which nothing ran before, as when a server starts; time of the processor, so
   * that a busy machine does not decide.
   */
  @Test
  void whatIsTriedAtTheStartTakesLessThan200Milliseconds() throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command()).redirectErrorStream(true);
    builder.environment().keySet().removeAll(OPTIONS_FROM_OUTSIDE); // Java says which it took
    Process process = builder.start();
    String said;
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue(); // it says less than a pipe holds
      said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }

    assertThat(process.exitValue()).as(said).isZero();
    assertThat(Integer.parseInt(said.strip())).as("milliseconds").isLessThan(200);
  }

  /** The same Java, with the same native libraries. */
  private static List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String name :
        List.of("java.library.path", "com.amazon.corretto.crypto.provider.useExternalLib")) {
      String value = System.getProperty(name);
      if (value != null) {
        command.add("-D" + name + "=" + value);
      }
    }
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), AtStart.class.getName()));
    return command;
  }

  /** Tries what a server tries first, and says how many milliseconds that took. */
  static final class AtStart {
    private AtStart() {}

    public static void main(String[] arguments) {
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      Cryptography cryptography = new Cryptography(Randomness.kernel(), true);
      long before = threads.getCurrentThreadCpuTime();
      cryptography.tryAtStart();
      long spent = (threads.getCurrentThreadCpuTime() - before) / 1_000_000;
      if (!cryptography.isNative() || !cryptography.isSound()) {
        throw new IllegalStateException("something failed");
      }
      System.out.println(spent);
    }
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
    Cryptography failing = new Cryptography(randomness, true, wrong, _ -> true);
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
