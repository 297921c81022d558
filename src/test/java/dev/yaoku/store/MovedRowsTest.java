package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Problem;
import dev.yaoku.store.Questions.Tenant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Genuine values in a wrong place are no better than made-up ones: whoever has the database can
 * neither exchange what two tenants have nor give one's rows to the other (SECURITY_DESIGN C1).
 */
class MovedRowsTest {
  /** One tenant's rows and another's, one of each in every table. */
  private static TestStore twoTenants(Engine engine) throws Exception {
    TestStore test = engine.open();
    Questions.populate(test.store(), Tenant.FIRST);
    Questions.populate(test.store(), Tenant.SECOND);
    test.forgetsChangedKeys();
    return test;
  }

  private static List<Object> askAll(TestStore test) {
    List<Object> answers = new ArrayList<>();
    for (Tenant tenant : Tenant.values()) {
      answers.addAll(Questions.of(tenant).ask(test.store()));
    }
    return answers;
  }

  @ParameterizedTest
  @EnumSource
  void aValueOfAnotherRowIsNotUsed(Engine engine) throws Exception {
    try (TestStore test = twoTenants(engine)) {
      List<Object> genuine = askAll(test);
      assertThat(test.reported).isEmpty();
      Set<String> swapped = new TreeSet<>();
      for (Table table : Tables.ALL) {
        Map<String, @Nullable Object> first = rows(test, table).getFirst();
        Map<String, @Nullable Object> second = rows(test, table).get(1);
        for (String column : first.keySet()) {
          if (!table.primaryKey().contains(column)
              && !table.place().contains(column)
              && !same(first.get(column), second.get(column))) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>(first);
            Map<String, @Nullable Object> other = new LinkedHashMap<>(second);
            one.put(column, second.get(column));
            other.put(column, first.get(column));
            replaced(test, table, List.of(one, other));
            mustBeNoticed(test, table, "swapped " + table.name() + "." + column, genuine);
            replaced(test, table, List.of(first, second));
            swapped.add(table.name());
          }
        }
      }
      assertThat(swapped).hasSameSizeAs(Tables.ALL);
      assertThat(askAll(test)).usingRecursiveComparison().isEqualTo(genuine);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWholeRowUnderTheNameOfAnotherIsNotUsed(Engine engine) throws Exception {
    try (TestStore test = twoTenants(engine)) {
      List<Object> genuine = askAll(test);
      Set<String> forbidden = new TreeSet<>();
      for (Table table : Tables.ALL) {
        List<Map<String, @Nullable Object>> rows = rows(test, table);
        Map<String, @Nullable Object> first = rows.getFirst();
        Map<String, @Nullable Object> second = rows.get(1);

        replaced(
            test, table, List.of(renamed(first, second, table), renamed(second, first, table)));
        mustBeNoticed(test, table, "exchanged " + table.name(), genuine);

        try {
          replaced(test, table, List.of(first, renamed(first, second, table)));
          mustBeNoticed(test, table, "copied " + table.name(), genuine);
        } catch (SQLException impossible) {
          forbidden.add(table.name());
        }
        replaced(test, table, rows);
      }
      assertThat(forbidden).as("tables whose schema forbids it").hasSizeLessThan(15);
      assertThat(askAll(test)).usingRecursiveComparison().isEqualTo(genuine);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRowGivenToAnotherTenantIsNotUsed(Engine engine) throws Exception {
    try (TestStore test = twoTenants(engine)) {
      List<Object> genuine = askAll(test);
      Set<String> given = new TreeSet<>();
      for (Table table : Tables.ALL) {
        List<Map<String, @Nullable Object>> rows = rows(test, table);
        for (String owner : List.of("account", "project", "key_id", "user", "user_id", "holder")) {
          if (rows.getFirst().containsKey(owner)
              && !table.primaryKey().contains(owner)
              && !table.place().contains(owner)
              && !same(rows.getFirst().get(owner), rows.get(1).get(owner))) {
            Map<String, @Nullable Object> moved = new LinkedHashMap<>(rows.getFirst());
            moved.put(owner, rows.get(1).get(owner));
            try {
              replaced(test, table, List.of(moved));
            } catch (SQLException impossible) {
              replaced(test, table, rows);
              continue;
            }
            mustBeNoticed(test, table, "given away: " + table.name() + "." + owner, genuine);
            replaced(test, table, rows);
            given.add(table.name());
          }
        }
      }
      assertThat(given).hasSizeGreaterThan(15);
      assertThat(askAll(test)).usingRecursiveComparison().isEqualTo(genuine);
    }
  }

  private static void mustBeNoticed(
      TestStore test, Table table, String what, List<Object> genuine) {
    test.reported.clear();
    nothingIsNew(what, askAll(test), genuine);
    assertThat(test.reported)
        .as(what)
        .extracting(Problem.RowNotGenuine::table)
        .contains(table.name());
  }

  private static void nothingIsNew(String what, List<Object> now, List<Object> genuine) {
    for (int i = 0; i < now.size(); i++) {
      List<String> known = texts(genuine.get(i));
      assertThat(known).as("%s, question %d", what, i).containsAll(texts(now.get(i)));
    }
  }

  /** Records compare arrays by identity; their texts do not. */
  private static List<String> texts(Object answer) {
    return Questions.things(answer).stream().map(MovedRowsTest::text).toList();
  }

  private static String text(Object thing) {
    return switch (thing) {
      case byte[] bytes -> Arrays.toString(bytes);
      case Record record ->
          Arrays.stream(record.getClass().getRecordComponents())
              .map(part -> {
                try {
                  Object value = part.getAccessor().invoke(record);
                  return value == null ? "null" : text(value);
                } catch (ReflectiveOperationException e) {
                  throw new LinkageError(e.getMessage(), e);
                }
              })
              .collect(Collectors.joining(",", record.getClass().getSimpleName() + "(", ")"));
      case List<?> list -> list.stream().map(MovedRowsTest::text).toList().toString();
      default -> thing.toString();
    };
  }

  /** What the one row says, under the name of the other. */
  private static Map<String, @Nullable Object> renamed(
      Map<String, @Nullable Object> row, Map<String, @Nullable Object> name, Table table) {
    Map<String, @Nullable Object> renamed = new LinkedHashMap<>(row);
    table.primaryKey().forEach(column -> renamed.put(column, name.get(column)));
    return renamed;
  }

  private static boolean same(@Nullable Object one, @Nullable Object other) {
    return Objects.deepEquals(one, other);
  }

  private static String quoted(String name) {
    return '"' + name + '"';
  }

  private static List<Map<String, @Nullable Object>> rows(TestStore test, Table table)
      throws SQLException {
    List<Map<String, @Nullable Object>> found = new ArrayList<>();
    String order =
        table.primaryKey().stream().map(MovedRowsTest::quoted).collect(Collectors.joining(", "));
    try (Connection connection = test.backDoor.open();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT * FROM " + quoted(table.name()) + " ORDER BY " + order);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        Map<String, @Nullable Object> row = new LinkedHashMap<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          row.put(rows.getMetaData().getColumnName(i), rows.getObject(i));
        }
        found.add(row);
      }
    }
    assertThat(found).as(table.name()).hasSize(2);
    return found;
  }

  /** Puts these rows in place of all that the table has. */
  private static void replaced(
      TestStore test, Table table, List<Map<String, @Nullable Object>> rows) throws SQLException {
    try (Connection connection = test.backDoor.open();
        Statement sql = connection.createStatement()) {
      sql.execute("DELETE FROM " + quoted(table.name()));
      String names =
          rows.getFirst().keySet().stream()
              .map(MovedRowsTest::quoted)
              .collect(Collectors.joining(", "));
      String places = String.join(", ", Collections.nCopies(rows.getFirst().size(), "?"));
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO " + quoted(table.name()) + " (" + names + ") VALUES (" + places + ")")) {
        for (Map<String, @Nullable Object> row : rows) {
          int place = 1;
          for (Object value : row.values()) {
            insert.setObject(place++, value);
          }
          insert.executeUpdate();
        }
      }
    }
  }
}
