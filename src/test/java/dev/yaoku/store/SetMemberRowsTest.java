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
      MultiRegion replica = new MultiRegion(MultiRegion.Role.REPLICA, "set-1");
      store.write(tx -> {
        Samples.insert(tx, Samples.fullKey(1), Samples.key(2).withMultiRegion(replica));
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
}
