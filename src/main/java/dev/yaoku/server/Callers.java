package dev.yaoku.server;

import dev.yaoku.access.Admission;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Credentials;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestHead;

/** Turns a proved identity into the caller of one request. */
public interface Callers {
  /**
   * The caller. Never fails, so that a refusal that follows can be recorded as the caller's.
   *
   * @param proof what proved it
   * @param project the project in the path, or empty
   */
  Caller caller(
      Principal principal, Credentials proof, String project, String requestId, String source);

  /**
   * Checks that the project of the path is the caller's.
   *
   * @throws dev.yaoku.key.KmsException if it is not
   * @throws dev.yaoku.key.NotInMemory if that would have to wait and this thread must not
   */
  void admit(Caller caller, RequestHead head);

  /** Callers as the access room admits them. */
  static Callers of(Admission admission) {
    return new Callers() {
      @Override
      public Caller caller(
          Principal principal, Credentials proof, String project, String requestId, String source) {
        return admission.callerOf(principal, proof, project, requestId, source);
      }

      @Override
      public void admit(Caller caller, RequestHead head) {
        admission.confine(caller, head);
      }
    };
  }
}
