import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Rotation;
import dev.yaoku.seal.MaterialPlace;
import dev.yaoku.seal.ProjectKey;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Writing;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Puts keys into the store of a stopped server, thousands a transaction: real ones, sealed and
 * signed, with five tags each, as the server itself would have made them one by one.
 */
final class BulkFill implements AutoCloseable {
  private static final int KEYS_A_TRANSACTION = 4_000;
  private static final int MATERIAL_BYTES = 32;

  private final StoppedStore stopped;
  private final Rows.Project project;
  private final ProjectKey projectKey;
  private final Instant begun = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  private BulkFill(Path data, String projectId) throws Exception {
    stopped = new StoppedStore(data);
    project = stopped.project(projectId);
    projectKey = stopped.projectKey(projectId);
  }

  public static void main(String[] args) throws Exception {
    int keys = Integer.parseInt(args[2]);
    long begun = System.nanoTime();
    try (BulkFill fill = new BulkFill(Path.of(args[0]), args[1])) {
      for (int from = 0; from < keys; from += KEYS_A_TRANSACTION) {
        fill.insert(from, Math.min(keys, from + KEYS_A_TRANSACTION));
      }
    }
    System.out.printf("RESULT %.0f%n", (System.nanoTime() - begun) / 1e9);
  }

  private void insert(int from, int to) {
    stopped.store.write(tx -> {
      for (int number = from; number < to; number++) {
        insert(tx, number);
      }
      return true;
    });
  }

  private void insert(Writing tx, int number) {
    Key key = key(number);
    tx.insert(key);
    try (SecretBytes material = stopped.randomness.secret(MATERIAL_BYTES)) {
      tx.insert(
          new KeyVersion(
              key.id(),
              1,
              stopped.randomness.uuid().toString(),
              projectKey.wrapMaterial(MaterialPlace.of(key, 1), material),
              projectKey.version(),
              new byte[0],
              false,
              begun,
              null,
              1));
    }
    tx.putTags(key.id(), Scale.tags(number));
  }

  /** Every tenth is disabled, so that a list by state has something to find. */
  private Key key(int number) {
    return new Key(
        new KeyId(stopped.randomness.uuid().toString()),
        project.account(),
        project.id(),
        "scale-" + number,
        "",
        KeySpec.AES_256,
        KeyUsage.ENCRYPT_DECRYPT,
        Origin.KMS,
        number % 10 == 0 ? new KeyState.Disabled() : new KeyState.Enabled(),
        begun,
        project.region(),
        "0",
        "0",
        false,
        1,
        Rotation.NONE,
        null,
        MultiRegion.NONE,
        1);
  }

  @Override
  public void close() {
    projectKey.close();
    stopped.close();
  }
}
