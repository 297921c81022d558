package dev.yaoku.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;

/** Files with the certificates of authorities that the operator trusts. */
final class RootCertificates {
  private RootCertificates() {}

  /**
   * All of a file, in PEM or DER.
   *
   * @throws IOException with a sentence, if the file cannot be read or there is none in it
   */
  static Collection<? extends Certificate> in(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> found =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (found.isEmpty()) {
        throw new IOException("there is no certificate in " + file);
      }
      return found;
    } catch (CertificateException e) {
      throw new IOException(file + " is no list of certificates", e);
    }
  }
}
