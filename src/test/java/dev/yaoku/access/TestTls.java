package dev.yaoku.access;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS as the JDK speaks it, with the certificates of a {@link TestPki}. */
public final class TestTls {
  private static final char[] PASSWORD = "password".toCharArray();

  private TestTls() {}

  /**
   * One end of connections.
   *
   * @param trusted vouches for the other end
   * @param own what this end shows, if anything
   */
  public static SSLContext context(TestPki trusted, TestPki.@Nullable Issued own) {
    try {
      KeyStore authorities = empty();
      authorities.setCertificateEntry("authority", trusted.certificate());
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(authorities);
      KeyStore shown = empty();
      if (own != null) {
        shown.setKeyEntry("own", own.key(), PASSWORD, own.chain().toArray(X509Certificate[]::new));
      }
      KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
      keys.init(shown, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore empty = KeyStore.getInstance("PKCS12");
    empty.load(null, null);
    return empty;
  }
}
