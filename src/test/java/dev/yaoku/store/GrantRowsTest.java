package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.Problem;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Grants come back as they were written, and allow nothing once they were not. */
class GrantRowsTest {
  @ParameterizedTest
  @EnumSource
  void grantsComeBackNewestFirstAndGoWithTheirKey(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      Grant old = grant("a", 1, null);
      Grant full = grant("b", 2, "retirer");
      Instant date = Samples.NOW.plusSeconds(60);
      store.write(tx -> {
        Samples.insert(tx, Samples.key(1, Samples.PROJECT, new KeyState.PendingDeletion(date)));
        Samples.insert(tx, Samples.key(2));
        tx.insert(old);
        tx.insert(full);
        return true;
      });

      assertThat(store.<Grant>read(tx -> tx.grant(full.id()).orElseThrow())).isEqualTo(full);
      assertThat(store.<List<Grant>>read(tx -> tx.grantsOf(Samples.id(1)))).containsExactly(old);
      assertThat(retirable(store, "issuer", Samples.NOW)).containsExactly(full, old);
      assertThat(retirable(store, "issuer", date)).containsExactly(full);
      assertThat(retirable(store, "retirer", Samples.NOW)).containsExactly(full);
      assertThat(retirable(store, "grantee", Samples.NOW)).isEmpty();

      store.write(tx -> {
        tx.purge(Samples.id(1));
        tx.remove(full);
        return true;
      });
      assertThat(test.seenBehindItsBack("SELECT id FROM key_grant")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aGrantThatWasEditedBehindTheStoresBackAllowsNothing(Engine engine) throws Exception {
    for (String edit :
        List.of(
            "grantee = 'stranger'",
            "operations = 'decrypt-data'",
            "key_id = '" + Samples.id(2) + "'")) {
      try (TestStore test = engine.open()) {
        SqlStore store = test.store();
        Grant genuine = grant("b", 1, "retirer");
        store.write(tx -> {
          Samples.insert(tx, Samples.key(1), Samples.key(2));
          tx.insert(grant("a", 1, null));
          tx.insert(genuine);
          return true;
        });

        assertThat(
                test.behindItsBack(
                    "UPDATE key_grant SET " + edit + " WHERE id = ?", "a".repeat(64)))
            .isEqualTo(1);

        assertThat(store.<List<Grant>>read(tx -> tx.grantsOf(Samples.id(1))))
            .containsExactly(genuine);
        assertThat(store.<List<Grant>>read(tx -> tx.grantsOf(Samples.id(2)))).isEmpty();
        assertThat(test.reported).contains(new Problem.RowNotGenuine("key_grant", "a".repeat(64)));
      }
    }
  }

  private static Grant grant(String id, int key, @Nullable String retiring) {
    return new Grant(
        id.repeat(64),
        Samples.id(key),
        Samples.PROJECT,
        "grantee",
        retiring != null,
        EnumSet.of(GrantOperation.ENCRYPT_DATA, GrantOperation.CREATE_GRANT),
        "issuer",
        retiring,
        retiring == null ? null : "name",
        Samples.NOW.plusMillis(key),
        retiring == null ? null : "b".repeat(64));
  }

  private static List<Grant> retirable(SqlStore store, String user, Instant now) {
    return store.read(tx -> tx.retirableGrants(Samples.PROJECT, user, Samples.ACCOUNT, now));
  }
}
