package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Problem;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever has the database and not the system key can change no value that decides who may do what,
 * in any column of any such table, without being noticed (SECURITY_DESIGN C1).
 */
class EditEveryColumnTest {
  /** A column that the database itself says it has. */
  private record Column(String table, String name) {
    String quoted() {
      return '"' + table + '"';
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyColumnOfARightsBearingTableIsUnderTheMac(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      for (Table table : Tables.ALL) {
        Set<String> covered = new TreeSet<>();
        table.columns().forEach(column -> covered.add(column.name()));
        covered.add(Table.ROW_MAC);
        assertThat(covered)
            .as(table.name())
            .containsExactlyInAnyOrderElementsOf(
                columns(test).stream()
                    .filter(column -> column.table().equals(table.name()))
                    .map(Column::name)
                    .toList());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTableWithoutAMacHoldsNothingThatDecidesRights(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      Set<String> unknown = new HashSet<>();
      columns(test).forEach(column -> unknown.add(column.table()));
      Tables.ALL.forEach(table -> unknown.remove(table.name()));
      assertThat(unknown)
          .containsExactlyInAnyOrderElementsOf(
              Set.of(
                  "access_key_use",
                  "audit",
                  "change_sequence",
                  "ended_sessions",
                  "flyway_schema_history",
                  "trait_set",
                  "refusal",
                  "seen_signature"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangedValueIsNamedAndNotUsed(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      Questions.populate(test.store(), Questions.Tenant.FIRST);
      test.forgetsChangedKeys();
      List<Object> genuine = Questions.of(Questions.Tenant.FIRST).ask(test.store());
      assertThat(test.reported).isEmpty();
      for (Table table : Tables.ALL) {
        for (Column column :
            columns(test).stream().filter(c -> c.table().equals(table.name())).toList()) {
          mustBeNoticed(test, table, column, genuine);
        }
      }
    }
  }

  private static void mustBeNoticed(
      TestStore test, Table table, Column column, List<Object> genuine) throws SQLException {
    Object before =
        test.seenBehindItsBack("SELECT \"" + column.name() + "\" FROM " + column.quoted())
            .getFirst();
    String set = "UPDATE " + column.quoted() + " SET \"" + column.name() + "\" = ?";
    test.behindItsBack(set, before == null ? some(type(table, column)) : other(before));
    test.reported.clear();
    List<Object> now = Questions.of(Questions.Tenant.FIRST).ask(test.store());
    for (int i = 0; i < now.size(); i++) {
      if (now.get(i) != null && !Questions.isNothing(now.get(i))) {
        assertThat(now.get(i))
            .as("%s, question %d", column, i)
            .usingRecursiveComparison()
            .isEqualTo(genuine.get(i));
      }
    }
    // A row under another name or at another place is a row removed: nobody finds it, so nothing is
    // there to check.
    if (!table.primaryKey().contains(column.name()) && !table.place().contains(column.name())) {
      assertThat(test.reported)
          .as(column.toString())
          .extracting(Problem.RowNotGenuine::table)
          .contains(column.table());
    }
    assertThat(test.behindItsBack(set, before)).isEqualTo(1);
  }

  private static Object other(Object value) {
    return switch (value) {
      case String text -> text.isEmpty() ? "x" : text.substring(0, text.length() - 1) + "~";
      case byte[] bytes -> {
        byte[] flipped = bytes.clone();
        flipped[flipped.length - 1] ^= 1;
        yield flipped;
      }
      case Integer number -> number == 0 ? 1 : number - 1;
      case Long number -> number == 0 ? 1L : number - 1;
      default -> throw new IllegalStateException(value.getClass().toString());
    };
  }

  private static Table.Type type(Table table, Column column) {
    return column.name().equals(Table.ROW_MAC)
        ? Table.Type.BYTES
        : table.columns().get(table.position(column.name())).type();
  }

  /** Something for where nothing was. */
  private static Object some(Table.Type type) {
    return switch (type) {
      case TEXT -> "x";
      case NUMBER -> 1L;
      case BYTES -> new byte[] {1};
    };
  }

  private static List<Column> columns(TestStore test) throws SQLException {
    List<Column> found = new ArrayList<>();
    try (Connection connection = test.backDoor.open();
        PreparedStatement all =
            connection.prepareStatement(
                test.engine == Engine.SQLITE
                    ? "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
                        + " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
                    : "SELECT table_name, column_name FROM information_schema.columns"
                        + " WHERE table_schema = 'public'");
        ResultSet rows = all.executeQuery()) {
      while (rows.next()) {
        found.add(new Column(rows.getString(1), rows.getString(2)));
      }
    }
    found.sort(Comparator.comparing(Column::table).thenComparing(Column::name));
    return found;
  }
}
