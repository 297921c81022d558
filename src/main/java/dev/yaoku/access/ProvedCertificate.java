package dev.yaoku.access;

/**
 * A client certificate that stands for somebody; the body proves nothing more, but that may have
 * ended while it was on its way.
 */
record ProvedCertificate(
    RequestAuthenticator authenticator, RequestHead head, ClientCertificate certificate)
    implements Credentials {
  @Override
  public Principal prove(byte[] body) {
    return authenticator.vouchedFor(head, certificate);
  }

  @Override
  public Principal stillStands() {
    return authenticator.standsFor(head, certificate);
  }
}
