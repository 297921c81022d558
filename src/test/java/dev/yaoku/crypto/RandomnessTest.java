package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The source of random bytes (SECURITY_DESIGN H6). */
class RandomnessTest {
  @Test
  void theKernelGivesBytesOfAnyLength() {
    Randomness randomness = Randomness.kernel();
    Set<String> seen = new HashSet<>();
    for (int length : new int[] {16, 24, 31, 32, 33, 1024, 8192}) {
      assertThat(randomness.bytes(length)).hasSize(length);
      seen.add(HexFormat.of().formatHex(randomness.bytes(length)));
    }
    assertThat(seen).hasSize(7);
    assertThat(randomness.bytes(0)).isEmpty();
    assertThat(randomness.secret(32).length()).isEqualTo(32);
    assertThat(randomness.hedge(32)).isNotEqualTo(randomness.hedge(32));
  }

  @Test
  void aGeneratorThatIsStuckFromTheStartStopsTheProcess() {
    AtomicInteger stops = new AtomicInteger();

    assertThatThrownBy(() -> Randomness.of(byte[]::new, stops::incrementAndGet))
        .isInstanceOf(IllegalStateException.class);
    assertThat(stops).hasValue(1);
  }

  @Test
  void aGeneratorThatGetsStuckLaterStopsTheProcessWhateverItIsAskedFor() {
    for (int length : new int[] {1, 16, 32, 100}) {
      AtomicInteger stops = new AtomicInteger();
      Randomness randomness = Randomness.of(stuckAfter(20), stops::incrementAndGet);

      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 20; i++) {
                  randomness.bytes(length);
                }
              })
          .isInstanceOf(IllegalStateException.class);
      assertThat(stops).hasValue(1);
    }
  }

  @Test
  void aGeneratorThatGetsStuckUnderNoncesStopsTheProcess() {
    AtomicInteger stops = new AtomicInteger();
    Randomness randomness = Randomness.of(stuckAfter(9), stops::incrementAndGet);

    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                randomness.hedge(32);
              }
            })
        .isInstanceOf(IllegalStateException.class);
    assertThat(stops).hasValue(1);
  }

  @Test
  void uuidsAreOfVersion4AndDiffer() {
    Randomness randomness = Randomness.kernel();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      java.util.UUID uuid = randomness.uuid();
      assertThat(uuid.version()).isEqualTo(4);
      assertThat(uuid.variant()).isEqualTo(2);
      seen.add(uuid.toString());
    }
    assertThat(seen).hasSize(1000);
  }

  @Test
  void librariesReadTheSameSourceAndCannotSeedIt() {
    AtomicInteger reads = new AtomicInteger();
    Randomness randomness =
        Randomness.of(
            length -> {
              byte[] bytes = new byte[length];
              Arrays.fill(bytes, (byte) reads.incrementAndGet());
              return bytes;
            },
            () -> {});
    java.security.SecureRandom asLibrariesWantIt = randomness.asSecureRandom();
    asLibrariesWantIt.setSeed(5);
    int before = reads.get();
    byte[] bytes = new byte[40];

    asLibrariesWantIt.nextBytes(bytes);

    assertThat(bytes).containsOnly(before + 1);
    asLibrariesWantIt.nextBytes(bytes);
    assertThat(bytes).containsOnly(before + 2);
    assertThat(asLibrariesWantIt.generateSeed(7)).hasSize(7).containsOnly(before + 3);
  }

  /** Different bytes for so many reads, then always the same. */
  private static Randomness.Source stuckAfter(int reads) {
    AtomicInteger count = new AtomicInteger();
    return length -> {
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) Math.min(count.incrementAndGet(), reads));
      return bytes;
    };
  }
}
