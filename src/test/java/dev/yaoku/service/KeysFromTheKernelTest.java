package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KeyReference;
import dev.yaoku.secret.SecretBytes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What callers get as random is read from the kernel for them alone, never from the buffer that
 * makes nonces differ (SECURITY_DESIGN H6, L9).
 */
class KeysFromTheKernelTest {
  /** What the buffer of nonces reads at a time. */
  private static final int BUFFER_BYTES = 4096;

  @TempDir Path directory;
  private final List<byte[]> reads = new ArrayList<>();

  private Randomness recorded() {
    Randomness kernel = Randomness.kernel();
    Randomness recorded =
        Randomness.of(
            length -> {
              byte[] bytes = kernel.bytes(length);
              reads.add(bytes.clone());
              return bytes;
            },
            () -> {});
    reads.clear(); // those of its own test
    return recorded;
  }

  private void isOneReadOfItsOwn(byte[] given) {
    assertThat(reads).hasSize(1);
    byte[] read = reads.getFirst();
    assertThat(read).hasSize(Math.max(32, given.length));
    assertThat(HexFormat.of().formatHex(read)).startsWith(HexFormat.of().formatHex(given));
    reads.clear();
  }

  @Test
  void aDataKeyIsOneReadOfItsOwn() {
    try (KeyWorld world = KeyWorld.in(directory)) {
      DataKeys dataKeys = new DataKeys(world.services().keys(), recorded());
      KeyReference key = KeyWorld.ref(world.key());
      for (int bytes : new int[] {1, 16, 32, 33, 1024}) {
        try (DataKeys.Wrapped made =
            dataKeys.create(world.alice(), key, bytes, new Bound(null, null))) {
          assertThat(made.plain()).isNotNull();
          if (made.plain() != null) {
            isOneReadOfItsOwn(made.plain().lend(byte[]::clone));
          }
        }
      }
      dataKeys.createWithoutPlaintext(world.alice(), key, 32, new Bound(null, null)).close();
      assertThat(reads).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"AES_256", "SM4", "HMAC_256", "HMAC_384", "HMAC_512", "HMAC_SM3"})
  void aKeyIsOneReadOfItsOwn(KeySpec spec) {
    Cryptography cryptography = new Cryptography(recorded(), false);
    cryptography.mustWork(spec);
    reads.clear(); // those of its trial
    try (SecretBytes made = cryptography.generate(spec)) {
      isOneReadOfItsOwn(made.lend(byte[]::clone));
    }
  }

  /** Whoever knew what was read would know the pair. Native code reads for itself, unseen here. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"AES_256", "SM4", "HMAC_256", "HMAC_384", "HMAC_512", "HMAC_SM3"})
  void aPairComesOfWhatIsReadAloneAndOfNoBuffer(KeySpec spec) {
    assertThat(pairOfTheSameReads(spec)).isEqualTo(pairOfTheSameReads(spec));
    assertThat(reads).noneMatch(read -> read.length == BUFFER_BYTES);
  }

  private byte[] pairOfTheSameReads(KeySpec spec) {
    Random same = new Random(7);
    Randomness repeated =
        Randomness.of(
            length -> {
              byte[] bytes = new byte[length];
              same.nextBytes(bytes);
              reads.add(bytes.clone());
              return bytes;
            },
            () -> {});
    try (SecretBytes made = new Cryptography(repeated, false).generate(spec)) {
      return made.lend(byte[]::clone);
    }
  }

  @Test
  void randomNumbersAreOneReadOfTheirOwn() {
    try (KeyWorld world = KeyWorld.in(directory)) {
      Randoms randoms = new Randoms(recorded());
      for (int bytes : new int[] {1, 32, 1024}) {
        try (SecretBytes made = randoms.random(world.alice(), bytes)) {
          isOneReadOfItsOwn(made.lend(byte[]::clone));
        }
      }
    }
  }
}
