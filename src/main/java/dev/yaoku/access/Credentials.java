package dev.yaoku.access;

import java.util.Optional;

/** What a request offers as proof, read from its head and looked up, but not yet checked. */
public interface Credentials {
  /**
   * Checks the proof against the whole request, in constant time, with the same work for unknown
   * and wrong.
   *
   * @param body the raw, de-chunked body
   * @return the proved identity
   * @throws dev.yaoku.key.KmsException with the problem that the caller is told
   * @throws dev.yaoku.key.NotInMemory if the look-up has to be done again and this thread must not
   *     wait
   */
  Principal prove(byte[] body);

  /**
   * Looks up who that is now, once the proof was given: a request that has waited acts for nobody
   * whose credential has ended meanwhile. An end is no failed attempt, and counts as none.
   *
   * @return the identity as it is now
   * @throws dev.yaoku.key.KmsException if the credential does not count any more
   * @throws dev.yaoku.key.NotInMemory if it must be looked up and this thread must not wait
   */
  Principal stillStands();

  /** What is remembered beside them, once they are proved. */
  default Standing standing() {
    return new Standing();
  }

  /** What a change has to remember of the proof; nothing where replays are taken. */
  default Optional<SignatureMark> mark() {
    return Optional.empty();
  }
}
