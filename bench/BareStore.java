import dev.yaoku.key.Keystore;
import dev.yaoku.store.AuditRow;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.RowMac;
import dev.yaoku.store.SqlStore;
import dev.yaoku.store.SqliteSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The yardstick for changes: the store alone, and callers who each wait for one durable transaction
 * after the other, of one row and one event. Prints transactions a second.
 */
final class BareStore {
  private static final int EVENT_BYTES = 500;
  private static final String HEX_32 = "0".repeat(32);

  private BareStore() {}

  /** Signs nothing: what a row's MAC costs is Yaoku's, not the store's. */
  private static final RowMac NO_MAC =
      new RowMac() {
        @Override
        public int keyVersion() {
          return 1;
        }

        @Override
        public byte[] mac(int keyVersion, String table, List<byte @Nullable []> columns) {
          return new byte[32];
        }
      };

  public static void main(String[] args) throws Exception {
    int callers = Integer.parseInt(args[1]);
    int seconds = Integer.parseInt(args[2]);
    try (SqlStore store =
        SqlStore.openSqlite(
            Path.of(args[0]), SqliteSettings.DEFAULT, _ -> {}, BeforeMigration.NOTHING)) {
      store.authenticateRowsWith(NO_MAC);
      rate(store, callers, ControlPlane.WARM_UPS * seconds);
      System.out.printf("RESULT %.0f%n", rate(store, callers, seconds));
    }
  }

  private static double rate(SqlStore store, int callers, int seconds) throws InterruptedException {
    AtomicLong done = new AtomicLong();
    long begun = System.nanoTime();
    long end = begun + TimeUnit.SECONDS.toNanos(seconds);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < callers; i++) {
        var _ =
            threads.submit(() -> {
              while (System.nanoTime() < end) {
                change(store);
                done.incrementAndGet();
              }
              return true;
            });
      }
    }
    return done.get() / ((System.nanoTime() - begun) / 1e9);
  }

  private static void change(SqlStore store) {
    String id = UUID.randomUUID().toString();
    store.write(tx -> {
      tx.insert(new Keystore(id, HEX_32, HEX_32, id, "DHSM", "cluster", true, Instant.EPOCH, 1));
      tx.append(new AuditRow(0, HEX_32, new byte[EVENT_BYTES]));
      return true;
    });
  }
}
