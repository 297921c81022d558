package dev.yaoku.store;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The databases that every test runs on. */
enum Engine {
  SQLITE {
    private static @Nullable Path template;

    @Override
    TestStore open() throws IOException {
      return openIn(Files.createTempDirectory("yaoku-store"), template(), SqliteSettings.DEFAULT);
    }

    // Made once: migrating anew for each test would cost too much.
    private static synchronized Path template() throws IOException {
      Path made = template;
      if (made == null) {
        Path directory = Files.createTempDirectory("yaoku-template");
        made = directory.resolve("yaoku.db");
        SqlStore.openSqlite(made, SqliteSettings.DEFAULT, _ -> {}, BeforeMigration.NOTHING).close();
        Path file = made;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteQuietly(file)));
        template = made;
      }
      return made;
    }

    private static void deleteQuietly(Path file) {
      try {
        delete(java.util.Objects.requireNonNull(file.getParent()));
      } catch (IOException e) {
        // The directory for temporary files is cleaned by the system.
      }
    }
  },

  POSTGRES {
    private static @Nullable String template;

    @Override
    TestStore open() throws IOException {
      if (System.getenv("CI") == null) {
        assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
      }
      PostgresProcess server = PostgresProcess.shared();
      try {
        String database = server.newDatabase(template(server));
        PostgresSettings settings = server.settings(database);
        return new TestStore(
            this,
            notGenuine ->
                SqlStore.openPostgres(
                    settings, notGenuine, BeforeMigration.NOTHING, System::nanoTime),
            () -> server.connect(database),
            () -> drop(server, database));
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }

    private static synchronized String template(PostgresProcess server)
        throws SQLException, IOException {
      String made = template;
      if (made == null) {
        made = server.newDatabase(null);
        SqlStore.openPostgres(
                server.settings(made), _ -> {}, BeforeMigration.NOTHING, System::nanoTime)
            .close();
        template = made;
      }
      return made;
    }

    private static void drop(PostgresProcess server, String database) throws IOException {
      try {
        server.dropDatabase(database);
      } catch (SQLException e) {
        throw new IOException(e);
      }
    }
  };

  /** A new, empty store. */
  abstract TestStore open() throws IOException;

  /** A store in this directory, which is deleted at the end. */
  static TestStore openIn(Path directory, @Nullable Path template, SqliteSettings settings)
      throws IOException {
    Path file = directory.resolve("yaoku.db");
    if (template != null) {
      Files.copy(template, file);
    }
    return new TestStore(
        SQLITE,
        notGenuine -> SqlStore.openSqlite(file, settings, notGenuine, BeforeMigration.NOTHING),
        () -> DriverManager.getConnection("jdbc:sqlite:" + file),
        EventFiles.of(file),
        () -> delete(directory));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
