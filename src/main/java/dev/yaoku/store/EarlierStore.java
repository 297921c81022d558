package dev.yaoku.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.sql.DataSource;

/** What every schema has had since the first, read before a migration. */
final class EarlierStore implements BeforeMigration.Found {
  private final DataSource source;

  EarlierStore(DataSource source) {
    this.source = source;
  }

  /** A database without tables of ours. */
  static BeforeMigration.Found nothing() {
    return new BeforeMigration.Found() {
      @Override
      public Optional<String> setting(String name) {
        return Optional.empty();
      }

      @Override
      public SortedMap<Integer, byte[]> systemKeys() {
        return new TreeMap<>();
      }
    };
  }

  @Override
  public Optional<String> setting(String name) {
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT value FROM setting WHERE name = ?")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  @Override
  public SortedMap<Integer, byte[]> systemKeys() {
    SortedMap<Integer, byte[]> wrapped = new TreeMap<>();
    try (Connection connection = source.getConnection();
        PreparedStatement statement =
            connection.prepareStatement("SELECT version, wrapped FROM system_key");
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        wrapped.put(row.getInt(1), row.getBytes(2));
      }
      return wrapped;
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }
}
