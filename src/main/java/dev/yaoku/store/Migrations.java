package dev.yaoku.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings the schema to the version that this program knows. A store that is there already is only
 * looked at: Flyway itself, which costs a noticeable part of a start, runs when there is work.
 */
final class Migrations {
  /**
   * The newest migration. All are under {@code db/migration} but 21, which is {@link WiderSets}.
   */
  static final int NEWEST = 25;

  private static final String HISTORY = "flyway_schema_history";

  /** Versions of migrations that were done, for servers that run. */
  static final String DONE =
      "SELECT version FROM " + HISTORY + " WHERE success AND version IS NOT NULL";

  /**
   * With PostgreSQL what a migration does and that it was done are one transaction: a start that is
   * cut short leaves both or neither.
   */
  private static final Map<String, String> ONE_CONNECTION =
      Map.of("flyway.postgresql.transactional.lock", "false");

  private static final String MAY_BE_ANOTHERS = "If it holds something else, use an empty one.";
  private static final String STAYS =
      "It stays as the last migration that succeeded left it, and the next start goes on from"
          + " there: look at the cause in the log.";

  private Migrations() {}

  /**
   * Migrates where that is needed and allowed.
   *
   * @param mayChange false if another role migrates, as with PostgreSQL's runtime role (M14)
   * @param before asked about the store, which may hold nothing
   * @throws StoreException if the schema is newer than this program, or not ours
   */
  static void run(
      DataSource source, SqlDialect dialect, boolean mayChange, BeforeMigration before) {
    int version = version(source);
    if (version > NEWEST) {
      throw new StoreException(
          ("The store has schema version %d, and this program knows versions up to %d: start the"
                  + " newer program. Nothing was changed.")
              .formatted(version, NEWEST));
    }
    if (version == NEWEST) {
      return;
    }
    if (!mayChange) {
      throw new StoreException(
          "The store has schema version %d, and this program needs version %d: migrate it first."
              .formatted(version, NEWEST));
    }
    before.mustBeOurs(version > 0 ? new EarlierStore(source) : EarlierStore.nothing());
    migrate(source, dialect, version);
  }

  /** The number of a migration. One between two, which only a newer program has, is the next. */
  static int number(String version) {
    String[] parts = version.split("[._]", 2);
    return Integer.parseInt(parts[0]) + parts.length - 1;
  }

  /** Why a server that runs is of no more use: it does not know what the rows mean by now. */
  static String changedByNewer(int version) {
    return ("A newer program changed the schema of the store to version %d, and this program knows"
            + " versions up to %d: start the newer program here, too.")
        .formatted(version, NEWEST);
  }

  private static int version(DataSource source) {
    try (Connection connection = source.getConnection();
        ResultSet tables =
            connection.getMetaData().getTables(null, connection.getSchema(), HISTORY, null)) {
      return tables.next() ? newest(connection) : 0;
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  private static int newest(Connection connection) throws SQLException {
    int newest = 0;
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT version, success FROM " + HISTORY)) {
      while (row.next()) {
        String version = row.getString(1);
        if (version != null && row.getBoolean(2)) {
          newest = Math.max(newest, number(version));
        }
      }
    }
    return newest;
  }

  private static void migrate(DataSource source, SqlDialect dialect, int from) {
    try {
      Flyway.configure()
          .dataSource(source)
          .locations("classpath:db/migration")
          .javaMigrations(new WiderSets(dialect))
          .placeholders(dialect.types())
          .table(HISTORY)
          .configuration(ONE_CONNECTION)
          .load()
          .migrate();
    } catch (FlywayException e) {
      if (Failures.isOfPlace(e)) {
        throw Failures.of(e); // another database would fail there as well
      }
      throw new StoreException(
          "The %s could not be brought to version %d. %s"
              .formatted(schema(source), NEWEST, from == 0 ? MAY_BE_ANOTHERS : STAYS),
          e);
    }
  }

  /** What a sentence calls the tables that were looked at. */
  private static String schema(DataSource source) {
    try (Connection connection = source.getConnection()) {
      String name = connection.getSchema();
      return name == null ? "schema of the store" : "schema \"" + name + "\" of the database";
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }
}
