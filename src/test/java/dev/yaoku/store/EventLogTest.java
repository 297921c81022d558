package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.PrivateFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events that belong to no change of the embedded store are in files beside it. */
@Timeout(60)
class EventLogTest {
  private static final int LONG_ENTRY = 16_000;
  private static final Set<PosixFilePermission> OPEN_TO_ALL =
      PosixFilePermissions.fromString("rwxr-xr-x");

  @TempDir private Path directory;
  private Path store;
  private Path events;
  private final List<String> findings = new ArrayList<>();

  @BeforeEach
  void name() {
    store = directory.resolve("yaoku.db");
    events = directory.resolve("yaoku.db-events");
  }

  private SqlStore open() {
    SqlStore opened =
        SqlStore.openSqlite(store, SqliteSettings.DEFAULT, _ -> {}, BeforeMigration.NOTHING);
    opened.authenticateRowsWith(new TestRowMac());
    return opened;
  }

  private static @Nullable Throwable append(SqlStore store, AuditRow... rows) {
    CompletableFuture<@Nullable Throwable> done = new CompletableFuture<>();
    store.append(List.of(rows), done::complete);
    return done.join();
  }

  private static AuditRow event(int n) {
    return new AuditRow(n, Samples.ACCOUNT, Samples.bytes("event " + n));
  }

  private static AuditRow longEvent(int n) {
    return new AuditRow(n, Samples.ACCOUNT, new byte[LONG_ENTRY]);
  }

