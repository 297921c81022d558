package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.SetMember;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Members of a multi-region set come back as they were written, for as long as the set has one. */
class SetMemberRowsTest {
  /** What hides a key from its set, if the rows of the set alone are asked. */
  private static final List<String> EDITS =
      List.of(
          "UPDATE set_member SET replica_set = 'elsewhere' WHERE key_id = ?",
          "DELETE FROM set_member WHERE key_id = ?");

  @ParameterizedTest
  @EnumSource
  void membersOfASetAreFoundByItAndOutliveTheirKeys(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      SqlStore store = test.store();
      MultiRegion replica = new MultiRegion(MultiRegion.Role.REPLICA, "set-1");
      store.write(tx -> {
        Samples.insert(
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
      store.write(SetMemberRowsTest::twoMembers);

      purge(store, 1);
      assertThat(store.<List<SetMember>>read(tx -> tx.setMembers("set-1")))
          .containsExactly(Samples.setMember(1), Samples.setMember(2));
      purge(store, 2);
      assertThat(store.<List<SetMember>>read(tx -> tx.setMembers("set-1"))).isEmpty();
    }
  }

  /** What belongs to a set, each key's own row says; those of the set say where to look, too. */
  @ParameterizedTest
  @EnumSource
  void aMemberWhoseRowOfTheSetWasMovedOrDeletedIsFoundByItsOwn(Engine engine) throws Exception {
    for (String edit : EDITS) {
      try (TestStore test = engine.open()) {
        test.store().write(SetMemberRowsTest::twoMembers);

        assertThat(test.behindItsBack(edit, Samples.id(2).text())).isEqualTo(1);

        assertThat(test.store().<List<Key>>read(tx -> tx.members("set-1")))
            .as(edit)
            .extracting(Key::id)
            .containsExactly(Samples.id(1), Samples.id(2));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSetIsRememberedWhileAMemberLivesWhoseRowWasMovedOrDeleted(Engine engine) throws Exception {
    for (String edit : EDITS) {
      try (TestStore test = engine.open()) {
        test.store().write(SetMemberRowsTest::twoMembers);
        assertThat(test.behindItsBack(edit, Samples.id(2).text())).isEqualTo(1);

        purge(test.store(), 1);

        assertThat(test.store().<List<SetMember>>read(tx -> tx.setMembers("set-1")))
            .as(edit)
            .contains(Samples.setMember(1));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void membersAreFoundByIndexesAlone(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      assertThat(test.plan(Tables.KEY.select(MembersOfSets.IN_ORDER)))
          .contains("key_by_set", "set_member_by_set")
          .doesNotContain("SCAN key", "SCAN set_member", "Seq Scan");
    }
  }

  private static boolean twoMembers(Writing tx) {
    MultiRegion replica = new MultiRegion(MultiRegion.Role.REPLICA, "set-1");
    Samples.insert(tx, Samples.fullKey(1), Samples.key(2).withMultiRegion(replica));
    tx.insert(Samples.setMember(1));
    tx.insert(Samples.setMember(2));
    return true;
  }

  private static void purge(SqlStore store, int n) {
    store.write(tx -> {
      tx.purge(Samples.id(n));
      return true;
    });
  }
}
