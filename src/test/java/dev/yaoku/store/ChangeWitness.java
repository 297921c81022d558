package dev.yaoku.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the embedded database itself sees of changes: triggers note each row that is written, in
 * which transaction, and with which version and MAC, and each event. Left out is what has no event
 * by design: the time that has been counted, and sessions that go after they were ended.
 */
public final class ChangeWitness {
  private static final int SALT_BYTES = 16;
  private static final String ENDED =
      "EXISTS (SELECT 1 FROM ended_sessions WHERE holder IN (OLD.\"user\", OLD.agency))";

  private final Path store;
  private long last;

  /** One row that was written, or one event that was appended. */
  public sealed interface Seen {
    /** The number of the transaction, among those that change rows. */
    long transaction();

    /** A row with the version and the MAC that it has then. */
    record Written(long transaction, RowChange change) implements Seen {}

    /** An event, without its salt. */
    record Appended(long transaction, String json) implements Seen {}
  }

  /**
   * Begins to watch a store that may be in use.
   *
   * @param store its file
   */
  public ChangeWitness(Path store) {
    this.store = store;
    try (Connection connection = connection();
        Statement sql = connection.createStatement()) {
      sql.execute(
          "CREATE TABLE witnessed (number INTEGER PRIMARY KEY, transaction_number INTEGER,"
              + " name TEXT, primary_key TEXT, version INTEGER, mac BLOB, entry BLOB)");
      for (Table table : Tables.ALL) {
        watch(sql, table, "INSERT", "NEW", "NEW.row_version, NEW.row_mac", unless(table, "NEW"));
        watch(sql, table, "UPDATE", "NEW", "NEW.row_version, NEW.row_mac", unless(table, "NEW"));
        watch(sql, table, "DELETE", "OLD", "0, x''", unless(table, "OLD"));
      }
      watch(sql, EndedSessions.TABLE, "INSERT", "'ended_sessions', NEW.holder, 1, x'', NULL", "1");
      watch(sql, "audit", "INSERT", "'', '', 0, x'', NEW.entry", "1");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String unless(Table table, String row) {
    if (table == Tables.SETTING) {
      return row + ".name NOT LIKE 'clock.%'";
    }
    boolean session = table == Tables.TOKEN || table == Tables.TEMPORARY_KEY;
    return session && row.equals("OLD") ? "NOT " + ENDED : "1";
  }

  private static void watch(
      Statement sql, Table table, String what, String row, String versionAndMac, String when)
      throws SQLException {
    String key =
        table.primaryKey().stream()
            .map(column -> row + ".\"" + column + '"')
            .collect(Collectors.joining(" || '/' || "));
    watch(
        sql,
        table.name(),
        what,
        "'%s', %s, %s, NULL".formatted(table.name(), key, versionAndMac),
        when);
  }

  private static void watch(Statement sql, String table, String what, String values, String when)
      throws SQLException {
    sql.execute(
        """
        CREATE TRIGGER witness_%1$s_%2$s AFTER %2$s ON "%1$s" WHEN %4$s BEGIN
        INSERT INTO witnessed (transaction_number, name, primary_key, version, mac, entry)
        SELECT value, %3$s FROM change_sequence; END
        """
            .formatted(table, what, values, when));
  }

  private Connection connection() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + store);
  }

  /** The tables whose rows it sees. */
  public Set<String> tables() {
    Set<String> tables = new TreeSet<>(Set.of(EndedSessions.TABLE));
    Tables.ALL.forEach(table -> tables.add(table.name()));
    return tables;
  }

  /** What was committed since the last look, in order. */
  public List<Seen> news() {
    List<Seen> news = new ArrayList<>();
    try (Connection connection = connection();
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT number, transaction_number, name, primary_key, version, hex(mac), entry"
                    + " FROM witnessed WHERE number > ? ORDER BY number")) {
      statement.setLong(1, last);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          last = row.getLong(1);
          news.add(seen(row));
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return news;
  }

  private static Seen seen(ResultSet row) throws SQLException {
    byte @Nullable [] entry = row.getBytes(7);
    if (entry != null) {
      return new Seen.Appended(
          row.getLong(2), new String(entry, SALT_BYTES, entry.length - SALT_BYTES, UTF_8));
    }
    String mac = row.getString(6).toLowerCase(Locale.ROOT);
    return new Seen.Written(
        row.getLong(2), new RowChange(row.getString(3), row.getString(4), row.getLong(5), mac));
  }
}
