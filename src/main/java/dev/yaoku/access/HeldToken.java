package dev.yaoku.access;

import org.jspecify.annotations.Nullable;

/**
 * A token that was found; the body proves nothing more, but the token may have ended while that was
 * on its way.
 */
final class HeldToken implements Credentials {
  private final RequestAuthenticator authenticator;
  private final RequestHead head;
  private final String sha256;
  private @Nullable Standing standing;

  HeldToken(RequestAuthenticator authenticator, RequestHead head, String sha256) {
    this.authenticator = authenticator;
    this.head = head;
    this.sha256 = sha256;
  }

  @Override
  public Principal prove(byte[] body) {
    return who(authenticator.alive(head, sha256));
  }

  @Override
  public Principal stillStands() {
    return who(authenticator.stillAlive(sha256));
  }

  private Principal who(Directory.KnownToken known) {
    standing = known.standing();
    return known.principal();
  }

  @Override
  public Standing standing() {
    return standing == null ? new Standing() : standing;
  }
}
