package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What may be forgotten is, before there is too much of it (SECURITY_DESIGN H8). */
class RememberedTest {
  private static final int MAX = 10;
  private static final int STALE = -1;

  private final List<Integer> farewells = new ArrayList<>();
  private final Remembered<String, Integer> remembered =
      new Remembered<>(MAX, value -> value == STALE, farewells::add);

  @Test
  void howeverEntriesComeThereAreNeverMoreThanTheMost() {
    for (int i = 0; i < 10_000; i++) {
      remembered.change("changed " + i, 0, before -> before + 1);
      assertThat(remembered.size()).isLessThanOrEqualTo(MAX);
    }
    for (int i = 0; i < 10_000; i++) {
      remembered.put("put " + i, i);
      assertThat(remembered.size()).isLessThanOrEqualTo(MAX);
    }
    assertThat(farewells).hasSize(20_000 - remembered.size());
  }

  @Test
  void theNewestIsThere() {
    for (int i = 0; i < 1_000; i++) {
      remembered.put("key " + i, i);
      assertThat(remembered.get("key " + i)).isEqualTo(i);
    }
  }

  @Test
  void whatIsStaleIsForgottenBeforeTheRest() {
    for (int i = 0; i < MAX - 1; i++) {
      remembered.put("fresh " + i, i);
    }
    remembered.put("stale", STALE);

    remembered.put("another", 99);

    assertThat(farewells).containsExactly(STALE);
    assertThat(remembered.size()).isEqualTo(MAX);
  }

  @Test
  void aChangeBeginsWithTheFirstAndGoesOnWithTheLast() {
    remembered.change("a", 5, before -> before + 1);
    remembered.change("a", 5, before -> before + 1);
    assertThat(remembered.get("a")).isEqualTo(7);
  }
}
