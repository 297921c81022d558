package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyPolicy;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Rotation;
import dev.yaoku.key.SetMember;
import dev.yaoku.key.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that is written comes back as it was. */
class RowsRoundTripTest {
  @ParameterizedTest
  @EnumSource
  void aKeyComesBackWithEveryMember(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(tx -> insert(tx, Samples.fullKey(1), Samples.key(2)));

      assertThat(test.reopen().<Key>read(tx -> tx.key(Samples.id(1)).orElseThrow()))
          .isEqualTo(Samples.fullKey(1));
      assertThat(test.store().<Key>read(tx -> tx.key(Samples.id(2)).orElseThrow()))
          .isEqualTo(Samples.key(2));
      assertThat(test.store().<Boolean>read(tx -> tx.key(Samples.id(3)).isPresent())).isFalse();
    }
  }

  private static boolean insert(Writing tx, Key... keys) {
    for (Key key : keys) {
      tx.insert(key);
    }
    return true;
  }

  @ParameterizedTest
  @EnumSource
  void anUpdateCountsTheRowVersionUp(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> insert(tx, Samples.key(1)));

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
  void membersOfASetAreFoundByItAndOutliveTheirKeys(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      MultiRegion replica = new MultiRegion(MultiRegion.Role.REPLICA, "set-1");
      store.write(tx -> {
        insert(
            tx,
            Samples.fullKey(1),
            Samples.key(2).withMultiRegion(replica),
            Samples.key(3).withMultiRegion(new MultiRegion(MultiRegion.Role.REPLICA, "set-2")),
            Samples.key(4));
        for (int n = 1; n <= 3; n++) {
          tx.insert(Samples.setMember(n)); // the third says otherwise in its own row
        }
        return true;
      });

      assertThat(test.reopen().<List<Key>>read(tx -> tx.members("set-1")))
          .containsExactly(Samples.fullKey(1), Samples.key(2).withMultiRegion(replica));
      SqlStore reopened = test.store();
      assertThat(reopened.<List<Key>>read(tx -> tx.members("set-3"))).isEmpty();

      purge(reopened, 1);
      assertThat(reopened.<Optional<SetMember>>read(tx -> tx.setMember(Samples.id(1))))
          .contains(Samples.setMember(1));
      purge(reopened, 4);
      assertThat(reopened.<List<SetMember>>read(tx -> tx.setMembers("set-1"))).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSetIsForgottenWithItsLastMember(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      MultiRegion replica = new MultiRegion(MultiRegion.Role.REPLICA, "set-1");
      store.write(tx -> {
        insert(tx, Samples.fullKey(1), Samples.key(2).withMultiRegion(replica));
        tx.insert(Samples.setMember(1));
        tx.insert(Samples.setMember(2));
        return true;
      });

      purge(store, 1);
      assertThat(store.<List<SetMember>>read(tx -> tx.setMembers("set-1")))
          .containsExactly(Samples.setMember(1), Samples.setMember(2));
      purge(store, 2);
      assertThat(store.<List<SetMember>>read(tx -> tx.setMembers("set-1"))).isEmpty();
    }
  }

  private static void purge(SqlStore store, int n) {
    store.write(tx -> {
      tx.purge(Samples.id(n));
      return true;
    });
  }

  @ParameterizedTest
  @EnumSource
  void accountsWithoutAProjectInARegionAreNamed(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        for (String id : List.of(Samples.ACCOUNT, "account-2")) {
          tx.insert(new Rows.Account(id, "name of " + id, true, Samples.NOW, 1));
        }
        tx.insert(Samples.project(1));
        return true;
      });

      assertThat(store.<List<String>>read(tx -> tx.accountsWithoutProjectIn("region-1")))
          .containsExactly("account-2");
      assertThat(store.<List<String>>read(tx -> tx.accountsWithoutProjectIn("region-2")))
          .containsExactly(Samples.ACCOUNT, "account-2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void tagsAreSetReplacedAndRemoved(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> insert(tx, Samples.key(1), Samples.key(2)));
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
      test.store().write(tx -> insert(tx, Samples.key(1)));
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

  @ParameterizedTest
  @EnumSource
  void grantsComeBackNewestFirstAndGoWithTheirKey(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      Grant old = grant("a", 1, null);
      Grant full = grant("b", 2, "retirer");
      Instant date = Samples.NOW.plusSeconds(60);
      store.write(tx -> {
        insert(tx, Samples.key(1, Samples.PROJECT, new KeyState.PendingDeletion(date)));
        insert(tx, Samples.key(2));
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
          insert(tx, Samples.key(1), Samples.key(2));
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

  private static List<Grant> retirable(SqlStore store, String user, Instant now) {
    return store.read(tx -> tx.retirableGrants(Samples.PROJECT, user, Samples.ACCOUNT, now));
  }

  @ParameterizedTest
  @EnumSource
  void aPurgeLeavesNothingOfAKey(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        insert(tx, Samples.key(1), Samples.key(2));
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
      store.write(tx -> insert(tx, Samples.key(1), Samples.key(2, Samples.PROJECT, pending)));

      assertThat(store.<Boolean>read(tx -> tx.nameTaken(Samples.PROJECT, "key-1"))).isTrue();
      assertThat(store.<Boolean>read(tx -> tx.nameTaken(Samples.PROJECT, "key-2"))).isFalse();
      assertThat(store.<Boolean>read(tx -> tx.nameTaken(Samples.OTHER_PROJECT, "key-1"))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void keysAreDueForDeletionInOrderOfTheirDate(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      for (int n = 1; n <= 3; n++) {
        var pending = new KeyState.PendingDeletion(Samples.NOW.minusSeconds(n));
        Key key = Samples.key(n, Samples.PROJECT, pending);
        store.write(tx -> insert(tx, key));
      }
      store.write(tx -> insert(tx, Samples.key(4)));

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
        insert(tx, due, disabled, expired);
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
        return insert(tx, Samples.key(1));
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

  @ParameterizedTest
  @EnumSource
  void keystoresComeBackNewestFirstAndKnowTheirProject(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.insert(Samples.keystore(1));
        tx.insert(Samples.keystore(2));
        tx.insert(Samples.fullKey(1));
        return true;
      });
      String id = Samples.keystore(1).id();

      assertThat(
              store.<List<Keystore>>read(tx -> tx.keystores(Samples.PROJECT, From.offset(0), 10)))
          .containsExactly(Samples.keystore(2), Samples.keystore(1));
      assertThat(
              store.<List<Keystore>>read(tx -> tx.keystores(Samples.PROJECT, From.offset(1), 10)))
          .hasSize(1);
      assertThat(store.<Long>read(tx -> tx.keystoreCount(Samples.PROJECT))).isEqualTo(2);
      assertThat(store.<Boolean>read(tx -> tx.keystore(Samples.OTHER_PROJECT, id).isPresent()))
          .isFalse();
      assertThat(store.<Boolean>read(tx -> tx.keystoreHoldsKeys("keystore-1", Samples.NOW)))
          .isTrue();
      assertThat(store.<Boolean>read(tx -> tx.keystoreHoldsKeys(id, Samples.NOW))).isFalse();

      store.write(tx -> {
        tx.removeKeystore(Samples.PROJECT, id);
        return true;
      });
      assertThat(store.<Boolean>read(tx -> tx.keystore(Samples.PROJECT, id).isPresent())).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsInAKeySpaceComesBackInOrderOfIds(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.keySpaces().insert(Samples.keyPolicy(2));
        tx.keySpaces().insert(Samples.keyPolicy(1));
        tx.keySpaces().insert(Samples.accessPoint(2));
        tx.keySpaces().insert(Samples.accessPoint(1));
        return true;
      });
      String keySpace = Samples.keyPolicy(1).keySpace();

      assertThat(
              store.<List<KeyPolicy>>read(
                  tx -> tx.keySpaces().keyPolicies(Samples.PROJECT, keySpace, "", 10)))
          .containsExactly(Samples.keyPolicy(1), Samples.keyPolicy(2));
      assertThat(
              store.<List<KeyPolicy>>read(tx ->
                  tx.keySpaces()
                      .keyPolicies(Samples.PROJECT, keySpace, Samples.keyPolicy(1).id(), 10)))
          .containsExactly(Samples.keyPolicy(2));
      assertThat(
              store.<List<AccessPoint>>read(
                  tx -> tx.keySpaces().accessPoints(Samples.PROJECT, keySpace, "", 1)))
          .usingRecursiveComparison()
          .isEqualTo(List.of(Samples.accessPoint(1)));
      assertThat(store.<Long>read(tx -> tx.keySpaces().accessPointCount(Samples.PROJECT)))
          .isEqualTo(2);
      assertThat(
              store.<Boolean>read(tx ->
                  tx.keySpaces()
                      .keyPolicy(Samples.OTHER_PROJECT, Samples.keyPolicy(1).id())
                      .isEmpty()))
          .isTrue();
      assertThat(
              store.<Boolean>read(tx ->
                  tx.keySpaces()
                      .accessPoint(Samples.OTHER_PROJECT, Samples.accessPoint(1).id())
                      .isEmpty()))
          .isTrue();

      store.write(tx -> {
        tx.keySpaces().update(Samples.keyPolicy(1).opened(Samples.NOW.plusSeconds(99)));
        tx.keySpaces().update(Samples.accessPoint(1).enabled(false, Samples.NOW.plusSeconds(99)));
        tx.keySpaces().remove(Samples.keyPolicy(2));
        tx.keySpaces().remove(Samples.accessPoint(2));
        return true;
      });

      KeyPolicy policy =
          test.reopen()
              .read(tx ->
                  tx.keySpaces()
                      .keyPolicy(Samples.PROJECT, Samples.keyPolicy(1).id())
                      .orElseThrow());
      assertThat(policy.openedAt()).isEqualTo(Samples.NOW.plusSeconds(99));
      assertThat(policy.rowVersion()).isEqualTo(2);
      List<AccessPoint> left =
          test.store()
              .read(tx -> tx.keySpaces().accessPointsOf(Samples.PROJECT, AccessPoint.Kind.CUSTOM));
      assertThat(left).extracting(AccessPoint::enabled).containsExactly(false);
      assertThat(
              test.store()
                  .<Boolean>read(
                      tx -> tx.keySpaces().keyPolicyNamed(Samples.PROJECT, keySpace, "policy-2")))
          .isFalse();
      assertThat(
              test.store()
                  .<Boolean>read(tx ->
                      tx.keySpaces().accessPointNamed(Samples.PROJECT, keySpace, "access-point-1")))
          .isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aForgedRowDoesNotEndAPageOfAKeySpace(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        for (int i = 1; i <= 4; i++) {
          tx.keySpaces().insert(Samples.keyPolicy(i));
        }
        return true;
      });
      test.behindItsBack("UPDATE key_policy SET description = ? WHERE name = 'policy-1'", "forged");

      assertThat(
              store.<List<KeyPolicy>>read(tx ->
                  tx.keySpaces()
                      .keyPolicies(Samples.PROJECT, Samples.keyPolicy(1).keySpace(), "", 2)))
          .containsExactly(Samples.keyPolicy(2), Samples.keyPolicy(3));
    }
  }

  @ParameterizedTest
  @EnumSource
  void identitiesComeBackByIdAndByName(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store()
          .write(tx -> {
            tx.insert(Samples.account(1));
            tx.insert(Samples.project(2));
            tx.insert(Samples.project(1));
            tx.insert(Samples.user(1));
            tx.insert(Samples.accessKey(1));
            return true;
          });

      test.reopen()
          .read(tx -> {
            assertThat(tx.account("account-1")).contains(Samples.account(1));
            assertThat(tx.accountNamed("name-1")).contains(Samples.account(1));
            assertThat(tx.project("project-1")).contains(Samples.project(1));
            assertThat(tx.projects(Samples.ACCOUNT))
                .containsExactly(Samples.project(1), Samples.project(2));
            assertThat(tx.user("user-1").orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(Samples.user(1));
            assertThat(tx.userNamed(Samples.ACCOUNT, "name-1")).isPresent();
            assertThat(tx.userNamed("other", "name-1")).isEmpty();
            assertThat(tx.accessKey(Samples.accessKey(1).id()).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(Samples.accessKey(1));
            return true;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void tokensEnd(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      store.write(tx -> {
        tx.insert(Samples.token(1));
        tx.insert(Samples.token(2));
        tx.insert(Samples.token(3));
        return true;
      });
      String second = Samples.token(2).sha256();

      assertThat(store.<Optional<Rows.Token>>read(tx -> tx.token(second)))
          .contains(Samples.token(2));
      long end = Samples.NOW.plusSeconds(2).toEpochMilli();
      assertThat(store.<Integer>write(tx -> tx.removeTokensEndedBefore(end, 10))).isEqualTo(1);
      assertThat(store.<Boolean>write(tx -> tx.removeToken(second))).isTrue();
      assertThat(store.<Boolean>write(tx -> tx.removeToken(second))).isFalse();
      assertThat(test.seenBehindItsBack("SELECT count(*) FROM token").get(0).toString())
          .isEqualTo("1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignatureIsNewOnce(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();

      assertThat(store.<Boolean>write(tx -> tx.rememberSignature("ab", 10))).isTrue();
      assertThat(store.<Boolean>write(tx -> tx.rememberSignature("ab", 11))).isFalse();
      assertThat(store.<Integer>write(tx -> tx.forgetSignaturesBefore(10, 100))).isZero();
      store.write(tx -> tx.rememberSignature("cd", 9));
      assertThat(store.<Integer>write(tx -> tx.forgetSignaturesBefore(11, 1))).isEqualTo(1);
      assertThat(store.<Integer>write(tx -> tx.forgetSignaturesBefore(11, 100))).isEqualTo(1);
      assertThat(store.<Boolean>write(tx -> tx.rememberSignature("ab", 12))).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theKeyHierarchyAndTheSettingsComeBack(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store()
          .write(tx -> {
            tx.insert(Samples.systemKey(1));
            tx.insert(Samples.projectKey(2));
            tx.insert(Samples.projectKey(1));
            tx.putSetting("installation", "one");
            tx.putSetting("installation", "two");
            return true;
          });

      test.reopen()
          .read(tx -> {
            assertThat(tx.systemKeys())
                .usingRecursiveComparison()
                .isEqualTo(List.of(Samples.systemKey(1)));
            assertThat(tx.projectKeys(Samples.PROJECT))
                .usingRecursiveComparison()
                .isEqualTo(List.of(Samples.projectKey(1), Samples.projectKey(2)));
            assertThat(tx.setting("installation")).contains("two");
            assertThat(tx.setting("absent")).isEmpty();
            return true;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void textThatIsNoUnicodeIsNotStored(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      assertThatThrownBy(
              () -> test.store().write(tx -> insert(tx, Samples.key(1).describe("\uD800"))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(test.store().<Boolean>read(tx -> tx.key(Samples.id(1)).isPresent())).isFalse();
    }
  }
}
