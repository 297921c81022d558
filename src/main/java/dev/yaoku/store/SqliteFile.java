package dev.yaoku.store;

import dev.yaoku.secret.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteOpenMode;

/** The file of the embedded store: opens connections to it and watches over it. */
final class SqliteFile implements Guard {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteFile.class);

  /** Earlier versions can damage a database when its write-ahead log is reset. */
  private static final int[] VERSION_MIN = {3, 51, 3};

  /** As negative KiB, for the writer: what changes is spread over the indexes by random ids. */
  private static final int WRITER_CACHE = -16 * 1024;

  /** The same for each reader: what two tags of a million keys are found by, and some more. */
  private static final int READER_CACHE = -8 * 1024;

  /** Reading this much at a start costs some ten milliseconds. */
  private static final long CHECKED_WHOLE_BYTES = 4 << 20;

  private static final Set<String> NEEDED_AT_START =
      Set.of(
          "setting",
          "system_key",
          "project_key",
          "account",
          "project",
          "user",
          "access_key",
          "change_sequence");

  /** SQLite's 512, less what it appends for the files beside the store. */
  private static final int PATH_BYTES_MAX = 504;

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  static final int BUSY_MILLIS = 5_000;

  private final Path file;
  private final Path log;
  private final Health health;
  private final long reserveBytes;
  private final @Nullable Object identity;
  private volatile boolean shortOfSpace;
  private long lookedNanos;

  private SqliteFile(Path file, Health health, long reserveBytes, @Nullable Object identity) {
    this.file = file;
    this.log = file.resolveSibling(file.getFileName() + "-wal");
    this.health = health;
    this.reserveBytes = reserveBytes;
    this.identity = identity;
    this.lookedNanos = System.nanoTime() - LOOK_EVERY.toNanos();
  }

  /** Finds or creates the file, readable by this user alone. */
  static SqliteFile at(Path path, Health health, long reserveBytes) {
    Path file = path.toAbsolutePath();
    if (file.toString().contains("?")) {
      throw new StoreException("The path of the store must not hold a question mark: " + file);
    }
    if (file.toString().getBytes(StandardCharsets.UTF_8).length > PATH_BYTES_MAX) {
      throw new StoreException(
          "The path of the store is too long for SQLite, which takes "
              + PATH_BYTES_MAX
              + " bytes: "
              + file
              + ". Choose a shorter one. Nothing was changed.");
    }
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        PrivateFiles.checkFile(file);
      } else {
        PrivateFiles.create(file, new byte[0]);
      }
      return new SqliteFile(file, health, reserveBytes, identity(file));
    } catch (PrivateFiles.NotPrivate e) {
      throw new StoreException(e.getMessage() + ". " + e.advice() + " Nothing was changed.", e);
    } catch (IOException e) {
      throw new StoreException(
          "The store " + file + " cannot be used: give the server's user permission on it.", e);
    }
  }

  private static @Nullable Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** Hands out connections for the migration of the schema. */
  DataSource source() {
    SQLiteDataSource source = new SQLiteDataSource(config());
    source.setUrl(url());
    return source;
  }

  Connection openWriter() throws SQLException {
    SQLiteConfig config = config();
    config.setCacheSize(WRITER_CACHE);
    Connection connection = config.createConnection(url());
    try {
      mustBeRecent(connection);
      transactionsAreBegunBySql(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * A connection for checkpoints: to the file that this store began with, and to no other, which
   * they would damage.
   */
  Connection openForCheckpoints() throws SQLException {
    mustBeOurs();
    Connection connection = config().createConnection(url());
    try {
      mustBeOurs();
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Opens the file beside SQLite. To be closed when no connection is open: whoever closes a file
   * gives up all locks that the process has on it (POSIX, {@code fcntl}), SQLite's, too.
   */
  FileChannel openBesideSqlite() {
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  private void mustBeOurs() throws SQLException {
    try {
      if (identity != null && !identity.equals(identity(file))) {
        throw new SQLException("the store file was replaced");
      }
    } catch (IOException gone) {
      throw new SQLException("the store file was removed", gone);
    }
  }

  Connection openReader() throws SQLException {
    SQLiteConfig config = config();
    config.setReadOnly(true);
    config.setCacheSize(READER_CACHE);
    Connection connection = config.createConnection(readersUrl());
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = ON");
      transactionsAreBegunBySql(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Keeps the driver from trying to begin a transaction after each statement, by which it finds out
   * whether one is open. Unlike the method of the connection itself, this begins none.
   */
  private static void transactionsAreBegunBySql(Connection connection) throws SQLException {
    connection.unwrap(SQLiteConnection.class).getConnectionConfig().setAutoCommit(false);
  }

  /**
   * Looks at the file before anything else does: at all of it if it is small, else at what a start
   * needs. The rest is looked at whenever it is read, row by row.
   *
   * @throws StoreException if it is damaged or cannot be written
   */
  void mustBeSound() {
    mustBeSound(Files::isWritable);
  }

  /** The same where somebody else says what can be written. */
  void mustBeSound(Predicate<Path> writable) {
    WriteAccess.mustBeThere(file, writable);
    try (Connection connection = openWriter();
        Statement statement = connection.createStatement()) {
      List<String> tables = tables(statement);
      if (Files.size(file) <= CHECKED_WHOLE_BYTES) {
        mustBeSound(statement, "1");
      } else {
        for (String table : tables) {
          if (NEEDED_AT_START.contains(table)) {
            mustBeSound(statement, '"' + table + '"');
          }
        }
      }
    } catch (SQLException | IOException e) {
      throw Failures.of(e);
    }
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
      while (row.next()) {
        names.add(row.getString(1));
      }
    }
    return names;
  }

  /** The check reads pages and their order, not what the rows mean: their MACs say that. */
  private void mustBeSound(Statement statement, String what) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA quick_check(" + what + ")")) {
      String finding = row.next() ? row.getString(1) : "nothing to read";
      String first = finding.lines().filter(line -> !line.startsWith("***")).findFirst().orElse("");
      if (!finding.equals("ok")) {
        throw new StoreException(
            "The store file "
                + file
                + " is damaged ("
                + first.strip()
                + "). Nothing was changed. Keep the file, and restore the data directory from a"
                + " backup.");
      }
    }
  }

  private String url() {
    return "jdbc:sqlite:" + file;
  }

  /**
   * A file that cannot be written, and that no server has open, is read as one that never changes.
   * Otherwise readers, too, would leave read-only files beside it (see {@link WriteAccess}).
   */
  private String readersUrl() {
    return Files.isWritable(file) || Files.exists(log)
        ? url()
        : "jdbc:sqlite:" + file.toUri() + "?immutable=1";
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    config.setGetGeneratedKeys(false); // a query more for each insertion
    config.setOpenMode(SQLiteOpenMode.NOMUTEX); // each connection is one thread's at a time
    config.setTempStore(SQLiteConfig.TempStore.MEMORY);
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "ON");
    config.setPragma(
        SQLiteConfig.Pragma.WAL_AUTOCHECKPOINT, Integer.toString(Checkpoints.PAGES_MAX));
    return config;
  }

  private static void mustBeRecent(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      row.next();
      mustBeRecent(row.getString(1));
    }
  }

  /** Refuses versions of SQLite that can lose data. */
  static void mustBeRecent(String version) {
    String[] parts = version.split("\\.", -1);
    for (int i = 0; i < VERSION_MIN.length; i++) {
      int part = i < parts.length ? Integer.parseInt(parts[i]) : 0;
      if (part != VERSION_MIN[i]) {
        if (part < VERSION_MIN[i]) {
          throw new StoreException(
              "SQLite " + version + " can damage a database: 3.51.3 or newer is needed.");
        }
        return;
      }
    }
  }

  @Override
  public void check() {
    look();
  }

  @Override
  public boolean isShortOfSpace() {
    look();
    return shortOfSpace;
  }

  /** At most twice a second, as it costs system calls. Only threads that write come here. */
  private synchronized void look() {
    long now = System.nanoTime();
    if (now - lookedNanos < LOOK_EVERY.toNanos()) {
      return;
    }
    lookedNanos = now;
    try {
      shortOfSpace = Files.getFileStore(file).getUsableSpace() < neededBytes(logBytes());
      if (identity != null && !identity.equals(identity(file))) {
        wasReplaced();
      }
    } catch (NoSuchFileException gone) {
      wasReplaced();
    } catch (IOException e) {
      // Too many open files, for instance: the next look will tell.
      LOG.debug("the store file could not be looked at", e);
    }
  }

  /** None where there is no log: SQLite removes it when nobody has the file open. */
  private long logBytes() {
    return log.toFile().length();
  }

  /** So much must be left: the reserve, and what the log still grows until it begins anew. */
  long neededBytes(long logBytes) {
    return sum(reserveBytes, Math.max(0, Checkpoints.LOG_BYTES - logBytes));
  }

  /** Of two sizes, at most the greatest number. */
  static long sum(long one, long other) {
    return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
  }

  /**
   * Whether so many bytes more may be taken beside the store, however long its log becomes. Looks
   * at no file's times: the next commit would take longer (ADR 29).
   */
  boolean hasRoomFor(long bytes) {
    return file.toFile().getUsableSpace() - bytes >= neededBytes(0);
  }

  private void wasReplaced() {
    health.refuse(
        "The store file "
            + file
            + " was replaced or removed under the running server: start the server anew.");
  }

  /** Whether the last look found too little space; for threads that do not write. */
  boolean wasShortOfSpace() {
    return shortOfSpace;
  }
}
