package dev.yaoku.server;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Every row of a server's store, but for what records requests and time. */
final class StoreDump {
  /** What may change though nothing is changed: who asked for what, and when. */
  private static final Set<String> RECORDS =
      Set.of(
          "access_key_use",
          "audit",
          "change_sequence",
          "refusal",
          "seen_signature",
          "sqlite_sequence");

  /** The settings that go on by themselves. */
  private static final String CLOCKS = "name LIKE 'clock%'";

  private StoreDump() {}

  /**
   * The rows of each table, as text, in an order that does not depend on when they were written.
   */
  static Map<String, List<String>> of(Path data) {
    try (Connection connection =
        DriverManager.getConnection("jdbc:sqlite:" + data.resolve("yaoku.db"))) {
      return of(connection);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The same of a database. */
  static Map<String, List<String>> of(PostgresSetup database) {
    try (Connection connection = database.connect()) {
      return of(connection);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The clock's marks in a database. */
  static List<String> clocks(PostgresSetup database) {
    try (Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      return rows(sql, "setting", " WHERE " + CLOCKS);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, List<String>> of(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet all =
        connection
            .getMetaData()
            .getTables(null, connection.getSchema(), "%", new String[] {"TABLE"})) {
      while (all.next()) {
        names.add(all.getString("TABLE_NAME"));
      }
    }
    names.removeAll(RECORDS);
    Map<String, List<String>> tables = new TreeMap<>();
    try (Statement sql = connection.createStatement()) {
      for (String name : names) {
        tables.put(name, rows(sql, name, name.equals("setting") ? " WHERE NOT " + CLOCKS : ""));
      }
    }
    return tables;
  }

  private static List<String> rows(Statement sql, String table, String where) throws SQLException {
    List<String> found = new ArrayList<>();
    try (ResultSet rows = sql.executeQuery("SELECT * FROM \"" + table + '"' + where)) {
      while (rows.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          Object value = rows.getObject(i);
          values.add(
              value instanceof byte[] bytes
                  ? HexFormat.of().formatHex(bytes)
                  : String.valueOf(value));
        }
        found.add(String.join("|", values));
      }
    }
    found.sort(null);
    return found;
  }
}
