package dev.yaoku.service;

import dev.yaoku.access.Principal;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import java.security.MessageDigest;

/**
 * That somebody has just said the right password. Checking takes a while, and meanwhile the user
 * may get another password, because somebody else knew this one: whatever is done by the proof is
 * done only if the password is still the one that was said.
 */
public final class PasswordProof {
  private final Principal who;
  private final byte[] record;

  private PasswordProof(Principal who, byte[] record) {
    this.who = who;
    this.record = record;
  }

  /**
   * A proof by what a user's row says.
   *
   * @param user as it was when the password was checked
   */
  static PasswordProof of(Principal who, Rows.User user) {
    return new PasswordProof(who, user.password());
  }

  /** Who it is, scoped to nothing. */
  public Principal who() {
    return who;
  }

  /**
   * Looks whether the password is still the one that was said. To be called in the transaction that
   * does what was proved.
   *
   * @throws KmsException with {@link Problem.BadPassword} if it is another one
   */
  void mustStand(Reading tx) {
    boolean same =
        tx.user(who.user())
            .filter(user -> MessageDigest.isEqual(user.password(), record))
            .isPresent();
    if (!same) {
      throw new KmsException(new Problem.BadPassword());
    }
  }
}
