package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.KeyId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChangedKeysTest {
  private static final ChangedKeys NONE = ChangedKeys.read(Optional.empty());

  private static String id(int number) {
    return "0d0466b0-e727-4d9c-b35d-%012d".formatted(number);
  }

  private static List<String> ids(int from, int to) {
    return IntStream.range(from, to).mapToObj(ChangedKeysTest::id).toList();
  }

  @Test
  void whatWasEnteredSinceIsKnown() {
    ChangedKeys changed = NONE.plus(ids(0, 3)).plus(ids(3, 5));
    assertThat(changed.since(true, 3))
        .isEqualTo(new Elsewhere(true, false, Set.of(new KeyId(id(3)), new KeyId(id(4)))));
    assertThat(changed.since(true, 5)).isEqualTo(new Elsewhere(true, false, Set.of()));
  }

  @Test
  void whereMoreWasEnteredThanIsKeptItMayBeAnyKey() {
    ChangedKeys changed = NONE.plus(ids(0, 70)).plus(ids(70, 90));
    assertThat(changed.last()).hasSize(64).endsWith(id(89));
    assertThat(changed.since(true, 26).allKeys()).isFalse();
    assertThat(changed.since(true, 26).keys()).hasSize(64);
    assertThat(changed.since(true, 25).allKeys()).isTrue();
  }

  @Test
  void whoeverNeverLookedOrSawMoreKnowsNothing() {
    assertThat(NONE.since(true, -1).allKeys()).isTrue();
    assertThat(NONE.plus(ids(0, 3)).since(true, 4).allKeys()).isTrue();
    assertThat(NONE.since(true, 0)).isEqualTo(new Elsewhere(true, false, Set.of()));
  }

  @Test
  void severalKeysStandForAll() {
    ChangedKeys changed = NONE.plus(List.of(id(1), ChangedKeys.ALL)).plus(ids(2, 3));
    assertThat(changed.since(true, 0).allKeys()).isTrue();
    assertThat(changed.since(true, 2).allKeys()).isFalse();
  }

  @Test
  void itIsReadAsItIsWritten() {
    for (ChangedKeys changed : List.of(NONE, NONE.plus(ids(0, 2)), NONE.plus(ids(0, 100)))) {
      assertThat(ChangedKeys.read(Optional.of(changed.text()))).isEqualTo(changed);
    }
  }
}
