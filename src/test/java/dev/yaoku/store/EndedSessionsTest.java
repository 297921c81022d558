package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
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
    return test.store().<Integer>write(tx -> tx.rights().removeEndedSessionsOf(holder, most));
  }

  private static int remove(TestStore test, int most) {
    return test.store().<Integer>write(tx -> tx.rights().removeEndedSessions(most));
  }

  private static boolean isThere(TestStore test, int number) {
    return test.store().<Boolean>read(tx -> tx.token(issued(number).sha256()).isPresent());
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
      test.reopen();
      assertThatThrownBy(() -> test.store().write(tx -> insert(tx, 12)))
          .isInstanceOf(SessionsEnding.class);
      assertThat(remove(test, USER, 5)).isEqualTo(all - 5);

      test.store().write(tx -> insert(tx, 12));
      assertThat(isThere(test, 12)).isTrue();
    }
  }

  /** Whoever found them in the way may come late: others have removed them, and logged in. */
  @ParameterizedTest
  @EnumSource
  void whoseSessionsWereNotEndedKeepsThem(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(EndedSessionsTest::fill);
      assertThat(remove(test, USER, 100)).isZero();
      assertThat(remove(test, 100)).isZero();

      test.store().write(tx -> tx.rights().endSessionsOf(USER));
      remove(test, USER, 100);
      test.store().write(tx -> insert(tx, 12));
      assertThat(remove(test, USER, 100)).isZero();
      assertThat(isThere(test, 12)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoLogsInWhileThoseOfOthersAreRemovedStaysLoggedIn(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store().write(tx -> insert(tx, 2) && insert(tx, 3));
      test.store()
          .write(tx -> {
            for (int i = 20; i < 29; i++) {
              tx.insert(issued(i, "user-2"));
            }
            return tx.rights().endSessionsOf(List.of(USER, "user-2", "nobody"));
          });

      assertThat(remove(test, USER, 100)).isEqualTo(2);
      test.store().write(tx -> insert(tx, 12));
      int removed = 2;
      while (removed < 11) {
        removed += remove(test, 2);
        assertThat(isThere(test, 12)).isTrue();
      }

      assertThat(removed).isEqualTo(11);
      assertThat(remove(test, 2)).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void severalAreEndedAtOnceAndThoseWithoutSessionsAreNotNamed(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      List<String> users = IntStream.range(0, 250).mapToObj(i -> "user-" + (1_000 + i)).toList();
      test.store()
          .write(tx -> {
            IntStream.range(0, 250)
                .filter(i -> i != 7)
                .forEach(i -> tx.insert(issued(1_000 + i, users.get(i))));
            return true;
          });

      test.store()
          .write(tx -> {
            assertThat(tx.rights().endSessionsOf(users)).isTrue();
            assertThat(tx.changes())
                .hasSize(249)
                .extracting(RowChange::primaryKey)
                .doesNotHaveDuplicates()
                .doesNotContain(users.get(7))
                .contains(users.getFirst(), users.getLast());
            assertThat(tx.rights().endSessionsOf(users)).as("again").isFalse();
            assertThat(tx.rights().endSessionsOf(List.of())).isFalse();
            return true;
          });
      assertThat(isThere(test, 1_249)).isFalse();
      assertThat(remove(test, 1_000)).isEqualTo(249);
    }
  }

  private static boolean insert(Writing tx, int number) {
    tx.insert(issued(number));
    return true;
  }

  private static Rows.Token issued(int number) {
    return issued(number, USER);
  }

  private static Rows.Token issued(int number, String user) {
    Rows.Token sample = Samples.token(number);
    return new Rows.Token(
        sample.sha256(),
        sample.account(),
        user,
        null,
        true,
        "password",
        null,
        sample.issuedAt(),
        sample.expiresAt(),
        Rows.Lineage.NONE,
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
      all.add(EndedSessions.mark(1));
      all.add(EndedSessions.mark(100));
      all.add("SELECT * FROM token WHERE sha256 = ?" + EndedSessions.NO_ENDED_TOKEN);
      all.add("SELECT * FROM temporary_key WHERE id = ?" + EndedSessions.NO_ENDED_TEMPORARY_KEY);
      for (String sql : all) {
        assertThat(test.plan(sql)).as(sql).contains("SEARCH").doesNotContain("SCAN t", "SCAN e");
      }
    }
  }
}
