package dev.yaoku.key;

import static dev.yaoku.key.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.Problem.Need;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The state machine of section 1 of the contract's semantics, row by row. */
class KeyTest {
  private static final KeyState ENABLED = new KeyState.Enabled();
  private static final KeyState DISABLED = new KeyState.Disabled();
  private static final KeyState PENDING_IMPORT = new KeyState.PendingImport();
  private static final KeyState PENDING_DELETION =
      new KeyState.PendingDeletion(NOW.plusSeconds(60));
  private static final List<KeyState> STATES =
      List.of(ENABLED, DISABLED, PENDING_DELETION, PENDING_IMPORT);

  /** An operation, and in the order of STATES the state it leads to, or null if it is refused. */
  private record Row(
      String operation, UnaryOperator<Key> step, Need need, List<@Nullable KeyState> leadsTo) {}

  private static Row row(
      String operation, UnaryOperator<Key> step, Need need, @Nullable KeyState... leadsTo) {
    return new Row(operation, step, need, Arrays.asList(leadsTo));
  }

  private static final List<Row> ROWS =
      List.of(
          row("enable", Key::enable, Need.DISABLED, null, ENABLED, null, null),
          row("disable", Key::disable, Need.ENABLED, DISABLED, null, null, null),
          row(
              "scheduleDeletion",
              key -> key.scheduleDeletion(NOW.plusSeconds(60)),
              Need.NOT_PENDING_DELETION,
              PENDING_DELETION,
              PENDING_DELETION,
              null,
              PENDING_DELETION),
          row(
              "cancelDeletion",
              Key::cancelDeletion,
              Need.PENDING_DELETION,
              null,
              null,
              DISABLED,
              null),
          row(
              "rename",
              key -> key.rename("other"),
              Need.CHANGEABLE,
              ENABLED,
              DISABLED,
              null,
              PENDING_IMPORT),
          row(
              "describe",
              key -> key.describe("other"),
              Need.CHANGEABLE,
              ENABLED,
              DISABLED,
              null,
              PENDING_IMPORT),
          row(
              "use",
              key -> {
                key.mustBeEnabled();
                return key;
              },
              Need.USABLE,
              ENABLED,
              null,
              null,
              null));

  @TestFactory
  Stream<DynamicTest> everyOperationInEveryState() {
    return ROWS.stream().flatMap(KeyTest::cells);
  }

  private static Stream<DynamicTest> cells(Row row) {
    return Stream.iterate(0, i -> i < STATES.size(), i -> i + 1).map(i -> cell(row, i));
  }

  private static DynamicTest cell(Row row, int i) {
    KeyState state = STATES.get(i);
    KeyState expected = row.leadsTo().get(i);
    String name =
        row.operation() + " in " + state.getClass().getSimpleName() + " leads to " + expected;
    return DynamicTest.dynamicTest(
        name,
        () -> {
          Key key = Samples.key(state);
          if (expected == null) {
            assertRefused(() -> row.step().apply(key), new Problem.WrongState(row.need(), state));
          } else {
            assertThat(row.step().apply(key).state()).isEqualTo(expected);
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> keysOfCloudServicesDoNotChange() {
    return ROWS.stream()
        .filter(row -> row.need() != Need.USABLE)
        .map(row ->
            DynamicTest.dynamicTest(
                row.operation(),
                () ->
                    assertRefused(
                        () -> row.step().apply(Samples.defaultKey()), new Problem.DefaultKey())));
  }

  @Test
  void aKeyWithoutMaterialGoesBackToWaitingForIt() {
    assertThat(Samples.withoutMaterial(PENDING_DELETION).cancelDeletion().state())
        .isEqualTo(PENDING_IMPORT);
  }

  @Test
  void aKeyIsGoneFromTheMomentOfItsDate() {
    Key key = Samples.key(new KeyState.PendingDeletion(NOW));

    assertThat(key.isGoneAt(NOW.minusMillis(1))).isFalse();
    assertThat(key.isGoneAt(NOW)).isTrue();
    assertThat(Samples.key(ENABLED).isGoneAt(NOW)).isFalse();
  }

  private static void assertRefused(Supplier<Key> step, Problem problem) {
    assertThatThrownBy(step::get)
        .isInstanceOfSatisfying(
            KmsException.class, e -> assertThat(e.problem()).isEqualTo(problem));
  }
}
