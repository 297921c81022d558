package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Versions and grants are found by their key's number, which says where to look and no more. */
class RowsBesideTheirKeyTest {
  private static final String PLACE_OF_SECOND =
      "key_number = (SELECT number FROM \"key\" WHERE name = 'key-2')";

  private static boolean twoKeys(Writing tx) {
    for (int n = 1; n <= 2; n++) {
      tx.insert(Samples.key(n));
      tx.insert(Samples.version(n, 1));
      tx.insert(grant(n));
    }
    tx.insert(Samples.version(1, 2));
    return true;
  }

  private static Grant grant(int key) {
    return new Grant(
        Integer.toString(key).repeat(64),
        Samples.id(key),
        Samples.PROJECT,
        "grantee",
        false,
        EnumSet.of(GrantOperation.ENCRYPT_DATA),
        "issuer",
        null,
        null,
        Samples.NOW,
        null);
  }

  @ParameterizedTest
  @EnumSource
  void aVersionLaidAtAnotherKeyOpensNothingThere(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RowsBesideTheirKeyTest::twoKeys);

      test.behindItsBack("UPDATE key_version SET " + PLACE_OF_SECOND + " WHERE version = 2");

      assertThatThrownBy(() -> test.store().read(tx -> tx.versions(Samples.id(2))))
          .isInstanceOfSatisfying(
              KmsException.class,
              refusal ->
                  assertThat(refusal.problem())
                      .isEqualTo(
                          new Problem.RowNotGenuine("key_version", Samples.id(1).text() + "/2")));
      assertThat(test.store().<List<KeyVersion>>read(tx -> tx.versions(Samples.id(1))))
          .extracting(KeyVersion::number)
          .containsExactly(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aGrantLaidAtAnotherKeyAllowsNothingThere(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RowsBesideTheirKeyTest::twoKeys);

      assertThat(
              test.behindItsBack(
                  "UPDATE key_grant SET " + PLACE_OF_SECOND + " WHERE key_id = ?",
                  Samples.id(1).text()))
          .isEqualTo(1);

      assertThat(test.store().<List<Grant>>read(tx -> tx.grantsOf(Samples.id(2))))
          .containsExactly(grant(2));
      assertThat(test.reported)
          .containsExactly(new Problem.RowNotGenuine("key_grant", grant(1).id()));
      assertThat(test.store().<List<Grant>>read(tx -> tx.grantsOf(Samples.id(1)))).isEmpty();
      assertThat(test.store().<Long>read(tx -> tx.grantRows(Samples.id(2)))).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAKeyHasIsChangedAndRemovedWhereItLies(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RowsBesideTheirKeyTest::twoKeys);

      changeAndRemove(test, 2, 1);
    }
  }

  /** As the migration leaves them: without a place, which their MACs do not cover. */
  @ParameterizedTest
  @EnumSource
  void whatAnEarlierStoreHadIsFoundChangedAndRemoved(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RowsBesideTheirKeyTest::twoKeys);
      losePlace(test, KeyRows.row(Samples.version(1, 1)), "project = NULL, key_number = NULL");
      losePlace(test, KeyRows.row(Samples.version(2, 1)), "project = NULL, key_number = NULL");
      losePlace(test, GrantRows.row(grant(1)), "key_number = NULL");
      losePlace(test, GrantRows.row(grant(2)), "key_number = NULL");

      assertThat(test.store().<List<KeyVersion>>read(tx -> tx.versions(Samples.id(1))))
          .extracting(KeyVersion::number)
          .containsExactly(1, 2);
      assertThat(test.store().<List<Grant>>read(tx -> tx.grantsOf(Samples.id(1))))
          .containsExactly(grant(1));
      assertThat(test.store().<Long>read(tx -> tx.grantRows(Samples.id(1)))).isEqualTo(1);

      changeAndRemove(test, 1, 2);
      assertThat(test.reported).isEmpty();
    }
  }

  /** What is left then is the emptied version of the first key. */
  private static void changeAndRemove(TestStore test, int emptied, int removed)
      throws SQLException {
    test.store()
        .write(tx -> {
          tx.update(Samples.version(1, emptied).emptied());
          tx.remove(Samples.version(1, removed));
          tx.remove(grant(1));
          tx.purge(Samples.id(2));
          return true;
        });

    assertThat(test.store().<List<KeyVersion>>read(tx -> tx.versions(Samples.id(1))))
        .singleElement()
        .satisfies(version -> assertThat(version.wrapped()).isEmpty());
    assertThat(test.seenBehindItsBack("SELECT id FROM key_grant")).isEmpty();
    assertThat(test.seenBehindItsBack("SELECT key_id FROM key_version"))
        .containsExactly(Samples.id(1).text());
  }

  private static void losePlace(TestStore test, Row row, String edit) throws SQLException {
    TestRowMac mac = new TestRowMac();
    row.set(Table.ROW_VERSION, 1).set(Table.SYSTEM_KEY_VERSION, mac.keyVersion());
    String name = row.table().name();
    boolean version = row.table() == Tables.KEY_VERSION;
    assertThat(
            test.behindItsBack(
                "UPDATE %s SET %s, row_mac = ? WHERE %s = ?%s"
                    .formatted(
                        name,
                        edit,
                        version ? "key_id" : "id",
                        version ? " AND version = " + row.number("version") : ""),
                mac.mac(mac.keyVersion(), name, row.encoded()),
                row.text(version ? "key_id" : "id")))
        .isEqualTo(1);
  }

  /** The number of a key that is purged may be the next one's. */
  @ParameterizedTest
  @EnumSource
  void whatWasLaidAtAKeyIsNotTheNextOnes(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RowsBesideTheirKeyTest::twoKeys);
      test.behindItsBack(
          "UPDATE key_grant SET grantee = 'stranger' WHERE key_id = ?", Samples.id(2).text());

      test.store()
          .write(tx -> {
            tx.purge(Samples.id(2));
            tx.insert(Samples.key(3));
            return true;
          });
      test.reported.clear();

      assertThat(test.store().<Long>read(tx -> tx.grantRows(Samples.id(3)))).isZero();
      assertThat(test.store().<List<Grant>>read(tx -> tx.grantsOf(Samples.id(3)))).isEmpty();
      assertThat(test.reported).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNumberAtWhichSomethingLiesIsNotGivenAgain(Engine engine) throws Exception {
    for (String table : List.of("key_version", "key_grant")) {
      try (TestStore test = engine.open()) {
        test.store().write(RowsBesideTheirKeyTest::twoKeys);
        test.behindItsBack("UPDATE " + table + " SET key_number = 7 WHERE key_id = ?", id(2));

        test.store()
            .write(tx -> {
              tx.insert(Samples.key(3));
              tx.insert(Samples.version(3, 1));
              return true;
            });

        assertThat(test.seenBehindItsBack("SELECT max(number) FROM \"key\"").getFirst())
            .as(table)
            .hasToString("8");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aVersionThatIsThereTwiceIsNotUsed(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(RowsBesideTheirKeyTest::twoKeys);
      losePlace(test, KeyRows.row(Samples.version(1, 2)), "project = NULL, key_number = NULL");
      test.store()
          .write(tx -> {
            tx.insert(Samples.version(1, 2));
            return true;
          });

      assertThatThrownBy(() -> test.store().read(tx -> tx.versions(Samples.id(1))))
          .isInstanceOf(KmsException.class);
      assertThat(test.reported)
          .containsExactly(new Problem.RowNotGenuine("key_version", id(1) + "/2"));
    }
  }

  private static String id(int key) {
    return Samples.id(key).text();
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsAddedToAKeyThatIsNotThere(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      assertThatThrownBy(() ->
              test.store()
                  .write(tx -> {
                    tx.insert(Samples.version(1, 1));
                    return true;
                  }))
          .hasMessageContaining("key " + Samples.id(1).text() + " is not there any more");
      assertThat(test.seenBehindItsBack("SELECT key_id FROM key_version")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothAreFoundByTheirPlaceAlone(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      for (Table table : List.of(Tables.KEY_VERSION, Tables.KEY_GRANT)) {
        String plan = test.plan(table.select(RowsAtKeys.AT_KEY));
        if (engine == Engine.SQLITE) {
          assertThat(plan)
              .contains("SEARCH " + table.name())
              .contains("(project=? AND key_number=?)");
        } else {
          assertThat(plan).containsPattern("Index Cond: \\(\\(project = .*AND \\(key_number = ");
        }
        String before = test.plan(table.select(RowsAtKeys.BEFORE_NUMBERS));
        assertThat(before).contains(table.name() + "_by_id");
        assertThat(plan + before)
            .doesNotContain("SCAN " + table.name(), "Seq Scan on " + table.name());
      }
    }
  }
}
