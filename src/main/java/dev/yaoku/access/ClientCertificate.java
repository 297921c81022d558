package dev.yaoku.access;

import dev.yaoku.crypto.Hashes;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A certificate whose private key the peer of a TLS connection has proved to hold. Who vouches for
 * it, and for whom it stands, is yet to be found out.
 *
 * @param sha256 of the certificate, 64 hexadecimal characters
 * @param chain the certificate, and whatever else the peer sent: those that lead to an authority,
 *     in any order, among others
 */
public record ClientCertificate(String sha256, List<X509Certificate> chain) {
  /** So many certificates a peer may send. */
  public static final int SENT_MAX = 10;

  private static final int NAMES_MAX = 20;
  private static final int EMAIL = 1;
  private static final int DNS = 2;
  private static final int URI = 6;
  private static final int IP = 7;

  /** Copies the chain. */
  public ClientCertificate {
    chain = List.copyOf(chain);
  }

  /**
   * What the peer sent, not read yet: whoever it is has sent it, and reading may fail.
   *
   * @param sent at most {@link #SENT_MAX}
   */
  public static Optional<ClientCertificate> of(List<? extends Certificate> sent) {
    List<X509Certificate> chain = new ArrayList<>();
    for (Certificate certificate : sent) {
      if (!(certificate instanceof X509Certificate x509) || chain.size() == SENT_MAX) {
        return Optional.empty();
      }
      chain.add(x509);
    }
    if (chain.isEmpty()) {
      return Optional.empty();
    }
    try {
      String sha256 = HexFormat.of().formatHex(Hashes.sha256(chain.getFirst().getEncoded()));
      return Optional.of(new ClientCertificate(sha256, chain));
    } catch (CertificateEncodingException _) {
      return Optional.empty();
    }
  }

  /**
   * The same, read; nothing if the certificate itself cannot be read. Of the others, those that
   * cannot are left out. Before, whatever is asked of a certificate may fail: where the connection
   * keeps it unread, with an unchecked exception.
   */
  public Optional<ClientCertificate> read() {
    List<X509Certificate> read = chain.stream().flatMap(c -> read(c).stream()).toList();
    return read(leaf()).map(_ -> new ClientCertificate(sha256, read));
  }

  private static Optional<X509Certificate> read(X509Certificate sent) {
    try {
      return CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(sent.getEncoded()))
              instanceof X509Certificate read
          ? Optional.of(read)
          : Optional.empty();
    } catch (CertificateException _) {
      return Optional.empty();
    }
  }

  /** The certificate itself. */
  public X509Certificate leaf() {
    return chain.getFirst();
  }

  /**
   * The names of the certificate, each with its kind before it: {@code dns:web.example.com}, {@code
   * uri:spiffe://example.com/web}, {@code email:a@example.com}, {@code ip:192.0.2.1}. Those of the
   * subject field are none.
   *
   * @see "RFC 5280, section 4.2.1.6"
   */
  public Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    try {
      Collection<List<?>> all = leaf().getSubjectAlternativeNames();
      if (all == null || all.size() > NAMES_MAX) {
        return Set.of();
      }
      for (List<?> name : all) {
        if (name.get(0) instanceof Integer kind && name.get(1) instanceof String text) {
          name(kind, text).ifPresent(names::add);
        }
      }
      return names;
    } catch (CertificateParsingException | IllegalArgumentException _) {
      return Set.of();
    }
  }

  private static Optional<String> name(int kind, String text) {
    return switch (kind) {
      case EMAIL -> Optional.of("email:" + text);
      case DNS -> Optional.of("dns:" + text);
      case URI -> Optional.of("uri:" + text);
      case IP -> Optional.of(CertificateName.of(InetAddress.ofLiteral(text)));
      default -> Optional.empty();
    };
  }
}
