import dev.yaoku.crypto.Randomness;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.ProjectKey;
import dev.yaoku.seal.RootKey;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.Reading;
import dev.yaoku.store.RowMac;
import dev.yaoku.store.Rows;
import dev.yaoku.store.SqlStore;
import dev.yaoku.store.SqliteSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The store of a stopped server with its keys, to put rows in as the server itself would. */
final class StoppedStore implements AutoCloseable {
  final Randomness randomness = Randomness.kernel();
  final SqlStore store;
  final Hierarchy hierarchy;

  StoppedStore(Path data) throws Exception {
    store =
        SqlStore.openSqlite(
            data.resolve("yaoku.db"), SqliteSettings.DEFAULT, _ -> {}, BeforeMigration.NOTHING);
    String installation = store.read(tx -> tx.setting("installation")).orElseThrow();
    try (RootKey root = RootKey.read(data.resolve("root.key"))) {
      hierarchy = new Hierarchy(root, installation, randomness);
    }
    for (Rows.SystemKey key : store.read(Reading::systemKeys)) {
      hierarchy.openSystemKey(key.version(), key.wrapped());
    }
    store.authenticateRowsWith(new Macs(hierarchy));
  }

  private record Macs(Hierarchy hierarchy) implements RowMac {
    @Override
    public int keyVersion() {
      return hierarchy.systemKeyVersion();
    }

    @Override
    public byte[] mac(int keyVersion, String table, List<byte @Nullable []> columns) {
      return hierarchy.rowMac(keyVersion, table, columns);
    }
  }

  Rows.Project project(String id) {
    return store.read(tx -> tx.project(id)).orElseThrow();
  }

  /** The first key that the API makes brings the project's own. */
  ProjectKey projectKey(String projectId) {
    Rows.ProjectKey row = store.read(tx -> tx.projectKeys(projectId)).getLast();
    return hierarchy.openProjectKey(projectId, row.version(), row.wrapped(), row.lasting());
  }

  @Override
  public void close() {
    store.close();
    hierarchy.close();
  }
}
