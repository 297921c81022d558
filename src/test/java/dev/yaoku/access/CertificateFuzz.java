package dev.yaoku.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.RevocationLists;
import io.netty.handler.ssl.util.LazyX509Certificate;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.pkcs.ContentInfo;
import org.bouncycastle.asn1.pkcs.SignedData;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Certificates that strangers show, and those and the lists of revoked ones that operators bring
 * (SECURITY_DESIGN H16). An authority issued certificates once; nobody has its key any more, so
 * that whatever else is vouched for is a hole. The other reader is Bouncy Castle.
 */
class CertificateFuzz {
  private static final Instant NOW = Instant.parse("2027-01-01T00:00:00Z");
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9. ]+)-----([^-]*)-----END \\1-----");

  private static final CertificateAuthority AUTHORITY =
      CertificateAuthority.read(pem("authority")).orElseThrow();
  private static final X509Certificate LEAF = certificate("leaf");
  private static final X509Certificate BELOW = certificate("below");
  private static final X509Certificate BETWEEN = certificate("between");
  private static final X509Certificate REVOKED = certificate("revoked");
  private static final X509CRL LIST = list();

  /** Which targets came to what, with whatever was tried. */
  private static final Set<String> REACHED = ConcurrentHashMap.newKeySet();

  @TempDir static Path folder;

  /** What is replayed in every run is worth it; whoever looks for more runs one target alone. */
  @AfterAll
  static void eachTargetComesToItsPoint() {
    if (System.getenv("JAZZER_FUZZ") == null) {
      assertThat(REACHED)
          .containsExactlyInAnyOrder(
              "an authority",
              "no authority",
              "vouched for",
              "vouched for below another",
              "not vouched for",
              "unreadable",
              "names",
              "a list of its own",
              "a list of others",
              "no list");
    }
  }

  /**
   * What is taken holds one certificate, which anybody finds in it, of one who may issue others.
   */
  @FuzzTest
  void anAuthorityIsReadInOneWayOrNot(byte[] bytes) throws Exception {
    String text = new String(bytes, UTF_8);
    CertificateAuthority read = CertificateAuthority.read(text).orElse(null);
    if (read == null) {
      REACHED.add("no authority");
      return;
    }
    X509Certificate certificate = read.certificate();
    Matcher block = PEM.matcher(text);
    assertThat(block.find()).as("a block").isTrue();
    assertThat(certificateIn(block.group(1), Base64.getMimeDecoder().decode(block.group(2))))
        .isEqualTo(certificate.getEncoded());
    assertThat(block.find()).as("another block").isFalse();
    Certificate plain = plain(certificate.getEncoded());
    if (plain != null) {
      assertThat(plain.getSubjectPublicKeyInfo().getEncoded())
          .isEqualTo(certificate.getPublicKey().getEncoded());
      assertThat(plain.getEndDate().getDate().toInstant()).isEqualTo(read.notAfter());
    }
    assertThat(read.subject()).isNotNull();
    assertThat(CertificateAuthority.read(TestPki.pem(certificate)).orElseThrow().sha256())
        .isEqualTo(read.sha256());
    REACHED.add("an authority");
  }

  /** In a block for messages there may be certificates without a message (RFC 2315). */
  private static byte[] certificateIn(String label, byte[] block) throws IOException {
    if (!label.equals("PKCS7")) {
      return block;
    }
    ASN1Set all =
        SignedData.getInstance(ContentInfo.getInstance(block).getContent()).getCertificates();
    assertThat(all.size()).isEqualTo(1);
    return all.getObjectAt(0).toASN1Primitive().getEncoded();
  }

  /** Whatever is sent with it, a certificate is vouched for that was issued to a client. */
  @FuzzTest
  void whoeverIsVouchedForWasCertified(byte[] bytes) throws Exception {
    List<X509Certificate> sent = new ArrayList<>();
    ders(bytes).forEach(der -> sent.add(new LazyX509Certificate(der)));
    ClientCertificate shown = ClientCertificate.of(sent).orElse(null);
    ClientCertificate read = shown == null ? null : shown.read().orElse(null);
    if (read == null) {
      REACHED.add("unreadable");
      return;
    }
    assertThat(read.chain()).hasSizeLessThanOrEqualTo(ClientCertificate.SENT_MAX);
    byte[] der = read.leaf().getEncoded();
    assertThat(read.sha256()).isEqualTo(HexFormat.of().formatHex(Hashes.sha256(der)));
    Certificate plain = plain(der);
    if (plain != null && !read.names().isEmpty()) {
      assertThat(read.names().stream().filter(name -> !name.startsWith("ip:")))
          .containsExactlyElementsOf(names(plain));
      REACHED.add("names");
    }
    if (AUTHORITY.vouchesFor(read.chain(), NOW, List.of(LIST))) {
      boolean below = Arrays.equals(read.leaf().getTBSCertificate(), BELOW.getTBSCertificate());
      byte[] issued = (below ? BELOW : LEAF).getTBSCertificate();
      assertThat(read.leaf().getTBSCertificate()).isEqualTo(issued);
      REACHED.add(below ? "vouched for below another" : "vouched for");
    } else {
      REACHED.add("not vouched for");
    }
  }

  /** A list of others says nothing; none lets in whom the authority's own keeps out. */
  @FuzzTest
  void aListOfRevokedCertificatesLetsNobodyInAgain(byte[] bytes) throws Exception {
    Files.write(folder.resolve("given.crl"), bytes);
    RevocationLists given = new RevocationLists(folder);
    try {
      given.readFirst();
    } catch (IOException refused) {
      assertThat(refused).hasMessageContaining("given.crl");
      REACHED.add("no list");
      return;
    }
    assertThat(given.lists()).isNotEmpty();
    assertThat(given.read()).as("another list than before").isFalse();
    List<X509CRL> all = new ArrayList<>(given.lists());
    all.add(LIST);
    assertThat(AUTHORITY.vouchesFor(List.of(REVOKED), NOW, all)).isFalse();
    List<X509Certificate> below = List.of(BELOW, BETWEEN);
    if (given.lists().stream().noneMatch(AUTHORITY::signed)) {
      assertThat(AUTHORITY.vouchesFor(List.of(LEAF), NOW, all)).isTrue();
      REACHED.add("a list of others");
    } else {
      boolean counts = AUTHORITY.vouchesFor(List.of(LEAF), NOW, given.lists());
      assertThat(counts || !AUTHORITY.vouchesFor(below, NOW, given.lists())).isTrue();
      REACHED.add("a list of its own");
    }
  }

  /** One after the other, as far as they say where they end; what is left is one more. */
  private static List<byte[]> ders(byte[] bytes) {
    List<byte[]> ders = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int end = bytes.length;
      if (at + 4 <= bytes.length && bytes[at] == 0x30 && bytes[at + 1] == (byte) 0x82) {
        int length = (Byte.toUnsignedInt(bytes[at + 2]) << 8) | Byte.toUnsignedInt(bytes[at + 3]);
        end = Math.min(bytes.length, at + 4 + length);
      }
      ders.add(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return ders;
  }

  /** Null where the other reader minds what means nothing here, in the subject say. */
  private static @Nullable Certificate plain(byte[] der) {
    try {
      return Certificate.getInstance(der);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static Set<String> names(Certificate certificate) {
    Set<String> names = new LinkedHashSet<>();
    GeneralNames all =
        GeneralNames.fromExtensions(
            certificate.getTBSCertificate().getExtensions(), Extension.subjectAlternativeName);
    for (GeneralName name : all.getNames()) {
      switch (name.getTagNo()) {
        case GeneralName.rfc822Name -> names.add("email:" + text(name));
        case GeneralName.dNSName -> names.add("dns:" + text(name));
        case GeneralName.uniformResourceIdentifier -> names.add("uri:" + text(name));
        default -> {}
      }
    }
    return names;
  }

  private static String text(GeneralName name) {
    return ((ASN1String) name.getName()).getString();
  }

  private static X509Certificate certificate(String name) {
    try (InputStream file = open(name)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(file);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static X509CRL list() {
    try (InputStream file = open("list")) {
      return (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(file);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String name) {
    try (InputStream file = open(name)) {
      return new String(file.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream open(String name) {
    return Objects.requireNonNull(
        CertificateFuzz.class.getResourceAsStream("certificates/" + name + ".pem"));
  }
}
