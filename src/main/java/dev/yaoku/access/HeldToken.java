package dev.yaoku.access;

/** A token that was found and is still alive; the body proves nothing more. */
record HeldToken(Principal principal, Standing standing) implements Credentials {
  @Override
  public Principal prove(byte[] body) {
    return principal;
  }
}