  /** When the events of the log happened, in its order. */
  private List<Long> times() {
    List<Long> times = new ArrayList<>();
    try (EventArchive log = EventArchive.ofSqlite(store, findings::add)) {
      for (AuditRow event = log.next(); event != null; event = log.next()) {
        times.add(event.atMillis());
      }
    }
    return times;
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(events)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> !name.equals("next"))
          .sorted()
          .toList();
    }
  }

  private Path file(int number) {
    return events.resolve("%010d.events".formatted(number));
  }

  private static void eventually(BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is over").isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void theLogIsInOrderOfTimeWhereverItsEventsAre() {
    try (SqlStore open = open()) {
      append(open, event(1));
      open.write(tx -> {
        tx.append(event(2));
        return true;
      });
      append(open, event(3), event(4));

      assertThat(times()).as("while the server runs").containsExactly(1L, 2L, 3L, 4L);
    }
    assertThat(times()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(findings).isEmpty();
  }

  @Test
  void theFilesAreForTheServersUserAlone() throws IOException {
    try (SqlStore open = open()) {
      append(open, event(1));
      assertThat(permissions(events)).isEqualTo("rwx------");
      assertThat(permissions(file(1))).isEqualTo("rw-------");
    }
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void eachStartBeginsAFileAndLeavesNoSpaceInIt() throws IOException {
    for (int start = 1; start <= 2; start++) {
      try (SqlStore open = open()) {
        append(open, event(start));
        assertThat(file(start)).isRegularFile();
      }
      assertThat(Files.size(file(start))).isEqualTo(16 + 8 + 9 + 32 + "event 1".length());
    }
    open().close();
    assertThat(files()).containsExactly("0000000001.events", "0000000002.events");
  }

  @Test
  void aFullFileIsFollowedByALongerOne() throws IOException {
    int count = 400; // 6.4 MB
    try (SqlStore open = open()) {
      for (int n = 0; n < count; n++) {
        assertThat(append(open, longEvent(n))).isNull();
      }
    }
    assertThat(times()).hasSize(count).isSorted();
    assertThat(files())
        .containsExactly(
            "0000000001.events", "0000000002.events", "0000000003.events", "0000000004.events");
    assertThat(Files.size(file(1))).isLessThanOrEqualTo(256 << 10);
    assertThat(Files.size(file(2))).isBetween(900L << 10, 1L << 20);
    assertThat(Files.size(file(3))).isBetween(3_600L << 10, 4L << 20);
  }

  @Test
  void theNextFileIsPreparedWhileOneIsWritten() {
    try (SqlStore open = open()) {
      for (int n = 0; n < 12; n++) {
        append(open, longEvent(n));
      }
      Path next = events.resolve("next");
      eventually(() -> next.toFile().length() == 1 << 20);
      append(open, longEvent(12), longEvent(13), longEvent(14), longEvent(15));
      append(open, longEvent(16));
      assertThat(file(2).toFile()).hasSize(1 << 20);
    }
    assertThat(events.resolve("next")).doesNotExist();
    assertThat(times()).hasSize(17);
  }

  @Test
  void whatWasPreparedWhenTheServerWasKilledIsNoFileOfEvents() throws IOException {
    try (SqlStore open = open()) {
      append(open, event(1));
    }
    Files.copy(file(1), events.resolve("next"));
    assertThat(times()).containsExactly(1L);
    try (SqlStore open = open()) {
      append(open, event(2));
      append(open, longEvent(3), longEvent(4), longEvent(5), longEvent(6), longEvent(7));
      eventually(() -> events.resolve("next").toFile().length() > 500_000);
    }
    assertThat(times()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(files()).containsExactly("0000000001.events", "0000000002.events");
  }

  /** As after a power cut in the middle of a group, or damage. */
  @Test
  void whatComesBeforeABrokenRecordIsReadAndSoIsWhatALaterServerWrites() throws IOException {
    try (SqlStore open = open()) {
      append(open, event(1));
      append(open, event(2));
    }
    try (FileChannel file = FileChannel.open(file(1), StandardOpenOption.WRITE)) {
      file.truncate(file.size() - 1);
    }
    try (SqlStore open = open()) {
      append(open, event(3));
    }
    assertThat(times()).containsExactly(1L, 3L);
    assertThat(findings).singleElement().asString().contains(file(1).toString(), "no event");
  }

  @Test
  void aFileThatIsMovedAwayIsFollowedByAnotherOfAHigherNumber() throws IOException {
    try (SqlStore open = open()) {
      append(open, event(1));
      Files.move(file(1), directory.resolve("archived"));
      append(open, event(2));
      assertThat(file(2)).exists();
      Files.move(directory.resolve("archived"), file(1));
      append(open, event(3));
    }
    // The one that was written when it was noticed is there twice, rather than never.
    assertThat(times()).containsExactly(1L, 2L, 2L, 3L);
    assertThat(findings).isEmpty();
  }

  @Test
  void aFileThatIsRemovedTakesNothingWithItThatComesAfterwards() throws IOException {
    try (SqlStore open = open()) {
      append(open, event(1));
      Files.delete(file(1));
      append(open, event(2));
      Files.move(events, directory.resolve("away"));
      append(open, event(3));
      append(open, event(4));
      assertThat(files()).containsExactly("0000000003.events");
    }
    assertThat(times()).containsExactly(3L, 4L);
  }

  @Test
  void filesThatWereTakenAwayAreNamed() throws IOException {
    for (int n = 1; n <= 5; n++) {
      try (SqlStore open = open()) {
        append(open, event(n));
      }
    }
    Files.delete(file(1));
    Files.delete(file(3));
    Files.delete(file(4));
    assertThat(times()).containsExactly(2L, 5L);
    assertThat(findings)
        .containsExactly(
            "Of the files of events 0000000001.events to 0000000001.events are not here: their"
                + " events are missing.",
            "Of the files of events 0000000003.events to 0000000004.events are not here: their"
                + " events are missing.");
  }

  /** The number of one that took nothing would look like a file that was taken away. */
  @Test
  void aFileThatTookNoEventLeavesItsNumberToTheNext() throws IOException {
    EventFiles ofStore = EventFiles.of(store);
    ofStore.makeReady();
    try (EventSpace space = new EventSpace(ofStore, _ -> false)) {
      EventLog log = new EventLog(ofStore, space);
      log.append(List.of(new AuditRow(1, "", new byte[AuditRow.ENTRY_BYTES_MAX + 1])));
      assertThatThrownBy(log::commit).isInstanceOf(RuntimeException.class);
      log.close();
      assertThat(files()).isEmpty();

      log.begin(false);
      log.append(List.of(event(2)));
      log.commit();
      assertThat(files()).containsExactly("0000000001.events");
      log.close();
    }
  }

  @Test
  void aDirectoryThatIsNotOursAloneIsRefusedAtTheStart() throws IOException {
    Files.createDirectory(events, PosixFilePermissions.asFileAttribute(OPEN_TO_ALL));
    Files.setPosixFilePermissions(events, OPEN_TO_ALL);
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is open to others");
    Files.delete(events);
    PrivateFiles.create(events, new byte[0]);
    assertThatThrownBy(this::open)
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("is no directory");
  }

  @Test
  void namesAreTheSameInEveryLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try (SqlStore open = open()) {
      append(open, event(1));
      assertThat(events.resolve("0000000001.events")).exists();
    } finally {
      Locale.setDefault(before);
    }
  }

  /** Thousands of them would be left on a disk that takes their names and nothing else. */
  @Test
  void failingLeavesNoFiles() throws IOException {
    try (SqlStore open = open()) {
      append(open, event(1));
      Files.move(events, directory.resolve("away"));
      Files.writeString(events, "in the way");
      for (int n = 0; n < 100; n++) {
        assertThat(append(open, event(n))).isInstanceOf(StoreException.class);
      }
      Files.delete(events);
      eventually(open::writable);
      append(open, event(7));
      assertThat(files()).containsExactly("0000000002.events");
    }
    assertThat(times()).containsExactly(7L);
  }

  @Test
  void whileTheFilesCannotBeWrittenEventsFailAndAfterwardsTheyAreThere() throws IOException {
    try (SqlStore open = open()) {
      Files.move(events, directory.resolve("away"));
      Files.writeString(events, "in the way");
      assertThat(append(open, event(1)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("Events cannot be written");
      assertThat(open.writable()).isFalse();
      assertThat(open.<Boolean>write(_ -> true)).as("changes go on").isTrue();
      Files.delete(events);
      eventually(open::writable);
      assertThat(append(open, event(2))).isNull();
    }
    assertThat(times()).containsExactly(2L);
  }

  @Test
  void anEventThatIsTooLongFailsAndOthersGoOn() {
    try (SqlStore open = open()) {
      assertThat(append(open, event(1))).isNull();
      assertThat(append(open, new AuditRow(2, "", new byte[AuditRow.ENTRY_BYTES_MAX + 1])))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(append(open, event(3))).isNull();
    }
    assertThat(times()).containsExactly(1L, 3L);
    assertThat(findings).isEmpty();
  }
}
