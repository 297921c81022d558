package dev.yaoku.server;

import dev.yaoku.key.Problem;
import dev.yaoku.store.PostgresSettings;
import dev.yaoku.store.SqlStore;
import dev.yaoku.store.SqliteSettings;
import dev.yaoku.store.Store;
import dev.yaoku.store.StoreException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens the store that the configuration names. */
final class Stores {
  private static final String FILE = "file:";

  private Stores() {}

  static Store open(
      Config config, DataDirectory directory, Consumer<Problem.RowNotGenuine> notGenuine) {
    try {
      return config.store().postgres()
          ? SqlStore.openPostgres(postgres(config.store().database()), notGenuine)
          : SqlStore.openSqlite(sqliteFile(config, directory), sqlite(config), notGenuine);
    } catch (StoreException e) {
      throw new StartRefused(String.valueOf(e.getMessage()));
    }
  }

  private static Path sqliteFile(Config config, DataDirectory directory) {
    Path file = config.store().sqliteFile();
    return file.toString().isEmpty() ? directory.file("yaoku.db") : file;
  }

  private static SqliteSettings sqlite(Config config) {
    SqliteSettings usual = SqliteSettings.DEFAULT;
    return new SqliteSettings(
        config.store().sqliteReaders(),
        usual.readsWaitingMax(),
        usual.changesWaitingMax(),
        usual.eventsWaitingMax(),
        usual.eventBytesWaitingMax(),
        usual.gather(),
        usual.reserveBytes());
  }

  private static PostgresSettings postgres(Config.Postgres database) {
    PostgresSettings usual =
        PostgresSettings.of(
            database.host(),
            database.port(),
            database.database(),
            database.user(),
            passwordFile(database.password()));
    Path authority = database.rootCertificate();
    return new PostgresSettings(
        usual.host(),
        usual.port(),
        usual.database(),
        usual.user(),
        usual.passwordFile(),
        authority.toString().isEmpty() ? null : authority,
        database.connections(),
        usual.readWait(),
        usual.changesWaitingMax(),
        usual.eventsWaitingMax(),
        usual.eventBytesWaitingMax(),
        usual.gather(),
        usual.migrate());
  }

  /** The driver reads the password itself, anew for each connection, so it must be in a file. */
  private static @Nullable Path passwordFile(Config.SecretReference reference) {
    if (!reference.present()) {
      return null;
    }
    if (!reference.text().startsWith(FILE)) {
      throw new StartRefused(
          "store.postgres.password must name a file (file:PATH) that only this user can read.");
    }
    return Path.of(reference.text().substring(FILE.length()));
  }
}
