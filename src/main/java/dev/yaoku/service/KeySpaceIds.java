package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.OpeningPolicyReader;
import dev.yaoku.key.Problem;

/** Ids of access points and key policies, which requests write in capital letters too. */
final class KeySpaceIds {
  private KeySpaceIds() {}

  /**
   * The id in its one spelling, of which the caller may do this.
   *
   * @param member what requests call it
   * @throws KmsException with {@link Problem.NotAllowed} or {@link Problem.MalformedId}
   */
  static String permitted(Caller caller, Action action, String text, String member) {
    caller.mustConceive(action);
    String id = OpeningPolicyReader.uuid(text);
    if (id == null) {
      throw new KmsException(new Problem.MalformedId(member));
    }
    caller.mustBeAllowed(action, Subject.oneOf(action, caller.principal().account(), id));
    return id;
  }
}
