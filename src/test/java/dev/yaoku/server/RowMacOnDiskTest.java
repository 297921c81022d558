package dev.yaoku.server;

import static dev.yaoku.seal.SealedByHand.hmac;
import static dev.yaoku.seal.SealedByHand.repeated;
import static dev.yaoku.seal.SealedByHand.row;
import static dev.yaoku.seal.SealedByHand.subkey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.RootKey;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.Rows;
import dev.yaoku.store.SqlStore;
import dev.yaoku.store.SqliteSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The MAC of a row as it stands in the database, from the system key down, to the byte. */
class RowMacOnDiskTest {
  /** Eight are drawn at the start, one is the root key; the system key is the tenth. */
  private static final byte[] SYSTEM = repeated(10, 32);

  private static final Rows.User USER =
      new Rows.User(
          "user",
          "account",
          "name",
          new byte[] {1, 2},
          1,
          false,
          true,
          Instant.parse("2026-01-01T00:00:00.123Z"),
          "of the house",
          "",
          Rows.Profile.NONE,
          1);

  @TempDir Path scratch;

  private static Randomness counting() {
    AtomicInteger reads = new AtomicInteger();
    return Randomness.of(length -> repeated(reads.incrementAndGet(), length), () -> {});
  }

  /** The columns in the order of the table; those that came later than the last one set are out. */
  @Test
  void theRowOfAUserEndsInTheMacThatTheDocumentSays() throws Exception {
    byte[] byHand =
        hmac(
            subkey(SYSTEM, "row"),
            row(
                "user",
                "user",
                "account",
                "name",
                new byte[] {1, 2},
                1,
                0,
                1,
                1_767_225_600_123L,
                "of the house",
                null,
                1,
                1));

    String golden = "eb69b2640c76914141018ac4325653a503511af236a883ceb99569adf8776836";
    assertThat(HexFormat.of().formatHex(byHand)).isEqualTo(golden);
    assertThat(HexFormat.of().formatHex(macOnDisk())).isEqualTo(golden);
  }

  private byte[] macOnDisk() throws Exception {
    Randomness randomness = counting();
    Path file = scratch.resolve("yaoku.db");
    try (RootKey root = RootKey.create(scratch.resolve("keys/root.key"), randomness);
        Hierarchy hierarchy = new Hierarchy(root, "installation", randomness);
        SqlStore store =
            SqlStore.openSqlite(file, SqliteSettings.DEFAULT, _ -> {}, BeforeMigration.NOTHING)) {
      hierarchy.newSystemKey(1);
      store.authenticateRowsWith(new HierarchyRowMac(hierarchy));
      store.write(tx -> {
        tx.insert(USER);
        return true;
      });
      return macIn(file);
    }
  }

  private static byte[] macIn(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT row_mac FROM \"user\"")) {
      return row.getBytes(1);
    }
  }
}
