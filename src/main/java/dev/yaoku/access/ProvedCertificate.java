package dev.yaoku.access;

import org.jspecify.annotations.Nullable;

/**
 * A client certificate that stands for somebody; the body proves nothing more, but that may have
 * ended while it was on its way.
 */
final class ProvedCertificate implements Credentials {
  private final RequestAuthenticator authenticator;
  private final RequestHead head;
  private final ClientCertificate certificate;
  private @Nullable Standing standing;

  ProvedCertificate(
      RequestAuthenticator authenticator, RequestHead head, ClientCertificate certificate) {
    this.authenticator = authenticator;
    this.head = head;
    this.certificate = certificate;
  }

  @Override
  public Principal prove(byte[] body) {
    return who(authenticator.vouchedFor(head, certificate));
  }

  @Override
  public Principal stillStands() {
    return who(authenticator.standsFor(head, certificate));
  }

  private Principal who(Directory.KnownCertificate known) {
    standing = known.standing();
    return known.principal();
  }

  @Override
  public Standing standing() {
    return standing == null ? new Standing() : standing;
  }
}
