package dev.yaoku.access;

import dev.yaoku.access.policy.Decision;
import dev.yaoku.key.Key;

/** Decides what callers may do. Grants are not its business; {@link Caller} knows those. */
public interface Permissions {
  /**
   * What is said to one question.
   *
   * @param caller who asks, with the circumstances of the request
   * @param project where it is to be done; empty for what is done to the account
   * @param action what is asked for
   * @param subject what it is about, resolved
   * @throws dev.yaoku.key.NotInMemory if that must be looked up and this thread must not wait
   */
  Decision decide(Caller caller, String project, Action action, Subject subject);

  /**
   * What is said in the project where a key is, which is another one of the caller's account: a
   * grant opens the key from any project, and outweighs no denial. What the credential is for does
   * not matter here.
   *
   * @throws dev.yaoku.key.NotInMemory if that must be looked up and this thread must not wait
   */
  default Decision decideWhereItIs(Caller caller, Key key, Action action, Subject subject) {
    return Decision.NOT_ALLOWED;
  }

  /**
   * Finds what the questions of one caller will need, so that they can be answered where nothing
   * can be looked up, such as inside a transaction.
   *
   * @throws dev.yaoku.key.NotInMemory if that must be looked up and this thread must not wait
   */
  default void prepare(Caller caller) {}

  /**
   * Whether there is anything at all with which the caller may do this. Where there is nothing, a
   * refusal is about the operation and not about one key, whether or not that is there.
   */
  boolean conceives(Caller caller, Action action);
}
