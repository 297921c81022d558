package dev.yaoku.crypto;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CRL;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists of revoked certificates in a folder of the operator's, read again now and then: PEM or DER,
 * files whose names end in {@code .crl} or {@code .pem}.
 */
public final class RevocationLists {
  private static final Logger LOG = LoggerFactory.getLogger(RevocationLists.class);
  private static final int BYTES_MAX = 16 << 20;

  private final @Nullable Path folder;
  private volatile List<X509CRL> lists = List.of();

  /**
   * Lists in a folder.
   *
   * @param folder null for none
   */
  public RevocationLists(@Nullable Path folder) {
    this.folder = folder;
  }

  /** None at all. */
  public static RevocationLists none() {
    return new RevocationLists(null);
  }

  /** The lists as they were read last. */
  public List<X509CRL> lists() {
    return lists;
  }

  /**
   * Reads the folder again. A file that cannot be read keeps all lists as they were: losing one
   * would let in whom it keeps out.
   *
   * @return whether the lists are other ones now
   */
  public boolean read() {
    if (folder == null) {
      return false;
    }
    List<X509CRL> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{crl,pem}")) {
      for (Path file : files) {
        readInto(found, file);
      }
    } catch (IOException | GeneralSecurityException unreadable) {
      LOG.warn("the lists of revoked certificates are not read again: {}", unreadable.toString());
      return false;
    }
    boolean other = !found.equals(lists);
    lists = List.copyOf(found);
    return other;
  }

  private static void readInto(List<X509CRL> found, Path file)
      throws IOException, GeneralSecurityException {
    if (Files.size(file) > BYTES_MAX) {
      throw new IOException(file + " is longer than 16 MiB");
    }
    try (InputStream in = Files.newInputStream(file)) {
      for (CRL list : CertificateFactory.getInstance("X.509").generateCRLs(in)) {
        if (list instanceof X509CRL x509) {
          found.add(x509);
        }
      }
    }
  }
}
