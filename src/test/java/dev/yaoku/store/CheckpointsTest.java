package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the write-ahead log of the embedded store gets into its file. */
class CheckpointsTest {
  /** More than 5,000 pages. */
  private static final int LONG_LOG_EVENTS = 70_000;

  private static final int EVENTS_OF_A_COMMIT = 10_000;

  private static final AuditRow EVENT =
      new AuditRow(Samples.NOW.toEpochMilli(), Samples.ACCOUNT, new byte[480]);

  /** Where a log counts how often it began anew (SQLite, "WAL file format", section 4.1). */
  private static final int BEGINNINGS_AT = 12;

  @TempDir private Path directory;
  private Path file;
  private Path log;

  @BeforeEach
  void name() {
    file = directory.resolve("yaoku.db");
    log = directory.resolve("yaoku.db-wal");
  }

  @Test
  void whatIsWrittenReachesTheFileBesideTheWriter() throws Exception {
    try (SqlStore store = open()) {
      long before = Files.size(file);
      append(store, 1_000);
      eventually(() -> size(file) > before);
    }
  }

  @Test
  void aLongLogBeginsAnewWhileTheStoreIsInUse() throws Exception {
    try (SqlStore store = open()) {
      append(store, 1);
      for (int round = 0; round < 3; round++) {
        int before = beginnings();
        append(store, LONG_LOG_EVENTS);
        eventually(() -> {
          append(store, 1);
          return beginnings() > before;
        });
      }
    }
  }

  @Test
  void theLogIsGoneWhenTheStoreIsClosedAndNothingIsLost() throws Exception {
    try (SqlStore store = open()) {
      append(store, LONG_LOG_EVENTS);
    }
    assertThat(log).doesNotExist();
    try (Connection connection = SqliteFile.at(file, new Health(), 0).openWriter();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM audit")) {
      assertThat(row.getInt(1)).isEqualTo(LONG_LOG_EVENTS);
    }
  }

  /** As the next attempt may succeed without what the disk did not take. */
  @Test
  void aDiskThatDoesNotTakeThePagesEndsTheUseOfTheStoreAndTheLogStays() throws Exception {
    open().close();
    Health health = new Health();
    SqliteFile store = SqliteFile.at(file, health, 0);
    FileChannel broken = store.openBesideSqlite();
    broken.close();
    Checkpoints checkpoints = new Checkpoints(store::openForCheckpoints, broken, health);
    String change = "UPDATE change_sequence SET value = value + 1";
    try (Connection writer = store.openWriter();
        Statement statement = writer.createStatement()) {
      statement.execute(
          """
          INSERT INTO audit (at, account, entry) WITH RECURSIVE n(i) AS
            (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
          SELECT i, 'acme', zeroblob(3000) FROM n
          """);
      checkpoints.committed(true);
      eventually(() -> !health.usable());
      statement.execute(change);
      checkpoints.committed(true);
      checkpoints.lookAfter(statement);
    }
    checkpoints.end();
    checkpoints.close();
    assertThat(log).isNotEmptyFile();
    assertThatThrownBy(health::mustBeUsable)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("look at the disk");
  }

  /**
   * Whoever closes a file, however he opened it, gives up all locks of his process on it (POSIX).
   */
  @Test
  void theLocksOfSqliteStayWhileTheStoreIsInUse() throws Exception {
    Path locks = Path.of("/proc/locks");
    assumeTrue(Files.isReadable(locks), "only Linux shows locks");
    try (SqlStore store = open()) {
      String ofFile = ":" + Files.getAttribute(file, "unix:ino") + " ";
      append(store, 1);
      assertThat(Files.readString(locks)).contains(ofFile);
      int before = beginnings();
      append(store, LONG_LOG_EVENTS);
      eventually(() -> {
        append(store, 1);
        return beginnings() > before;
      });
      assertThat(Files.readString(locks)).contains(ofFile);
    }
  }

  private SqlStore open() {
    SqlStore store =
        SqlStore.openSqlite(file, SqliteSettings.DEFAULT, _ -> {}, BeforeMigration.NOTHING);
    store.authenticateRowsWith(new TestRowMac());
    return store;
  }

  private static void append(SqlStore store, int events) {
    for (int left = events; left > 0; left -= EVENTS_OF_A_COMMIT) {
      int some = Math.min(left, EVENTS_OF_A_COMMIT);
      store.write(tx -> {
        Collections.nCopies(some, EVENT).forEach(tx::append);
        return true;
      });
    }
  }

  private int beginnings() {
    ByteBuffer number = ByteBuffer.allocate(Integer.BYTES);
    try (FileChannel channel = FileChannel.open(log)) {
      channel.read(number, BEGINNINGS_AT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return number.getInt(0);
  }

  private static long size(Path path) {
    try {
      return Files.size(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is over").isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }
}
