package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A second machine: what must be there before it counts, and what it says before it leads. */
@Timeout(120)
class PostgresStandbyTest {
  private static final String CANCEL_WHO_WAITS =
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

  private PostgresProcess postgres;
  private PostgresSettings settings;
  private String database = "";
  private SqlStore store;

  @BeforeEach
  void opensAStore() throws Exception {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    postgres = PostgresProcess.shared();
    database = postgres.newDatabase(null);
    settings = postgres.settings(database);
    store = SqlStore.openPostgres(settings, _ -> {}, BeforeMigration.NOTHING, System::nanoTime);
    store.authenticateRowsWith(new TestRowMac());
  }

  @AfterEach
  void closesIt() throws Exception {
    store.close();
    postgres.dropDatabase(database);
  }

  @Test
  void aChangeWhoseWayToTheStandbyWasCutShortDoesNotCountAsDurable() throws Exception {
    postgres.end();
    postgres.startAgain("-c", "synchronous_standby_names=nobody");
    try {
      CompletableFuture<Boolean> change =
          CompletableFuture.supplyAsync(() -> store.write(tx -> tx.rememberSignature("ab", 10)));
      cancelWhoWaits(change);
      assertThatThrownBy(() -> change.get(30, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(StoreException.class)
          .hasStackTraceContaining("synchronous replication");
    } finally {
      postgres.end();
      postgres.startAgain();
    }
  }

  @Test
  void aStandbyIsNotTakenForTheStoreThoughItAnswers() throws Exception {
    postgres.end();
    Path standby = postgres.fileOfTheServer("data/standby.signal", new byte[0]);
    postgres.startAgain();
    try {
      assertThat(postgres.tables(database)).as("it answers").isPositive();
      while (!refusal().contains("connect to the primary server")) {
        // Each connection from before is found to be dead first.
      }
      assertThatThrownBy(() -> store.lookElsewhere(_ -> {}))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("connect to the primary server");
      assertThatThrownBy(() -> store.write(tx -> tx.rememberSignature("ab", 10)))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("connect to the primary server");
    } finally {
      postgres.end();
      Files.delete(standby);
      postgres.startAgain();
    }
    while (!store.readable()) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(store.<Boolean>write(tx -> tx.rememberSignature("ab", 10))).isTrue();
  }

  private String refusal() {
    return String.valueOf(
        assertThatExceptionOfType(StoreException.class)
            .isThrownBy(() -> store.read(Reading::changeSequence))
            .actual()
            .getMessage());
  }

  /** As an administrator does who finds commits that hang. */
  private void cancelWhoWaits(CompletableFuture<?> until) throws Exception {
    try (Connection connection = new PostgresServer(settings).open();
        Statement statement = connection.createStatement()) {
      boolean cancelled = false;
      while (!until.isDone()) {
        try (ResultSet rows = statement.executeQuery(CANCEL_WHO_WAITS)) {
          cancelled |= rows.next();
        }
      }
      assertThat(cancelled).isTrue();
    }
  }
}
