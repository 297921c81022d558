package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.KeyId;
import dev.yaoku.store.ChangedKeys.Touched;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangedKeysTest {
  private static final ChangedKeys NONE = ChangedKeys.read(Optional.empty());
  private static final int KEPT = 64;

  private static String id(int number) {
    return "0d0466b0-e727-4d9c-b35d-%012d".formatted(number);
  }

  private static List<Touched> keys(String project, int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> new Touched(project, id(n))).toList();
  }

  /** One key of each of so many projects. */
  private static List<Touched> projects(int from, int to) {
    return IntStream.range(from, to).mapToObj(n -> new Touched("p-" + n, id(n))).toList();
  }

  private static Elsewhere these(int... numbers) {
    KeyId[] ids = IntStream.of(numbers).mapToObj(n -> new KeyId(id(n))).toArray(KeyId[]::new);
    return new Elsewhere(true, false, Set.of(ids));
  }

  @Test
  void whatWasEnteredSinceIsKnown() {
    ChangedKeys changed = NONE.plus(keys("a", 0, 3)).plus(keys("a", 3, 5));
    assertThat(changed.since(true, 3)).isEqualTo(these(3, 4));
    assertThat(changed.since(true, 5)).isEqualTo(these());
  }

  @Test
  void aKeyThatIsChangedAgainTakesNoMoreRoom() {
    ChangedKeys changed = NONE.plus(keys("a", 0, 2));
    for (int i = 0; i < 2 * KEPT; i++) {
      changed = changed.plus(keys("b", 7, 8));
    }
    assertThat(changed.since(true, 0)).isEqualTo(these(0, 1, 7));
    assertThat(changed.since(true, 2)).isEqualTo(these(7));
  }

  @Test
  void whoChangesManyKeysMakesOthersForgetItsOwnAndNobodyElses() {
    ChangedKeys changed = NONE.plus(keys("quiet", 1_000, 1_003));
    for (int i = 0; i < 10 * KEPT; i++) {
      changed = changed.plus(keys("busy", i, i + 1));
    }

    Elsewhere found = changed.since(true, 0);
    assertThat(found.allKeys()).isFalse();
    assertThat(found.projects()).containsExactly("busy");
    assertThat(found.keys())
        .contains(new KeyId(id(1_000)), new KeyId(id(1_001)), new KeyId(id(1_002)));
    assertThat(changed.since(true, changed.count() - 9))
        .as("who looked in time")
        .isEqualTo(these(IntStream.range(631, 640).toArray()));
  }

  @Test
  void whatStandsForSeveralKeysIsNewForWhoeverHasNotSeenTheLastOfThem() {
    ChangedKeys changed = NONE.plus(keys("a", 0, KEPT + 1));
    assertThat(changed.since(true, 1).projects()).containsExactly("a");
    assertThat(changed.since(true, 2).projects()).isEmpty();
    assertThat(changed.since(true, 2).keys()).hasSize(KEPT - 1);
  }

  @Test
  void whereMoreProjectsWereEnteredThanAreKeptItMayBeAnyKey() {
    ChangedKeys changed = NONE.plus(projects(0, 70)).plus(projects(70, 90));
    assertThat(changed.last()).hasSize(KEPT);
    assertThat(changed.since(true, 26).allKeys()).isFalse();
    assertThat(changed.since(true, 26).keys()).hasSize(KEPT);
    assertThat(changed.since(true, 25).allKeys()).isTrue();
  }

  @Test
  void aKeystoreStandsForItsKeys() {
    ChangedKeys changed = NONE.plus(List.of(new Touched("a", "keystore:k-1")));
    assertThat(changed.since(true, 0))
        .isEqualTo(new Elsewhere(true, false, Set.of(), Set.of("k-1"), Set.of()));
  }

  @Test
  void whoeverNeverLookedOrSawMoreKnowsNothing() {
    assertThat(NONE.since(true, -1).allKeys()).isTrue();
    assertThat(NONE.plus(keys("a", 0, 3)).since(true, 4).allKeys()).isTrue();
    assertThat(NONE.since(true, 0)).isEqualTo(these());
  }

  @Test
  void itIsReadAsItIsWritten() {
    for (ChangedKeys changed :
        List.of(
            NONE,
            NONE.plus(keys("", 0, 1)).plus(keys("a", 1, 3)),
            NONE.plus(keys("a", 0, 100)),
            NONE.plus(projects(0, 100)))) {
      assertThat(ChangedKeys.read(Optional.of(changed.text()))).isEqualTo(changed);
    }
  }
}
