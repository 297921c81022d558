package dev.yaoku.server;

import dev.yaoku.audit.Rating;
import dev.yaoku.audit.Resource;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.RootKey;
import dev.yaoku.service.Events;
import dev.yaoku.service.Founding;
import dev.yaoku.service.NewAccount;
import dev.yaoku.service.Operators;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.time.Instant;

/**
 * Fills an empty store: installation id, system key, account, project, administrator, access key.
 * One transaction, so that a crash leaves an empty store and the next start begins anew.
 */
final class FirstStart {
  private final Store store;
  private final Randomness randomness;
  private final Instant now;

  FirstStart(Store store, Randomness randomness, Instant now) {
    this.store = store;
    this.randomness = randomness;
    this.now = now;
  }

  /**
   * Founds the installation, which is open then.
   *
   * @param dev whether it is a throw-away one, which production must never open
   * @throws StartRefused if another server of the same database did so in the meantime
   */
  Installation found(RootKey root, Founding founding, Events events, boolean dev) {
    String id = randomness.uuid().toString();
    Hierarchy hierarchy = new Hierarchy(root, id, randomness);
    try {
      store.authenticateRowsWith(new HierarchyRowMac(hierarchy));
      insert(id, root, hierarchy, founding, events, dev);
    } catch (KmsException e) {
      if (e.problem() instanceof Problem.RowNotGenuine) {
        // The store was empty a moment ago, so that what is not this installation's is another's.
        throw new StartRefused(
            "Another server made an installation in this database just now, so this one made none."
                + " Start it again with the root key of that one.");
      }
      throw e;
    }
    return new Installation(hierarchy, store);
  }

  private void insert(
      String id, RootKey root, Hierarchy hierarchy, Founding founding, Events events, boolean dev) {
    byte[] systemKey = hierarchy.newSystemKey(1);
    NewAccount first = NewAccount.of(founding, hierarchy, randomness, now);
    store.write(tx -> {
      tx.putSetting(Installation.ID, id);
      tx.putSetting(Installation.ROOT_FINGERPRINT, root.fingerprint());
      tx.putSetting(Installation.DEV_MARK, Boolean.toString(dev));
      tx.putSetting(Operators.ACCOUNT, founding.accountId());
      tx.insert(new Rows.SystemKey(1, systemKey, now));
      first.insert(tx);
      tx.append(
          events.ofServer(
              founding.accountId(),
              "foundInstallation",
              new Resource("installation", id),
              Rating.NORMAL,
              null,
              tx.changes()));
      return id;
    });
  }
}
