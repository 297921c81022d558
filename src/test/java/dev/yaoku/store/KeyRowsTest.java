package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Tag;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Keys come back as they were written, with their versions and tags, and nothing is left of them in
 * the end.
 */
class KeyRowsTest {
  @ParameterizedTest
  @EnumSource
  void aKeyComesBackWithEveryMember(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(tx -> Samples.insert(tx, Samples.fullKey(1), Samples.key(2)));

      assertThat(test.reopen().<Key>read(tx -> tx.key(Samples.id(1)).orElseThrow()))
          .isEqualTo(Samples.fullKey(1));
      assertThat(test.store().<Key>read(tx -> tx.key(Samples.id(2)).orElseThrow()))
          .isEqualTo(Samples.key(2));
      assertThat(test.store().<Boolean>read(tx -> tx.key(Samples.id(3)).isPresent())).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUpdateCountsTheRowVersionUp(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> Samples.insert(tx, Samples.key(1)));

      Key changed =
          store.write(
              tx -> tx.update(tx.lockKey(Samples.id(1)).orElseThrow().in(new KeyState.Disabled())));

      assertThat(changed.rowVersion()).isEqualTo(2);
      assertThat(store.<Key>read(tx -> tx.key(Samples.id(1)).orElseThrow())).isEqualTo(changed);
      assertThatThrownBy(() -> store.write(tx -> tx.update(Samples.key(1))))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theChangesOfATransactionAreNamedWithVersionAndMac(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      List<RowChange> changes =
          test.store()
              .write(tx -> {
                tx.insert(Samples.key(1));
                tx.insert(Samples.version(1, 1));
                tx.putTags(Samples.id(1), List.of(new Tag("env", "prod")));
                return tx.changes();
              });

      assertThat(changes)
          .extracting(RowChange::table, RowChange::primaryKey, RowChange::rowVersion)
          .containsExactly(
              tuple("key", Samples.id(1).text(), 1L),
              tuple("key_version", Samples.id(1).text() + "/1", 1L),
              tuple("tag", Samples.PROJECT + "/1/env", 1L),
              tuple("key", Samples.id(1).text(), 2L));
      assertThat(changes).allSatisfy(change -> assertThat(change.mac()).hasSize(64));
    }
  }

  @ParameterizedTest
  @EnumSource
  void versionsComeBackOldestFirst(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.insert(Samples.key(1));
        tx.insert(Samples.version(1, 2));
        tx.insert(Samples.version(1, 1));
        return true;
      });

      List<KeyVersion> versions = store.read(tx -> tx.versions(Samples.id(1)));
      assertThat(versions)
          .usingRecursiveComparison()
          .isEqualTo(List.of(Samples.version(1, 1), Samples.version(1, 2)));

      store.write(tx -> {
        tx.update(versions.get(0));
        return true;
      });
      assertThat(store.<KeyVersion>read(tx -> tx.versions(Samples.id(1)).get(0)).rowVersion())
          .isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void tagsAreSetReplacedAndRemoved(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> Samples.insert(tx, Samples.key(1), Samples.key(2)));
      store.write(tx -> {
        tx.putTags(
            Samples.id(1),
            List.of(new Tag("env", "prod"), new Tag("\uFF61", ""), new Tag("\uD83D\uDD11", "x")));
        tx.putTags(Samples.id(2), List.of(new Tag("env", "test")));
        return true;
      });

      assertThat(store.<List<Tag>>read(tx -> tx.tags(Samples.id(1))))
          .containsExactly(
              new Tag("env", "prod"), new Tag("\uFF61", ""), new Tag("\uD83D\uDD11", "x"));
      assertThat(store.read(tx -> tx.projectTags(Samples.PROJECT, Samples.NOW)).get("env"))
          .isEqualTo(new TreeSet<>(Set.of("prod", "test")));

      int removed =
          store.write(tx -> {
            tx.putTags(Samples.id(1), List.of(new Tag("env", "test")));
            return tx.removeTags(Samples.id(1), List.of("\uFF61", "not there"));
          });
      assertThat(removed).isEqualTo(1);
      assertThat(test.reopen().<List<Tag>>read(tx -> tx.tags(Samples.id(1))))
          .containsExactly(new Tag("env", "test"), new Tag("\uD83D\uDD11", "x"));
      assertThat(test.store().read(tx -> tx.projectTags(Samples.PROJECT, Samples.NOW)).get("env"))
          .isEqualTo(Set.of("test"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyReadBeforeItsTagsChangedCanStillBeUpdatedInTheSameTransaction(Engine engine)
      throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(tx -> Samples.insert(tx, Samples.key(1)));
      test.store()
          .write(tx -> {
            Key key = tx.lockKey(Samples.id(1)).orElseThrow();
            tx.putTags(key.id(), List.of(new Tag("env", "prod")));
            return tx.update(key.describe("after"));
          });

      assertThat(test.store().<Key>read(tx -> tx.key(Samples.id(1)).orElseThrow()).description())
          .isEqualTo("after");
      assertThat(test.store().<List<Tag>>read(tx -> tx.tags(Samples.id(1)))).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPurgeLeavesNothingOfAKey(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        Samples.insert(tx, Samples.key(1), Samples.key(2));
        tx.insert(Samples.version(1, 1));
        tx.putTags(Samples.id(1), List.of(new Tag("env", "prod")));
        return true;
      });

      store.write(tx -> {
        tx.purge(Samples.id(1));
        return true;
      });

      assertThat(store.<Boolean>read(tx -> tx.key(Samples.id(1)).isPresent())).isFalse();
      assertThat(store.<List<KeyVersion>>read(tx -> tx.versions(Samples.id(1)))).isEmpty();
      assertThat(store.<Map<?, ?>>read(tx -> tx.projectTags(Samples.PROJECT, Samples.NOW)))
          .isEmpty();
      assertThat(store.<Long>read(tx -> tx.customKeys(Samples.PROJECT, Samples.NOW))).isEqualTo(1);
      assertThat(test.seenBehindItsBack("SELECT tag_key FROM tag")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesAreFreeAgainOnceTheirKeyAwaitsDeletion(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      var pending = new KeyState.PendingDeletion(Samples.NOW.plus(Duration.ofDays(7)));
      store.write(
          tx -> Samples.insert(tx, Samples.key(1), Samples.key(2, Samples.PROJECT, pending)));

      assertThat(store.<Boolean>read(tx -> tx.nameTaken(Samples.PROJECT, "key-1"))).isTrue();
      assertThat(store.<Boolean>read(tx -> tx.nameTaken(Samples.PROJECT, "key-2"))).isFalse();
      assertThat(store.<Boolean>read(tx -> tx.nameTaken(Samples.OTHER_PROJECT, "key-1"))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void textThatIsNoUnicodeIsNotStored(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      assertThatThrownBy(
              () -> test.store().write(tx -> Samples.insert(tx, Samples.key(1).describe("\uD800"))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(test.store().<Boolean>read(tx -> tx.key(Samples.id(1)).isPresent())).isFalse();
    }
  }
}
