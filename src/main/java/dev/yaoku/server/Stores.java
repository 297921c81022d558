package dev.yaoku.server;

import dev.yaoku.key.Problem;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.EventArchive;
import dev.yaoku.store.PostgresSettings;
import dev.yaoku.store.SqlStore;
import dev.yaoku.store.SqliteSettings;
import dev.yaoku.store.Store;
import dev.yaoku.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Opens the store that the configuration names. */
final class Stores {
  private Stores() {}

  static Store open(
      Config config,
      Consumer<Problem.RowNotGenuine> notGenuine,
      BeforeMigration before,
      LongSupplier nanos) {
    try {
      return config.store().postgres()
          ? SqlStore.openPostgres(postgres(config.store().database()), notGenuine, before, nanos)
          : SqlStore.openSqlite(sqliteFile(config), sqlite(config), notGenuine, before);
    } catch (StoreException e) {
      throw new StartRefused(e.inOneLine());
    }
  }

  /**
   * Takes the file of the store, which only one server may use.
   *
   * @throws StartRefused if another one does
   */
  static void take(Config config, DataDirectory directory) {
    if (!config.store().postgres()) {
      directory.takeStore(config.store().sqliteFile());
    }
  }

  /**
   * Opens the log of the store, which a server may be using.
   *
   * @param findings hears a sentence of each damage
   */
  static EventArchive events(Config config, Consumer<String> findings) {
    try {
      if (config.store().postgres()) {
        return EventArchive.ofPostgres(postgres(config.store().database()));
      }
      mustExist(config);
      return EventArchive.ofSqlite(config.store().sqliteFile(), findings);
    } catch (StoreException e) {
      throw new StartRefused(e.inOneLine());
    }
  }

  /**
   * Refuses to go on where the store would have to be made. One in PostgreSQL says so itself.
   *
   * @throws StartRefused if there is no file of the store
   */
  static void mustExist(Config config) {
    Path file = config.store().sqliteFile();
    if (config.store().postgres()) {
      return;
    }
    Path directory = file.toAbsolutePath().getParent();
    if (directory != null && Files.isDirectory(directory) && !Files.isExecutable(directory)) {
      throw new StartRefused(
          "This user may not look into " + directory + ". Run it as the server's user.");
    }
    if (!hasContent(file)) {
      throw new StartRefused(
          "There is no store "
              + file
              + ". Name its directory with --data DIR, or the server's"
              + " configuration with --config FILE.");
    }
  }

  /**
   * Refuses to make a store where one has been: whoever lost it wants that back, not another one.
   *
   * @throws StartRefused if only what an installation leaves is there; nothing is made then
   */
  static void mustNotBeLost(Config config, CredentialsFile credentials) {
    Path file = config.store().sqliteFile();
    if (config.store().postgres() || hasContent(file)) {
      return;
    }
    credentials.mustNotBeOfALostStore();
    try {
      EventArchive.leftBy(file)
          .map(CredentialsFile::lostStore)
          .ifPresent(refusal -> {
            throw refusal;
          });
    } catch (StoreException e) {
      throw new StartRefused(e.inOneLine());
    }
  }

  /** A restore onto a full disk leaves an empty file, of which SQLite would make a new store. */
  private static boolean hasContent(Path file) {
    try {
      return Files.exists(file) && Files.size(file) > 0;
    } catch (IOException e) {
      throw new StartRefused("The store " + file + " cannot be used: " + e.getMessage() + ".");
    }
  }

  private static Path sqliteFile(Config config) {
    Path file = config.store().sqliteFile();
    DataDirectory.refuseNetwork(file.toAbsolutePath().getParent(), "The directory of the store");
    return file;
  }

  /** With less left on its disk than this, the embedded store may take no more. */
  static long leftFreeBytes(Config config) {
    return sqlite(config).leftFreeBytes();
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
        config.store().sqliteReserveBytes());
  }

  private static PostgresSettings postgres(Config.Postgres database) {
    PostgresSettings usual =
        PostgresSettings.of(
            database.host(),
            database.port(),
            database.database(),
            database.user(),
            SecretReferences.text(database.password(), "store.postgres.password"));
    Path authority = database.rootCertificate();
    return new PostgresSettings(
        usual.host(),
        usual.port(),
        usual.database(),
        usual.user(),
        usual.password(),
        database.tls(),
        authority.toString().isEmpty() ? null : authority,
        database.connections(),
        usual.readWait(),
        usual.changesWaitingMax(),
        usual.eventsWaitingMax(),
        usual.eventBytesWaitingMax(),
        usual.gather(),
        usual.migrate());
  }
}
