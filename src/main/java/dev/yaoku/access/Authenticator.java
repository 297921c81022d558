package dev.yaoku.access;

/** Finds out who calls. */
public interface Authenticator {
  /**
   * Reads the credentials of a request and looks them up. Cheap checks of form come first; the
   * look-up is cached.
   *
   * @throws dev.yaoku.key.KmsException if there are none or their form is wrong
   * @throws dev.yaoku.key.NotInMemory if the look-up would have to wait and this thread must not
   */
  Credentials read(RequestHead head);
}
