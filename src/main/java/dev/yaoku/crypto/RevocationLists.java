package dev.yaoku.crypto;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;
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
  private static final byte DER_SEQUENCE = 0x30;

  private final @Nullable Path folder;
  private volatile List<X509CRL> lists = List.of();

  /** Those of them that are in the folder no more. */
  private List<X509CRL> gone = List.of();

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

  /** The lists as they were read last; the same object as long as none is another. */
  public List<X509CRL> lists() {
    return lists;
  }

  /**
   * Reads the folder for the first time, when there is nothing yet that could be kept.
   *
   * @throws IOException with a sentence, if the folder or a file cannot be read, or a file holds no
   *     list, or anything behind its last one
   */
  public void readFirst() throws IOException {
    if (folder != null) {
      lists = found(folder);
    }
  }

  /**
   * Reads the folder again. A file that cannot be read keeps all lists as they were, and a list
   * that is not there any more, as where the folder's disk is gone, stays: losing one would let in
   * whom it keeps out. Another of its kind takes its place.
   *
   * @return whether the lists are other ones now
   */
  public boolean read() {
    if (folder == null) {
      return false;
    }
    try {
      List<X509CRL> found = withThoseGone(found(folder));
      boolean other = !found.equals(lists);
      lists = other ? found : lists;
      return other;
    } catch (IOException unreadable) {
      LOG.warn("the lists of revoked certificates are not read again: {}", unreadable.getMessage());
      return false;
    }
  }

  /**
   * Which lists follow one another: those of one issuer and key, about the same certificates (RFC
   * 5280, sections 5.2.1, 5.2.4 and 5.2.5).
   */
  private record Kind(X500Principal issuer, String key, String point, boolean delta) {
    static Kind of(X509CRL list) {
      return new Kind(
          list.getIssuerX500Principal(),
          extension(list, "2.5.29.35"),
          extension(list, "2.5.29.28"),
          list.getExtensionValue("2.5.29.27") != null);
    }

    private static String extension(X509CRL list, String oid) {
      byte[] value = list.getExtensionValue(oid);
      return value == null ? "" : HexFormat.of().formatHex(value);
    }
  }

  private List<X509CRL> withThoseGone(List<X509CRL> found) {
    Set<Kind> there = found.stream().map(Kind::of).collect(Collectors.toSet());
    List<X509CRL> missing = lists.stream().filter(list -> !there.contains(Kind.of(list))).toList();
    missing.stream()
        .filter(list -> !gone.contains(list))
        .forEach(list ->
            LOG.warn(
                "there is no list of certificates revoked by {} any more; the one that was there"
                    + " counts till the next start",
                list.getIssuerX500Principal()));
    gone = missing;
    List<X509CRL> all = new ArrayList<>(found);
    all.addAll(missing);
    return List.copyOf(all);
  }

  private static List<X509CRL> found(Path folder) throws IOException {
    List<X509CRL> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{crl,pem}")) {
      for (Path file : files) {
        found.addAll(listsIn(file));
      }
    } catch (DirectoryIteratorException failed) {
      throw failed.getCause();
    } catch (NotDirectoryException | NoSuchFileException none) {
      boolean gone = !none.getFile().equals(folder.toString()); // a file, since it was listed
      throw new IOException("there is no " + (gone ? "file " : "folder ") + none.getFile(), none);
    } catch (AccessDeniedException denied) {
      throw new IOException("this user may not read " + denied.getFile(), denied);
    }
    return List.copyOf(found);
  }

  /**
   * All lists of a file, which must hold nothing behind them. Each is read for itself: read all at
   * once, a last one that is cut off is taken for the end, and whom it keeps out would come in.
   */
  private static List<X509CRL> listsIn(Path file) throws IOException {
    List<X509CRL> found = new ArrayList<>();
    ByteArrayInputStream in = contentOf(file);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      do {
        if (factory.generateCRL(in) instanceof X509CRL x509) {
          found.add(x509);
        }
      } while (in.available() > 0);
    } catch (GeneralSecurityException none) {
      throw new IOException(
          file
              + (found.isEmpty()
                  ? " is no list of revoked certificates"
                  : " is not whole: what follows list number " + found.size() + " in it is none"),
          none);
    }
    return found;
  }

  private static ByteArrayInputStream contentOf(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] content = in.readNBytes(BYTES_MAX + 1);
      if (content.length > BYTES_MAX) {
        throw new IOException(file + " is longer than 16 MiB");
      }
      return new ByteArrayInputStream(content, 0, lengthWithoutBlankEnd(content));
    }
  }

  /** Empty lines at the end of text are no list; a list in DER ends as it says itself. */
  private static int lengthWithoutBlankEnd(byte[] content) {
    int length = content.length;
    boolean text = length > 0 && content[0] != DER_SEQUENCE;
    while (text && length > 0 && Character.isWhitespace(content[length - 1])) {
      length--;
    }
    return length;
  }
}
