package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Alias;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.Rotation;
import dev.yaoku.key.Tag;
import dev.yaoku.store.KeyFilter.StateName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lists say what is true at the time they are asked for, and go on where a page ended. */
class ListsTest {
  private static final Instant EXPIRY = Samples.NOW.plus(Duration.ofDays(1));

  private static List<Key> inState(SqlStore store, @Nullable StateName state, Instant now) {
    KeyFilter filter = new KeyFilter(state, null, null, false, List.of(), null);
    KeyFilter.Page page =
        store.read(tx -> tx.keys(Samples.PROJECT, filter, now, From.offset(0), 100, false));
    assertThat(page.total()).isEqualTo(page.keys().size());
    return page.keys().stream().map(KeyFilter.TaggedKey::key).toList();
  }

  @ParameterizedTest
  @EnumSource
  void aKeyIsListedAsWaitingForMaterialFromTheMomentItsMaterialExpires(Engine engine)
      throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.insert(Samples.key(1));
        tx.insert(Samples.key(2).withMaterial(1, EXPIRY));
        tx.insert(Samples.key(3, Samples.PROJECT, new KeyState.Disabled()).withMaterial(1, EXPIRY));
        Instant late = EXPIRY.plus(Duration.ofDays(30));
        tx.insert(
            Samples.key(4, Samples.PROJECT, new KeyState.PendingDeletion(late))
                .withMaterial(1, EXPIRY));
        return true;
      });
      Instant before = EXPIRY.minusMillis(1);
      assertThat(inState(store, StateName.ENABLED, before))
          .extracting(Key::id)
          .containsExactly(Samples.id(2), Samples.id(1));
      assertThat(inState(store, StateName.DISABLED, before))
          .extracting(Key::id)
          .containsExactly(Samples.id(3));
      assertThat(inState(store, StateName.PENDING_IMPORT, before)).isEmpty();

      assertThat(inState(store, StateName.ENABLED, EXPIRY))
          .extracting(Key::id)
          .containsExactly(Samples.id(1));
      assertThat(inState(store, StateName.DISABLED, EXPIRY)).isEmpty();
      assertThat(inState(store, StateName.PENDING_IMPORT, EXPIRY))
          .allMatch(key -> key.state() instanceof KeyState.PendingImport)
          .extracting(Key::id)
          .containsExactly(Samples.id(3), Samples.id(2));
      assertThat(inState(store, StateName.PENDING_DELETION, EXPIRY))
          .extracting(Key::id)
          .containsExactly(Samples.id(4));
      assertThat(inState(store, null, EXPIRY)).hasSize(4);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatHangsOnAKeyLeavesTheListsAtTheKeysDate(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      Instant date = Samples.NOW.plus(Duration.ofDays(7));
      store.write(tx -> {
        tx.insert(Samples.key(1, Samples.PROJECT, new KeyState.PendingDeletion(date)));
        tx.insert(Samples.key(2));
        tx.insert(alias("gone", 1));
        tx.insert(alias("stays", 2));
        tx.putTags(Samples.id(1), List.of(new Tag("a", "1"), new Tag("b", "2")));
        tx.putTags(Samples.id(2), List.of(new Tag("b", "2"), new Tag("b2", "3")));
        return true;
      });
      Instant before = date.minusMillis(1);
      assertThat(aliases(store, before, From.offset(0))).containsExactly("stays", "gone");
      assertThat(store.read(tx -> tx.projectTags(Samples.PROJECT, before)).keySet())
          .containsExactly("a", "b", "b2");
      assertThat(aliases(store, date, From.offset(0))).containsExactly("stays");
      assertThat(store.read(tx -> tx.projectTags(Samples.PROJECT, date)).keySet())
          .containsExactly("b", "b2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeystoreHoldsAKeyUntilTheKeysDate(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      Key key = Samples.fullKey(1);
      store.write(tx -> {
        tx.insert(key);
        return true;
      });
      Instant date = Samples.NOW.plus(Duration.ofDays(7));
      assertThat(holds(store, date.minusMillis(1))).isTrue();
      assertThat(holds(store, date)).isFalse();
    }
  }

  private static boolean holds(SqlStore store, Instant now) {
    return store.<Boolean>read(tx -> tx.keystoreHoldsKeys("keystore-1", now));
  }

  private static Alias alias(String name, int key) {
    Instant at = Samples.NOW.plusMillis(key);
    return new Alias(
        Samples.ACCOUNT, name, Samples.PROJECT, Samples.id(key), "alias/" + name, at, at, 1);
  }

  private static List<String> aliases(SqlStore store, Instant now, From from) {
    return store.read(
        tx -> tx.aliases(Samples.PROJECT, now, from, 100).stream().map(Alias::name).toList());
  }

  @ParameterizedTest
  @EnumSource
  void aPageBeginsBehindAPlaceWhateverCameAndWent(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        for (int n = 1; n <= 5; n++) {
          tx.insert(Samples.key(n));
          tx.insert(alias("alias-" + n, n));
          tx.insert(Samples.keystore(n));
        }
        return true;
      });
      KeyFilter.Page first =
          store.read(
              tx -> tx.keys(Samples.PROJECT, KeyFilter.ALL, Samples.NOW, From.offset(0), 2, false));
      assertThat(first.more()).isTrue();
      Position place = java.util.Objects.requireNonNull(first.last());
      Position behindFour = new Position(Samples.NOW.toEpochMilli() + 4, "alias-4");
      Position store4 = new Position(Samples.NOW.toEpochMilli() + 4, Samples.keystore(4).id());
      store.write(tx -> {
        tx.insert(Samples.key(6));
        tx.insert(alias("alias-6", 6));
        tx.insert(Samples.keystore(6));
        tx.purge(Samples.id(4));
        tx.purge(Samples.id(5));
        tx.removeKeystore(Samples.PROJECT, Samples.keystore(5).id());
        tx.removeKeystore(Samples.PROJECT, Samples.keystore(4).id());
        return true;
      });
      KeyFilter.Page rest =
          store.read(tx ->
              tx.keys(Samples.PROJECT, KeyFilter.ALL, Samples.NOW, From.behind(place), 9, false));
      assertThat(rest.keys())
          .extracting(found -> found.key().id())
          .containsExactly(Samples.id(3), Samples.id(2), Samples.id(1));
      assertThat(rest.more()).isFalse();
      assertThat(rest.total()).isEqualTo(4);
      assertThat(aliases(store, Samples.NOW, From.behind(behindFour)))
          .containsExactly("alias-3", "alias-2", "alias-1");
      assertThat(
              store.<List<Keystore>>read(
                  tx -> tx.keystores(Samples.PROJECT, From.behind(store4), 9)))
          .extracting(Keystore::alias)
          .containsExactly("keystore-3", "keystore-2", "keystore-1");
    }
  }

  /** A list of what is due, from its head or further on. */
  private interface DueList {
    Due<?> part(Reading tx, long passed, int limit);
  }

  @ParameterizedTest
  @EnumSource
  void aListOfWhatIsDueGoesOnBehindRowsThatAreNotGenuine(Engine engine) throws Exception {
    Instant late = Samples.NOW.plus(Duration.ofDays(400));
    Instant early = Samples.NOW.minus(Duration.ofDays(400));
    Map<String, DueList> lists =
        Map.of(
            "deletion", (tx, passed, limit) -> tx.due().deletionDue(late, passed, limit),
            "rotation", (tx, passed, limit) -> tx.due().rotationDue(late, passed, limit),
            "recall", (tx, passed, limit) -> tx.due().rotationTooFarOff(early, passed, limit),
            "material", (tx, passed, limit) -> tx.due().materialExpired(late, passed, limit),
            "versions", (tx, passed, limit) -> tx.due().versionsExpired(late, passed, limit),
            "recalled tokens",
                (tx, passed, limit) -> tx.due().importTokensTooFarOff(early, passed, limit),
            "full tokens",
                (tx, passed, limit) -> tx.due().importTokensEndedButFull(late, passed, limit),
            "tokens", (tx, passed, limit) -> tx.due().importTokensEnded(late, passed, limit));
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      for (int n = 1; n <= 3; n++) {
        allDue(store, n);
      }
      test.behindItsBack(
          "UPDATE \"key\" SET description = 'x' WHERE name NOT IN (?, ?)", "key-3", "key-8");
      test.behindItsBack(
          "UPDATE key_version SET material_id = 'x' WHERE key_id < ?", Samples.id(3).text());
      test.behindItsBack(
          "UPDATE import_token SET attempts = 9 WHERE id < ?", Samples.importToken(3).id());

      lists.forEach((name, list) -> {
        assertThat(store.<Due<?>>read(tx -> list.part(tx, 0, 2)))
            .as(name)
            .isEqualTo(new Due<>(List.of(), 2));
        Due<?> behind = store.read(tx -> list.part(tx, 2, 2));
        assertThat(behind.rows()).as(name).isEqualTo(1);
        assertThat(behind.genuine()).as(name).hasSize(1);
      });
    }
  }

  private static void allDue(SqlStore store, int n) {
    Rotation rotation = new Rotation(true, 30, Samples.NOW.plusMillis(n), null, 0);
    Instant end = Samples.NOW.plusMillis(n);
    store.write(tx -> {
      tx.insert(Samples.key(n).withMaterial(1, end).renewing(rotation));
      tx.insert(Samples.key(n + 5, Samples.PROJECT, new KeyState.PendingDeletion(end)));
      tx.insert(Samples.version(n, 1));
      tx.insert(Samples.importToken(n));
      return true;
    });
  }
}
