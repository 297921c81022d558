package dev.yaoku.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.Problem;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the embedded store relies on, and what it does when that fails. */
class SqliteFileTest {
  private static final int PAGE_BYTES = 4_096;
  private static final Set<PosixFilePermission> FOR_ALL =
      PosixFilePermissions.fromString("rw-r--r--");

  @TempDir private Path scratch;
  private Path file;

  @BeforeEach
  void namesTheFile() {
    file = scratch.resolve("yaoku.db");
  }

  /** The log begins small after a start or a purge, and may not eat what is kept in reserve. */
  @Test
  void whatTheLogStillGrowsIsNeededBesideTheReserve() {
    SqliteFile there = SqliteFile.at(file, new Health(), 1_000);
    assertThat(there.neededBytes(0)).isEqualTo(1_000 + Checkpoints.LOG_BYTES);
    assertThat(there.neededBytes(Checkpoints.LOG_BYTES - 5)).isEqualTo(1_005);
    assertThat(there.neededBytes(10 * Checkpoints.LOG_BYTES)).isEqualTo(1_000);
  }

  /** Whatever is made ahead must not be what makes the store refuse. */
  @Test
  void thereIsRoomForWhatLeavesTheReserveAndAWholeLog() throws IOException {
    long usable = scratch.toFile().getUsableSpace();
    SqliteFile there = SqliteFile.at(file, new Health(), 1 << 20);
    assertThat(there.hasRoomFor(0)).isTrue();
    assertThat(there.hasRoomFor(usable)).isFalse();
    assertThat(SqliteFile.at(file, new Health(), Long.MAX_VALUE).hasRoomFor(0)).isFalse();
    SqliteSettings usual = SqliteSettings.DEFAULT;
    assertThat(usual.leftFreeBytes())
        .isEqualTo(SqliteFile.at(file, new Health(), usual.reserveBytes()).neededBytes(0));
  }

  private SqlStore open() {
    SqlStore store =
        SqlStore.openSqlite(file, SqliteSettings.DEFAULT, _ -> {}, BeforeMigration.NOTHING);
    store.authenticateRowsWith(new TestRowMac());
    return store;
  }

