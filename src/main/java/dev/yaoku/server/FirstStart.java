package dev.yaoku.server;

import dev.yaoku.crypto.Passwords;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.RootKey;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Events;
import dev.yaoku.service.Identities;
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
   */
  Installation found(RootKey root, Founding founding, Events events, boolean dev) {
    String id = randomness.uuid().toString();
    Hierarchy hierarchy = new Hierarchy(root, id, randomness);
    byte[] systemKey = hierarchy.newSystemKey(1);
    Rows.Account account =
        new Rows.Account(founding.accountId(), founding.accountName(), true, now, 1);
    Rows.Project project = project(founding);
    Rows.ProjectKey projectKey = projectKey(hierarchy, founding);
    Rows.User administrator = administrator(hierarchy, founding);
    Rows.AccessKey accessKey = accessKey(hierarchy, founding);
    store.authenticateRowsWith(new HierarchyRowMac(hierarchy));
    store.write(tx -> {
      tx.putSetting(Installation.ID, id);
      tx.putSetting(Installation.ROOT_FINGERPRINT, root.fingerprint());
      tx.putSetting(Installation.DEV_MARK, Boolean.toString(dev));
      tx.putSetting(Operators.ACCOUNT, founding.accountId());
      tx.insert(new Rows.SystemKey(1, systemKey, now));
      tx.insert(account);
      tx.insert(project);
      tx.insert(projectKey);
      tx.insert(administrator);
      tx.insert(accessKey);
      tx.append(
          events.ofServer(
              founding.accountId(),
              "foundInstallation",
              "installation",
              id,
              "normal",
              null,
              tx.changes()));
      return id;
    });
    return new Installation(hierarchy, store);
  }

  private Rows.Project project(Founding founding) {
    String region = founding.region();
    return new Rows.Project(
        founding.projectId(), founding.accountId(), region, region, true, now, 1);
  }

  private Rows.ProjectKey projectKey(Hierarchy hierarchy, Founding founding) {
    Hierarchy.NewProjectKey made = hierarchy.newProjectKey(founding.projectId());
    return new Rows.ProjectKey(
        founding.projectId(), made.version(), made.wrapped(), made.lasting(), now, 1);
  }

  private Rows.User administrator(Hierarchy hierarchy, Founding founding) {
    Wrapped password = wrapPassword(hierarchy, founding);
    return new Rows.User(
        founding.userId(),
        founding.accountId(),
        founding.userName(),
        password.bytes(),
        password.keyVersion(),
        true,
        true,
        now,
        1);
  }

  private Rows.AccessKey accessKey(Hierarchy hierarchy, Founding founding) {
    Wrapped secret =
        hierarchy.wrapSecretAccessKey(
            founding.accountId(),
            founding.userId(),
            founding.accessKey(),
            Identities.PERMANENT,
            founding.secretKey());
    return new Rows.AccessKey(
        founding.accessKey(),
        founding.accountId(),
        founding.userId(),
        secret.bytes(),
        secret.keyVersion(),
        true,
        now,
        1);
  }

  private Wrapped wrapPassword(Hierarchy hierarchy, Founding founding) {
    try (SecretBytes record = Passwords.hash(founding.password(), randomness)) {
      return hierarchy.wrapPassword(founding.accountId(), founding.userId(), record);
    }
  }
}
