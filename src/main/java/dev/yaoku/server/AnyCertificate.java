package dev.yaoku.server;

import dev.yaoku.access.ClientCertificate;
import dev.yaoku.crypto.CertificateAuthority;
import io.vertx.core.net.TrustOptions;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets clients in with any certificate whose private key they hold, and with none. A certificate
 * proves nothing by that: whether an authority of some account vouches for it, and for whom it
 * stands, is asked at each request, so that a change counts at once, also on open connections.
 *
 * <p>Names of authorities are not sent to clients: they would tell strangers who the tenants are.
 */
final class AnyCertificate extends X509ExtendedTrustManager {
  AnyCertificate() {}

  static TrustOptions options() {
    return TrustOptions.wrap(new AnyCertificate());
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    if (chain.length > ClientCertificate.SENT_MAX) {
      throw new CertificateException("a chain of more certificates than anybody needs");
    }
    if (!CertificateAuthority.isQuickToCheck(chain[0])) { // TLS checks a signature with it
      throw new CertificateException("a key with which signatures take too long to check");
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, kind);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, kind);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) {
    throw new UnsupportedOperationException("servers prove themselves elsewhere");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {
    checkServerTrusted(chain, kind);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {
    checkServerTrusted(chain, kind);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
