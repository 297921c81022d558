package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A running server notices that its store went back in time (SECURITY_DESIGN C1). */
class SetBackTest {
  private static boolean change(SqlStore store, int n) {
    return store.write(tx -> {
      tx.insert(Samples.key(n));
      return true;
    });
  }

  @ParameterizedTest
  @EnumSource
  void aStoreThatWasSetBackIsRefusedUntilTheServerIsStartedAnew(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      change(store, 1);
      change(store, 2);
      long seen = store.<Long>read(Reading::changeSequence);
      test.behindItsBack("UPDATE change_sequence SET value = value - 1");

      assertThatThrownBy(() -> store.read(Reading::changeSequence))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("The store was set back: it is at change " + (seen - 1))
          .hasMessageContaining("has seen change " + seen);
      assertThat(store.writable()).isFalse();
      test.behindItsBack("UPDATE change_sequence SET value = value + 1");
      assertThatThrownBy(() -> change(store, 3)).isInstanceOf(StoreException.class);

      assertThat(change(test.reopen(), 4)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWriterNoticesItTooAndChangesNothing(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      change(test.store(), 1);
      test.behindItsBack("UPDATE change_sequence SET value = 0");
      assertThatThrownBy(() -> change(test.store(), 2))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("set back");
      assertThat(test.seenBehindItsBack("SELECT id FROM \"key\"")).hasSize(1);
    }
  }
}
