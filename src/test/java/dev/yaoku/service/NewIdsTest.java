package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Randomness;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NewIdsTest {
  private final NewIds ids = new NewIds(Randomness.kernel());

  @Test
  void namesHaveTheFormThatClientsNeed() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 200; i++) {
      assertThat(ids.accessKey())
          .matches("YK[A-Z0-9]{18}")
          .satisfies(k -> assertThat(seen.add(k)).isTrue());
      assertThat(ids.id()).matches("[0-9a-f]{32}").satisfies(k -> assertThat(seen.add(k)).isTrue());
      String secret = ids.secretAccessKey().lend(b -> new String(b, StandardCharsets.US_ASCII));
      assertThat(secret).matches("[A-Za-z0-9]{40}");
    }
  }

  @Test
  void bytesThatWouldFavourSomeCharactersAreThrownAway() {
    Random random = new Random(20260102);
    Randomness seeded =
        Randomness.of(
            length -> {
              byte[] bytes = new byte[length];
              random.nextBytes(bytes);
              return bytes;
            },
            () -> {});
    int[] counts = new int[128];
    NewIds even = new NewIds(seeded);
    for (int i = 0; i < 20_000; i++) {
      even.secretAccessKey()
          .lend(b -> {
            for (byte c : b) {
              counts[c]++;
            }
            return b.length;
          });
    }
    int least = Integer.MAX_VALUE;
    int most = 0;
    for (int count : counts) {
      if (count > 0) {
        least = Math.min(least, count);
        most = Math.max(most, count);
      }
    }
    assertThat(most - least).isLessThan(least / 10);
  }
}
