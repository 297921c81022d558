package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an operator wants to be on a second machine before it counts. */
@Timeout(120)
class PostgresStandbyTest {
  private static final String CANCEL_WHO_WAITS =
      "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

  @Test
  void aChangeWhoseWayToTheStandbyWasCutShortDoesNotCountAsDurable() throws Exception {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    PostgresProcess postgres = PostgresProcess.shared();
    String database = postgres.newDatabase(null);
    PostgresSettings settings = postgres.settings(database);
    try (SqlStore store =
        SqlStore.openPostgres(settings, _ -> {}, BeforeMigration.NOTHING, System::nanoTime)) {
      store.authenticateRowsWith(new TestRowMac());
      postgres.end();
      postgres.startAgain("-c", "synchronous_standby_names=nobody");
      try {
        CompletableFuture<Boolean> change =
            CompletableFuture.supplyAsync(() -> store.write(tx -> tx.rememberSignature("ab", 10)));
        cancelWhoWaits(settings, change);
        assertThatThrownBy(() -> change.get(30, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class)
            .cause()
            .isInstanceOf(StoreException.class)
            .hasStackTraceContaining("synchronous replication");
      } finally {
        postgres.end();
        postgres.startAgain();
      }
    } finally {
      postgres.dropDatabase(database);
    }
  }

  /** As an administrator does who finds commits that hang. */
  private static void cancelWhoWaits(PostgresSettings settings, CompletableFuture<?> until)
      throws Exception {
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
