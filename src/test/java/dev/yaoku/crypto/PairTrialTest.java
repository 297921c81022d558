package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A new pair is tried with both halves, and one that does not fit together is not handed out. The
 * machine that made it makes no more of its kind, and is not sound.
 */
class PairTrialTest {
  private static final Cryptography JAVA = new Cryptography(Randomness.kernel(), false);

  static Stream<KeySpec> pairs() {
    return Arrays.stream(KeySpec.values()).filter(KeySpec::isAsymmetric);
  }

  static Stream<KeySpec> encryptingPairs() {
    return pairs().filter(spec -> !spec.encryptionAlgorithms().isEmpty());
  }

  /** Makes pairs as this server does, then does something to each. */
  private abstract static class Maker implements Asymmetric {
    final AtomicReference<byte[]> made = new AtomicReference<>();

    @Override
    public byte[] generate(KeySpec spec) {
      try (SecretBytes material = JAVA.generate(spec)) {
        made.set(material.lend(byte[]::clone));
        return made.get();
      }
    }

    @Override
    public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
      return JAVA.publicHalf(spec, spki);
    }

    static PrivateHalf half(KeySpec spec, byte[] material) {
      try (SecretBytes secret = SecretBytes.copyOf(material)) {
        return JAVA.privateHalf(spec, secret);
      }
    }
  }

  /** The private half of one pair with the public half of another. */
  private static final class Mismatched extends Maker {
    @Override
    public PrivateHalf privateHalf(KeySpec spec, byte[] material) {
      PrivateHalf own = half(spec, material);
      try (SecretBytes other = JAVA.generate(spec)) {
        PublicHalf foreign = JAVA.privateHalf(spec, other).publicHalf();
        return new Spoilt(own, foreign, 0);
      }
    }
  }

  /** A pair that signs rightly and decrypts with one bit wrong. */
  private static final class Misdecrypting extends Maker {
    @Override
    public PrivateHalf privateHalf(KeySpec spec, byte[] material) {
      PrivateHalf own = half(spec, material);
      return new Spoilt(own, own.publicHalf(), 1);
    }
  }

  /** A pair that signs rightly and opens nothing. */
  private static final class Refusing extends Maker {
    @Override
    public PrivateHalf privateHalf(KeySpec spec, byte[] material) {
      PrivateHalf own = half(spec, material);
      return new Refuser(own, own.publicHalf());
    }
  }

  private record Refuser(PrivateHalf own, PublicHalf publicHalf) implements PrivateHalf {
    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      return own.sign(algorithm, message);
    }

    @Override
    public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
      throw new DoesNotOpen(DoesNotOpen.Reason.TAG);
    }

    @Override
    public void close() {
      own.close();
    }
  }

  private record Spoilt(PrivateHalf own, PublicHalf publicHalf, int wrongBit)
      implements PrivateHalf {
    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      return own.sign(algorithm, message);
    }

    @Override
    public byte[] decrypt(EncryptionAlgorithm algorithm, byte[] ciphertext) {
      byte[] plaintext = own.decrypt(algorithm, ciphertext);
      plaintext[0] ^= (byte) wrongBit;
      return plaintext;
    }

    @Override
    public void close() {
      own.close();
    }
  }

  private static void isNotHandedOut(KeySpec spec, Maker maker) {
    Cryptography machine = new Cryptography(Randomness.kernel(), false);
    assertThat(machine.isSound()).isTrue();

    assertThatThrownBy(() -> machine.pair(spec, maker)).isInstanceOf(CryptoFault.class);

    byte[] made = maker.made.get();
    assertThat(made).as("what was made is wiped").containsOnly(0);
    assertThat(machine.isSound()).isFalse();
    assertThatThrownBy(() -> machine.generate(spec)).isInstanceOf(CryptoFault.class);
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aPairWhosePublicHalfIsAnothersIsNotHandedOut(KeySpec spec) {
    isNotHandedOut(spec, new Mismatched());
  }

  @ParameterizedTest
  @MethodSource("encryptingPairs")
  void aPairThatDecryptsWronglyIsNotHandedOut(KeySpec spec) {
    isNotHandedOut(spec, new Misdecrypting());
  }

  @ParameterizedTest
  @MethodSource("encryptingPairs")
  void aPairThatDoesNotOpenItsOwnCiphertextIsNotHandedOut(KeySpec spec) {
    isNotHandedOut(spec, new Refusing());
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aPairThatFitsIs(KeySpec spec) {
    Maker sound =
        new Maker() {
          @Override
          public PrivateHalf privateHalf(KeySpec ofSpec, byte[] material) {
            return half(ofSpec, material);
          }
        };
    try (SecretBytes material = JAVA.pair(spec, sound)) {
      assertThat(material.length()).isPositive();
      assertThat(JAVA.isSound()).isTrue();
    }
  }
}
