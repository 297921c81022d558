package dev.yaoku.service;

import dev.yaoku.crypto.Passwords;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Writing;
import java.time.Instant;

/** An account that is to be made, with all that its people need to begin. */
public record NewAccount(
    Rows.Account account, NewProject project, Rows.User administrator, Rows.AccessKey accessKey) {

  /** Seals the secrets of a founding. Takes as long as a password takes to be hashed. */
  public static NewAccount of(
      Founding founding, Hierarchy hierarchy, Randomness randomness, Instant now) {
    return new NewAccount(
        new Rows.Account(founding.accountId(), founding.accountName(), true, now, 1),
        NewProject.ofRegion(
            hierarchy, founding.projectId(), founding.accountId(), founding.region(), now),
        administrator(founding, hierarchy, randomness, now),
        accessKey(founding, hierarchy, now));
  }

  private static Rows.User administrator(
      Founding founding, Hierarchy hierarchy, Randomness randomness, Instant now) {
    Wrapped password = password(founding, hierarchy, randomness);
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

  private static Wrapped password(Founding founding, Hierarchy hierarchy, Randomness randomness) {
    try (SecretBytes record = Passwords.hash(founding.password(), randomness)) {
      return hierarchy.wrapPassword(founding.accountId(), founding.userId(), record);
    }
  }

  private static Rows.AccessKey accessKey(Founding founding, Hierarchy hierarchy, Instant now) {
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

  /** Adds everything. */
  public void insert(Writing tx) {
    tx.insert(account);
    project.insert(tx);
    tx.insert(administrator);
    tx.insert(accessKey);
  }
}
