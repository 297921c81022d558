package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Private keys from outside: taken, or refused as bad keys and in no other way. */
class ImportedKeyTest {
  private static final long SEED = 20_261_124;
  private static final int MUTATIONS = 120;

  private final Cryptography cryptography = new Cryptography(Randomness.kernel(), true);

  @ParameterizedTest
  @CsvSource({"RSA_2048", "EC_P256", "EC_P384", "SECP256K1", "ED25519", "SM2"})
  void whatIsMadeHereIsTakenAndWhatIsBrokenIsRefused(KeySpec spec) {
    byte[] whole = cryptography.generate(spec).lend(byte[]::clone);
    assertThat(taken(spec, whole)).isTrue();
    Random random = new Random(SEED);
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] broken = whole.clone();
      int at = random.nextInt(broken.length);
      broken[at] ^= (byte) (1 << random.nextInt(8));
      taken(spec, broken);
      int length = random.nextInt(whole.length);
      assertThat(taken(spec, Arrays.copyOf(whole, length)))
          .as("seed %d, cut to %d bytes", SEED, length)
          .isFalse();
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      assertThat(taken(spec, noise)).as("seed %d, noise %d", SEED, i).isFalse();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, RSA_3072",
    "EC_P256, EC_P384",
    "EC_P256, SECP256K1",
    "SM2, EC_P256",
    "ED25519, SM2",
    "EC_P256, RSA_2048",
    "RSA_2048, EC_P256",
    "EC_P256, ED25519"
  })
  void aKeyOfAnotherKindIsNotTaken(KeySpec spec, KeySpec other) {
    assertThat(taken(spec, cryptography.generate(other).lend(byte[]::clone))).isFalse();
  }

  private boolean taken(KeySpec spec, byte[] pkcs8) {
    try (SecretBytes outside = SecretBytes.copyOf(pkcs8);
        SecretBytes checked = cryptography.checked(spec, outside)) {
      assertThat(checked.length()).isPositive();
      return true;
    } catch (BadKey refused) {
      return false;
    }
  }
}
