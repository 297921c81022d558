package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One row ends all sessions of a user or of a role; theirs go later. */
class EndedSessionsTest {
  private static final String USER = "user-1";
  private static final String AGENCY = "agency-1";
  private static final int TOKENS = 7;

  /** A token plays the role, and so does the temporary key; the others are the user's alone. */
  private static boolean fill(Writing tx) {
    for (int i = 2; i < 2 + TOKENS; i++) {
      insert(tx, i);
    }
    tx.insert(Samples.roleToken(1));
    tx.rights().insert(Samples.temporaryKey(1));
    return true;
  }

  private static int remove(TestStore test, String holder, int most) {
    return test.store()
        .<Integer>write(tx -> tx.rights().removeEndedSessionsOf(List.of(holder), most));
  }

  private static List<String> holders(TestStore test) {
    return test.store().read(tx -> tx.rights().holdersOfEndedSessions(10));
  }

  @ParameterizedTest
  @EnumSource
  void theSessionsOfARoleEndAndThoseOfItsPlayersStay(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(EndedSessionsTest::fill);

      assertThat(test.store().<Boolean>write(tx -> tx.rights().endSessionsOf(AGENCY))).isTrue();

      test.store()
          .read(tx -> {
            assertThat(tx.token(Samples.roleToken(1).sha256())).isEmpty();
            assertThat(tx.rights().temporaryKey(Samples.temporaryKey(1).id())).isEmpty();
            assertThat(tx.token(Samples.token(2).sha256())).isPresent();
            return true;
          });
    }
  }

  @ParameterizedTest
  @EnumSource
  void noneIsIssuedUntilTheRowsOfTheEndedAreGoneAFewAtATime(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(EndedSessionsTest::fill);
      test.store().write(tx -> tx.rights().endSessionsOf(USER));
      int all = TOKENS + 2;

      assertThatThrownBy(() -> test.store().write(tx -> insert(tx, 12)))
          .isInstanceOfSatisfying(
              SessionsEnding.class, refused -> assertThat(refused.holder()).isEqualTo(USER));
      assertThat(remove(test, USER, 5)).isEqualTo(5);
      assertThat(holders(test)).containsExactly(USER);
      test.reopen();
      assertThat(remove(test, USER, 5)).isEqualTo(all - 5);
      assertThat(holders(test)).isEmpty();

      test.store().write(tx -> insert(tx, 12));
      assertThat(test.store().<Boolean>read(tx -> tx.token(issued(12).sha256()).isPresent()))
          .isTrue();
    }
  }

  private static boolean insert(Writing tx, int number) {
    tx.insert(issued(number));
    return true;
  }

  private static Rows.Token issued(int number) {
    Rows.Token sample = Samples.token(number);
    return new Rows.Token(
        sample.sha256(),
        sample.account(),
        USER,
        null,
        true,
        "password",
        null,
        sample.issuedAt(),
        sample.expiresAt(),
        1);
  }

  /** Whoever removes rows of sessions changes nothing that another server could have in memory. */
  @ParameterizedTest
  @EnumSource
  void toRemoveWhatEndedIsNoChange(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(EndedSessionsTest::fill);
      test.store().write(tx -> tx.rights().endSessionsOf(USER));
      long before = test.store().<Long>read(Reading::changeSequence);
      remove(test, USER, 100);
      assertThat(test.store().<Long>read(Reading::changeSequence)).isEqualTo(before);
    }
  }

  @Test
  void nothingOfItLooksAtTheSessionsOfOthers() throws Exception {
    try (TestStore test = Engine.SQLITE.open()) {
      List<String> all = new ArrayList<>(EndedSessions.REMOVALS);
      all.add(EndedSessions.MARK);
      for (String sql : all) {
        assertThat(plan(test, sql)).as(sql).contains("SEARCH").doesNotContain("SCAN t");
      }
    }
  }

  /** With values in place of parameters, which say no more about a table than these do. */
  private static String plan(TestStore test, String sql) throws SQLException {
    StringBuilder plan = new StringBuilder();
    String query = "EXPLAIN QUERY PLAN " + sql.replace("LIMIT ?", "LIMIT 9").replace("?", "'x'");
    try (var connection = test.backDoor.open();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      while (rows.next()) {
        plan.append(rows.getString("detail")).append('\n');
      }
    }
    return plan.toString();
  }
}