  private static String pragma(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA " + name)) {
      return row.getString(1);
    }
  }

  @Test
  void everyCommitReachesTheDiskAndWhatIsDeletedIsOverwritten() throws Exception {
    SqliteFile there = SqliteFile.at(file, new Health(), 0);
    try (Connection writer = there.openWriter()) {
      assertThat(pragma(writer, "journal_mode")).isEqualTo("wal");
      assertThat(pragma(writer, "synchronous")).as("FULL").isEqualTo("2");
      assertThat(pragma(writer, "secure_delete")).isEqualTo("1");
    }
  }

  @Test
  void aSymbolicLinkIsNamedAsOneWhetherOrNotItLeadsAnywhere() throws IOException {
    Path there = Files.createFile(scratch.resolve("there"));
    for (Path target : List.of(scratch.resolve("nowhere"), there)) {
      Files.createSymbolicLink(file, target);

      assertThatThrownBy(() -> SqliteFile.at(file, new Health(), 0))
          .isInstanceOf(StoreException.class)
          .hasMessage(
              file
                  + " is a symbolic link, which is not followed. Name the path that it leads to."
                  + " Nothing was changed.");
      Files.delete(file);
    }
    assertThat(scratch.resolve("nowhere")).doesNotExist();
  }

  @Test
  void aPathThatIsNoFileOrOpenToOthersIsToldWhatToMend() throws IOException {
    Files.createDirectory(file);
    assertThatThrownBy(() -> SqliteFile.at(file, new Health(), 0))
        .hasMessage(file + " is a directory, not a file. Name a file. Nothing was changed.");

    Files.delete(file);
    Files.createFile(file, PosixFilePermissions.asFileAttribute(FOR_ALL));
    assertThatThrownBy(() -> SqliteFile.at(file, new Health(), 0))
        .hasMessageContaining("open to others")
        .hasMessageEndingWith(" Mend its mode. Nothing was changed.");
  }

  @Test
  void aPathThatIsTooLongForTheEngineIsNamedBeforeAnythingIsMade() throws IOException {
    Path directory = scratch;
    while (directory.toString().length() < 350) {
      directory = directory.resolve("d".repeat(100));
    }
    int room = 504 - "//yaoku.db".length() - directory.toString().length();
    directory = Files.createDirectories(directory.resolve("d".repeat(room)));
    file = directory.resolve("yaoku.db");
    assertThat(file.toString()).hasSize(504);
    open().close();

    Path longer = directory.resolve("yaoku2.db");
    assertThatThrownBy(() -> SqliteFile.at(longer, new Health(), 0))
        .hasMessageContaining("too long for SQLite, which takes 504 bytes")
        .hasMessageEndingWith(" Choose a shorter one. Nothing was changed.");
    assertThat(longer).doesNotExist();
  }

  @Test
  void aReaderCannotWrite() throws Exception {
    open().close();
    try (Connection reader = SqliteFile.at(file, new Health(), 0).openReader();
        Statement statement = reader.createStatement()) {
      assertThatThrownBy(() -> statement.execute("DELETE FROM setting"))
          .isInstanceOf(SQLException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.51.2", "3.50.9", "2.99.99", "3.51"})
  void aVersionOfSqliteThatCanLoseDataIsRefused(String version) {
    assertThatThrownBy(() -> SqliteFile.mustBeRecent(version))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("3.51.3 or newer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.51.3", "3.52.0", "4.0.0", "3.51.10"})
  void aLaterVersionIsTaken(String version) {
    SqliteFile.mustBeRecent(version);
  }

  @Test
  void aDamagedPageIsFoundAtTheStartAndTheFileIsLeftAsItIs() throws Exception {
    try (SqlStore store = open()) {
      for (int n = 1; n <= 200; n++) {
        int number = n;
        store.write(tx -> {
          tx.insert(Samples.key(number));
          return true;
        });
      }
    }
    long pages = Files.size(file) / PAGE_BYTES;
    damage(pages / 2);
    byte[] before = Files.readAllBytes(file);

    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("is damaged")
        .hasMessageContaining("restore");
    assertThat(Arrays.equals(Files.readAllBytes(file), before)).as("unchanged").isTrue();
  }

  private void damage(long page) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(page * PAGE_BYTES);
      bytes.write(new byte[PAGE_BYTES]);
    }
  }

  /** SQLite gives what it makes beside a read-only file the mode of that file. */
  @ParameterizedTest
  @ValueSource(strings = {"yaoku.db", "yaoku.db-wal", "yaoku.db-shm", "."})
  void aPartThatCannotBeWrittenIsNamedBeforeSqliteMakesAnything(String part) throws Exception {
    open().close();
    Path readOnly = scratch.resolve(part).normalize();
    if (!Files.exists(readOnly)) {
      Files.createFile(readOnly);
    }
    List<Path> before = inTheDirectory();

    SqliteFile there = SqliteFile.at(file, new Health(), 0);
    assertThatThrownBy(() -> there.mustBeSound(path -> !path.equals(readOnly)))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining(readOnly + " is read-only")
        .hasMessageContaining("chmod u+w");
    assertThat(inTheDirectory()).isEqualTo(before);
  }

  private List<Path> inTheDirectory() throws IOException {
    try (Stream<Path> all = Files.list(scratch)) {
      return all.sorted().toList();
    }
  }

  @Test
  void aRunningServerRefusesAFileThatWasPutInThePlaceOfItsOwn() throws Exception {
    Path earlier = scratch.resolve("earlier.db");
    open().close();
    Files.copy(file, earlier);
    try (SqlStore store = open()) {
      store.write(tx -> {
        tx.insert(Samples.key(1));
        return true;
      });
      Files.move(earlier, file, StandardCopyOption.REPLACE_EXISTING);
      assertThatThrownBy(() -> changeUntilTheFileIsLookedAt(store))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("was replaced or removed under the running server");
      assertThat(store.writable()).isFalse();
      assertThatThrownBy(() -> store.read(tx -> tx.key(Samples.id(1))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("start the server anew");
    }
  }

  /** The writer looks twice a second. */
  private static void changeUntilTheFileIsLookedAt(SqlStore store) {
    for (int n = 2; n < 1_000_000; n++) {
      int number = n;
      store.write(tx -> {
        tx.insert(Samples.key(number));
        return true;
      });
    }
  }

  /** SECURITY_DESIGN M7: neither in free pages nor in the write-ahead log. */
  @Test
  void purgedMaterialIsOnNoPageAndNotInTheLog() throws Exception {
    byte[] material = Samples.version(7, 1).wrapped();
    try (SqlStore store = open()) {
      store.write(tx -> {
        tx.insert(Samples.key(7));
        tx.insert(Samples.version(7, 1));
        return true;
      });
      assertThat(onDisk(material)).as("before").isTrue();
      store.write(tx -> {
        tx.purge(Samples.id(7));
        return true;
      });
      // The writer empties the log before it takes what comes next.
      store.write(_ -> true);
      assertThat(onDisk(material)).as("after").isFalse();
    }
  }

  /** What takes a wrapped secret away, and the secret. */
  enum Removal {
    VERSION_EMPTIED(Samples.version(1, 1).wrapped()) {
      @Override
      void from(Writing tx) {
        tx.update(Samples.version(1, 1).emptied());
      }
    },
    VERSION_REMOVED(Samples.version(1, 1).wrapped()) {
      @Override
      void from(Writing tx) {
        tx.remove(Samples.version(1, 1));
      }
    },
    IMPORT_TOKEN_EMPTIED(Samples.importToken(7).wrapped()) {
      @Override
      void from(Writing tx) {
        tx.update(Samples.importToken(7).emptied());
      }
    },
    IMPORT_TOKEN_REMOVED(Samples.importToken(7).wrapped()) {
      @Override
      void from(Writing tx) {
        tx.removeImportToken(Samples.importToken(7).id());
      }
    },
    KEY_OF_THE_TOKEN_PURGED(Samples.importToken(7).wrapped()) {
      @Override
      void from(Writing tx) {
        tx.purge(Samples.id(1));
      }
    };

    private final byte[] secret;

    Removal(byte[] secret) {
      this.secret = secret;
    }

    abstract void from(Writing tx);
  }

  @ParameterizedTest
  @EnumSource
  void aWrappedSecretThatIsTakenAwayIsOnNoPageAndNotInTheLog(Removal removal) throws Exception {
    try (SqlStore store = open()) {
      store.write(tx -> {
        tx.insert(Samples.key(1));
        tx.insert(Samples.version(1, 1));
        tx.insert(Samples.importToken(7));
        return true;
      });
      assertThat(onDisk(removal.secret)).as("before").isTrue();
      store.write(tx -> {
        removal.from(tx);
        return true;
      });
      // The writer empties the log before it takes what comes next.
      store.write(_ -> true);
      assertThat(onDisk(removal.secret)).as("after").isFalse();
    }
  }

  /** Each of these changes would wait for the reader as long as the engine waits, 5 s. */
  @Test
  @Timeout(20)
  void aReaderInTheWayOfThatKeepsNobodyWaiting() throws Exception {
    byte[] material = Samples.version(7, 1).wrapped();
    try (SqlStore store = open()) {
      store.write(tx -> {
        tx.insert(Samples.key(7));
        tx.insert(Samples.version(7, 1));
        return true;
      });
      try (Connection reader = SqliteFile.at(file, new Health(), 0).openReader();
          Statement statement = reader.createStatement()) {
        statement.execute("BEGIN");
        statement.execute("SELECT count(*) FROM \"key\"");
        store.write(tx -> {
          tx.purge(Samples.id(7));
          return true;
        });
        for (int change = 0; change < 10; change++) {
          store.write(tx -> {
            tx.putSetting("installation", "x");
            return true;
          });
        }
      }
      store.write(_ -> true);
      store.write(_ -> true);
      assertThat(onDisk(material)).as("when the reader has gone").isFalse();
    }
  }

  private boolean onDisk(byte[] wanted) throws IOException {
    String text = new String(wanted, ISO_8859_1);
    for (String name : List.of("yaoku.db", "yaoku.db-wal")) {
      Path part = scratch.resolve(name);
      if (Files.exists(part) && Files.readString(part, ISO_8859_1).contains(text)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aRowThatWasEditedIsCounted() throws Exception {
    try (SqlStore store = open()) {
      store.write(tx -> {
        tx.insert(Samples.key(1));
        return true;
      });
      assertThat(store.rowsRefused()).isZero();
      try (Connection connection = SqliteFile.at(file, new Health(), 0).openWriter();
          Statement statement = connection.createStatement()) {
        statement.execute("UPDATE \"key\" SET name = 'other'");
      }
      assertThatThrownBy(() -> store.read(tx -> tx.key(Samples.id(1))))
          .hasFieldOrPropertyWithValue(
              "problem", new Problem.RowNotGenuine("key", Samples.id(1).toString()));
      assertThat(store.rowsRefused()).isEqualTo(1);
    }
    assertThat(List.of("wal", "shm"))
        .noneMatch(x -> Files.exists(scratch.resolve("yaoku.db-" + x)));
  }
}
