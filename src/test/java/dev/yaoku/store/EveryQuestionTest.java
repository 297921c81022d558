package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Questions.Tenant;
import dev.yaoku.store.Rights.HolderKind;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the tests of edited rows ask is all that can be asked (SECURITY_DESIGN C1). */
class EveryQuestionTest {
  /** Ids, names, times and words that give nobody a right; no row with a MAC is behind them. */
  private static final Set<String> WITHOUT_A_ROW =
      Set.of(
          "memberIds",
          "idsInSet",
          "holderIds",
          "policiesOfAccount",
          "policiesHeld",
          "accountsWithoutProjectIn",
          "lastUses",
          "refusal");

  /** What can take rights away, by the tables that it is read from. */
  private static final Map<String, List<Function<RightsReading, Object>>> TAKING_AWAY =
      Map.of(
          "attachment",
          List.of(
              rights -> rights.attachmentsOf(HolderKind.GROUP, "group-2"),
              rights -> rights.attachmentsOfGroupsOf("user-2"),
              rights -> rights.ofAccount(HolderKind.GROUP, "group-2"),
              rights -> rights.ofAccount(HolderKind.USER, "user-2")),
          "membership",
          List.of(
              rights -> rights.attachmentsOfGroupsOf("user-2"),
              rights -> rights.ofAccount(HolderKind.USER, "user-2"),
              rights -> rights.groupsOf("user-2"),
              rights -> rights.members("group-2")),
          "user_group",
          List.of(rights -> rights.groupsOf("user-2")));

  @Test
  void whateverReturnsRowsIsAsked() throws Exception {
    try (TestStore test = Engine.SQLITE.open()) {
      Questions.populate(test.store(), Tenant.FIRST);
      Set<Method> asked = Questions.of(Tenant.FIRST).methods(test.store());
      assertThat(asked).containsAll(returningRows(Reading.class).toList());
      for (Class<?> part : Questions.PARTS) {
        assertThat(asked).containsAll(returningRows(part).toList());
      }
    }
  }

  private static Stream<Method> returningRows(Class<?> reading) {
    return Arrays.stream(reading.getMethods())
        .filter(method -> !method.getReturnType().isPrimitive())
        .filter(method -> !WITHOUT_A_ROW.contains(method.getName()));
  }

  /** A denial whose row was edited, and so passed over, would be a right. */
  @ParameterizedTest
  @EnumSource
  void whatCanTakeRightsAwayIsRefusedWholeWhereOneRowWasEdited(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      Questions.populate(test.store(), Tenant.SECOND);
      for (String table : TAKING_AWAY.keySet()) {
        String edit = "UPDATE \"" + table + "\" SET created_at = created_at ";
        for (Function<RightsReading, Object> question : TAKING_AWAY.get(table)) {
          assertThat(Questions.isNothing(asked(test, question))).as(table).isFalse();
          assertThat(test.behindItsBack(edit + "+ 1")).isEqualTo(1);
          assertThatThrownBy(() -> asked(test, question))
              .as(table)
              .isInstanceOfSatisfying(
                  KmsException.class,
                  refused ->
                      assertThat(refused.problem())
                          .isInstanceOfSatisfying(
                              Problem.RowNotGenuine.class,
                              row -> assertThat(row.table()).isEqualTo(table)));
          test.behindItsBack(edit + "- 1");
        }
      }
    }
  }

  private static Object asked(TestStore test, Function<RightsReading, Object> question) {
    return test.store().<Object>read(tx -> question.apply(tx.rights()));
  }
}
