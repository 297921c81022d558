package dev.yaoku.service;

import dev.yaoku.key.Key;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Writing;

/**
 * Takes the mark for deletion from keys, if what they had is still theirs. While a key was gone for
 * its users others could take it: a clock that was ahead for a while makes that possible for any
 * key that is to be deleted.
 */
final class Restoration {
  private final Replication replication;
  private final Rules rules;

  Restoration(Replication replication, Rules rules) {
    this.replication = replication;
    this.rules = rules;
  }

  /**
   * The key as it comes back, disabled; to be stored.
   *
   * @throws KmsException with {@link Problem.WrongState} if it is not pending deletion, with {@link
   *     Problem.NameTaken}, {@link Problem.RegionTaken} or {@link Problem.KeystoreNotFound} if its
   *     name, its place among its replicas or its keystore is not there for it any more
   */
  Key restored(Writing tx, Key key) {
    Key restored = key.cancelDeletion();
    replication.mustBeFree(tx, key);
    if (rules.names() != Rules.NameRule.DUPLICATES && tx.nameTaken(key.project(), key.name())) {
      throw new KmsException(new Problem.NameTaken());
    }
    boolean homeless =
        !key.isInBuiltInKeystore() && tx.keystore(key.project(), key.keystore()).isEmpty();
    if (homeless) {
      throw new KmsException(new Problem.KeystoreNotFound());
    }
    return restored;
  }
}
