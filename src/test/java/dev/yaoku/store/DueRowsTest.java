package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Rotation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is due is found by its time. */
class DueRowsTest {
  @ParameterizedTest
  @EnumSource
  void keysAreDueForDeletionInOrderOfTheirDate(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      for (int n = 1; n <= 3; n++) {
        var pending = new KeyState.PendingDeletion(Samples.NOW.minusSeconds(n));
        Key key = Samples.key(n, Samples.PROJECT, pending);
        store.write(tx -> Samples.insert(tx, key));
      }
      store.write(tx -> Samples.insert(tx, Samples.key(4)));

      assertThat(
              store.<List<Key>>read(
                  tx -> tx.due().deletionDue(Samples.NOW.minusSeconds(1), 0, 10).genuine()))
          .extracting(Key::id)
          .containsExactly(Samples.id(3), Samples.id(2));
      assertThat(store.<List<Key>>read(tx -> tx.due().deletionDue(Samples.NOW, 0, 1).genuine()))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rotationsAndExpiriesAreFoundByTheirTime(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      Key due = Samples.key(1).renewing(new Rotation(true, 30, Samples.NOW, null, 0));
      Key disabled = Samples.key(2).renewing(due.rotation()).disable();
      Key expired = Samples.key(3).withMaterial(1, Samples.NOW);
      store.write(tx -> {
        Samples.insert(tx, due, disabled, expired);
        tx.insert(Samples.version(1, 1));
        return true;
      });
      Instant now = Samples.NOW;

      assertThat(store.<List<Key>>read(tx -> tx.due().rotationDue(now, 0, 10).genuine()))
          .extracting(Key::id)
          .containsExactly(due.id());
      assertThat(
              store.<List<Key>>read(
                  tx -> tx.due().rotationDue(now.minusMillis(1), 0, 10).genuine()))
          .isEmpty();
      Instant before = now.minus(Duration.ofDays(30)).minusMillis(1);
      assertThat(store.<List<Key>>read(tx -> tx.due().rotationTooFarOff(before, 0, 10).genuine()))
          .hasSize(2);
      assertThat(
              store.<List<Key>>read(
                  tx -> tx.due().rotationTooFarOff(before.plusMillis(1), 0, 10).genuine()))
          .isEmpty();
      assertThat(store.<List<Key>>read(tx -> tx.due().materialExpired(now, 0, 10).genuine()))
          .extracting(Key::id)
          .containsExactly(expired.id());
      Instant end = now.plus(Duration.ofDays(3));
      assertThat(store.<List<KeyVersion>>read(tx -> tx.due().versionsExpired(end, 0, 10).genuine()))
          .hasSize(1);
      store.write(tx -> {
        tx.update(tx.versions(due.id()).getFirst().emptied());
        return true;
      });
      assertThat(store.<List<KeyVersion>>read(tx -> tx.due().versionsExpired(end, 0, 10).genuine()))
          .isEmpty();
      assertThat(store.<KeyVersion>read(tx -> tx.versions(due.id()).getFirst()).fingerprint())
          .isEqualTo(Samples.bytes("fingerprint"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void importTokensComeBackAndEnd(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.insert(Samples.importToken(1));
        tx.insert(Samples.importToken(2));
        return Samples.insert(tx, Samples.key(1));
      });
      Rows.ImportToken first = Samples.importToken(1);

      assertThat(store.<Rows.ImportToken>read(tx -> tx.importToken(first.id()).orElseThrow()))
          .usingRecursiveComparison()
          .isEqualTo(first);
      assertThat(store.<List<Rows.ImportToken>>read(tx -> tx.importTokens(Samples.id(1))))
          .hasSize(2);
      Instant end = first.expiresAt();
      store.write(tx -> {
        tx.update(tx.due().importTokensEndedButFull(end, 0, 10).genuine().getFirst().emptied());
        return true;
      });
      assertThat(store.<List<?>>read(tx -> tx.due().importTokensEndedButFull(end, 0, 10).genuine()))
          .isEmpty();
      assertThat(store.<List<?>>read(tx -> tx.due().importTokensEnded(end, 0, 10).genuine()))
          .hasSize(1);
      Instant before = end.minusMillis(1);
      assertThat(store.<List<?>>read(tx -> tx.due().importTokensTooFarOff(before, 0, 10).genuine()))
          .hasSize(2);
      assertThat(store.<List<?>>read(tx -> tx.due().importTokensTooFarOff(end, 0, 10).genuine()))
          .hasSize(1);
      assertThat(store.<Boolean>write(tx -> tx.removeImportToken(first.id()))).isTrue();
      assertThat(store.<Boolean>write(tx -> tx.removeImportToken(first.id()))).isFalse();
      store.write(tx -> {
        tx.purge(Samples.id(1));
        return true;
      });
      assertThat(test.seenBehindItsBack("SELECT id FROM import_token")).isEmpty();
    }
  }
}
