package dev.yaoku.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** A database of an engine without a store: empty, or brought to an earlier version by hand. */
record Database(DataSource source, SqlDialect dialect) {
  void migrateTo(String version) {
    Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/migration")
        .javaMigrations(new WiderSets(dialect))
        .placeholders(dialect.types())
        .target(version)
        .load()
        .migrate();
  }

  void run(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  List<String> history() throws SQLException {
    return texts("SELECT version FROM flyway_schema_history ORDER BY installed_rank");
  }

  List<String> texts(String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        texts.add(row.getString(1));
      }
    }
    return texts;
  }

  /** An empty one; SQLite's is {@code yaoku.db} in the folder. */
  static Database empty(Engine engine, Path folder) throws IOException, SQLException {
    if (engine == Engine.SQLITE) {
      SqliteFile file = SqliteFile.at(folder.resolve("yaoku.db"), new Health(), 0);
      return new Database(file.source(), SqlDialect.SQLITE);
    }
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    PostgresProcess server = PostgresProcess.shared();
    PostgresServer database = new PostgresServer(server.settings(server.newDatabase(null)));
    return new Database(database.source(), SqlDialect.POSTGRES);
  }
}
