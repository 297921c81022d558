package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Statements of one store fail in the middle; what comes after them does not. */
@Timeout(120)
class PostgresReadersTest {
  private PostgresProcess postgres;
  private String database = "";
  private SqlStore store;

  @BeforeEach
  void opensAStoreWithOneConnectionThatReads() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    postgres = PostgresProcess.shared();
    database = postgres.newDatabase(null);
    store = SqlStore.openPostgres(oneReader(), _ -> {}, BeforeMigration.NOTHING, System::nanoTime);
    store.authenticateRowsWith(new TestRowMac());
  }

  private PostgresSettings oneReader() {
    PostgresSettings usual = postgres.settings(database);
    return new PostgresSettings(
        usual.host(),
        usual.port(),
        usual.database(),
        usual.user(),
        usual.password(),
        false,
        null,
        1,
        usual.readWait(),
        usual.changesWaitingMax(),
        usual.eventsWaitingMax(),
        usual.eventBytesWaitingMax(),
        usual.gather(),
        true);
  }

  @AfterEach
  void dropsItsDatabase() throws SQLException {
    store.close();
    postgres.dropDatabase(database);
  }

  @Test
  void aReadThatIsCancelledAsItBeginsSpoilsNoneAfterIt() throws Exception {
    cancelled("change_sequence", () -> store.read(Reading::changeSequence));
    assertThat(store.<Long>read(Reading::changeSequence)).isNotNegative();
  }

  @Test
  void aReadThatIsCancelledInTheMiddleSpoilsNoneAfterIt() throws Exception {
    cancelled("setting", () -> store.read(tx -> tx.setting("installation")));
    assertThat(store.<Long>read(Reading::changeSequence)).isNotNegative();
  }

  @Test
  void aChangeThatIsCancelledSpoilsNoneAfterIt() throws Exception {
    for (String table : List.of("change_sequence", "setting")) {
      cancelled(table, () -> store.write(PostgresReadersTest::change));
      assertThat(store.write(PostgresReadersTest::change)).as(table).isTrue();
    }
  }

  @Test
  void anEventThatIsCancelledSpoilsNoneAfterIt() throws Exception {
    cancelled("audit", () -> append("lost"));
    assertThat(append("kept")).isTrue();
  }

  @Test
  void aStoreIsReadableWhileItsDatabaseAnswers() throws Exception {
    assertThat(store.readable()).isTrue();
    postgres.end();
    try {
      assertThat(store.readable()).isFalse();
    } finally {
      postgres.startAgain();
    }
    while (!store.readable()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static boolean change(Writing tx) {
    tx.putSetting("installation", "1");
    return true;
  }

  private boolean append(String name) {
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    store.append(List.of(Samples.event(name)), told::complete);
    if (told.join() instanceof StoreException failure) {
      throw failure;
    }
    return true;
  }

  /** Something the store is asked, which blocks. */
  private interface Question {
    Object ask();
  }

  /** Lets work wait for a table that somebody holds, and ends its statement there. */
  private void cancelled(String table, Question question) throws Exception {
    try (Connection holder = postgres.connect(database);
        Statement holding = holder.createStatement()) {
      holding.execute("BEGIN; LOCK TABLE " + table + " IN ACCESS EXCLUSIVE MODE");
      CompletableFuture<Object> asked =
          CompletableFuture.supplyAsync(question::ask, Thread::startVirtualThread);
      while (!cancelsWhoWaits()) {
        assertThat(asked).isNotDone();
        TimeUnit.MILLISECONDS.sleep(5);
      }
      assertThatThrownBy(asked::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(StoreException.class);
    }
  }

  private boolean cancelsWhoWaits() throws SQLException {
    try (Connection connection = postgres.connect("postgres");
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    + " AND datname = '%s'".formatted(database))) {
      return row.next() && row.getBoolean(1);
    }
  }
}
