package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.SignatureMark;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Writing;

/**
 * Makes a signature good for one change only, where the operator wants it (SECURITY_DESIGN M4).
 * Every change calls this first in its transaction, so that signature and change are remembered
 * together.
 */
public final class Replays {
  private Replays() {}

  /**
   * Remembers the signature of the request.
   *
   * @throws KmsException with {@link Problem.Replayed} if it was seen before
   */
  public static void refuse(Writing tx, Caller caller) {
    SignatureMark mark = caller.mark();
    if (mark != null && !tx.rememberSignature(mark.sha256(), mark.forgetAtMillis())) {
      throw new KmsException(new Problem.Replayed());
    }
  }
}
