package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Issued;
import dev.yaoku.access.TestPki.Wish;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant BEFORE = NOW.minus(Duration.ofDays(1));
  private static final Instant AFTER = NOW.plus(Duration.ofDays(1));
  private static final Instant LATER = NOW.plus(Duration.ofDays(30));

  private static final TestPki PKI = new TestPki("CN=ours", BEFORE, LATER);
  private static final CertificateAuthority CA = CertificateAuthority.read(PKI.pem()).orElseThrow();

  @TempDir Path folder;

  private static Issued client(String... names) {
    return PKI.issue(Wish.client(BEFORE, AFTER, names));
  }

  private static boolean vouches(Issued issued) {
    return CA.vouchesFor(issued.chain(), NOW, List.of());
  }

  @Test
  void itVouchesForItsOwn() {
    assertThat(vouches(client("dns:web.example.com"))).isTrue();
    TestPki between = PKI.below("CN=between", BEFORE, AFTER);
    assertThat(vouches(between.issue(Wish.client(BEFORE, AFTER)))).isTrue();
  }

  @Test
  void itVouchesForNobodyElses() {
    TestPki namesake = new TestPki("CN=ours", BEFORE, LATER);
    Issued forged = namesake.issue(Wish.client(BEFORE, AFTER, "dns:web.example.com"));
    assertThat(CA.isNamedIn(forged.chain())).isTrue();
    assertThat(vouches(forged)).isFalse();
    assertThat(vouches(new Issued(List.of(namesake.certificate()), forged.key()))).isFalse();
    assertThat(CA.vouchesFor(List.of(PKI.certificate()), NOW, List.of())).isFalse();
    assertThat(CA.vouchesFor(List.of(), NOW, List.of())).isFalse();
  }

  @Test
  void aCertificateOfOursIssuesNone() {
    Issued leaf = client("dns:web.example.com");
    TestPki impostor = new TestPki("CN=somebody", BEFORE, LATER);
    Issued below = impostor.issue(Wish.client(BEFORE, AFTER));
    assertThat(CA.vouchesFor(List.of(below.leaf(), leaf.leaf()), NOW, List.of())).isFalse();
  }

  @Test
  void everyCertificateHasItsTime() {
    assertThat(vouches(PKI.issue(Wish.client(AFTER, LATER)))).isFalse();
    assertThat(vouches(PKI.issue(Wish.client(BEFORE, NOW.minusSeconds(1))))).isFalse();
    TestPki ended = new TestPki("CN=ended", BEFORE, NOW.minusSeconds(1));
    Issued alive = ended.issue(Wish.client(BEFORE, AFTER));
    CertificateAuthority past = CertificateAuthority.read(ended.pem()).orElseThrow();
    assertThat(past.vouchesFor(alive.chain(), NOW, List.of())).isFalse();
    assertThat(past.vouchesFor(alive.chain(), NOW.minusSeconds(3600), List.of())).isTrue();
    TestPki between = PKI.below("CN=between", BEFORE, NOW.minusSeconds(1));
    assertThat(vouches(between.issue(Wish.client(BEFORE, AFTER)))).isFalse();
  }

  @Test
  void certificatesForServersAreNotForClients() {
    assertThat(vouches(PKI.issue(Wish.server(BEFORE, AFTER, "dns:web.example.com")))).isFalse();
  }

  @Test
  void revokedCertificatesAreRefused() {
    Issued revoked = client("dns:a");
    Issued other = client("dns:b");
    List<X509CRL> lists = List.of(PKI.revoking(BEFORE, AFTER, revoked.leaf()));
    assertThat(CA.vouchesFor(revoked.chain(), NOW, lists)).isFalse();
    assertThat(CA.vouchesFor(other.chain(), NOW, lists)).isTrue();
    TestPki between = PKI.below("CN=between", BEFORE, AFTER);
    Issued below = between.issue(Wish.client(BEFORE, AFTER));
    assertThat(CA.vouchesFor(below.chain(), NOW, lists)).isTrue();
    List<X509CRL> both = List.of(PKI.revoking(BEFORE, AFTER, between.certificate()));
    assertThat(CA.vouchesFor(below.chain(), NOW, both)).isFalse();
  }

  @Test
  void aListThatIsOutOfDateRefusesAll() {
    Issued issued = client("dns:a");
    X509CRL old = PKI.revoking(BEFORE, NOW.minusSeconds(1));
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(old))).isFalse();
    X509CRL fresh = PKI.revoking(BEFORE, AFTER);
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(old, fresh))).isTrue();
  }

  @Test
  void listsThatOthersSignedMeanNothing() {
    Issued issued = client("dns:a");
    TestPki namesake = new TestPki("CN=ours", BEFORE, LATER);
    X509CRL forged = namesake.revoking(BEFORE, AFTER, issued.leaf());
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(forged))).isTrue();
  }

  @Test
  void listsAreReadAgainFromTheirFolder() throws IOException, GeneralSecurityException {
    RevocationLists lists = new RevocationLists(folder);
    assertThat(lists.read()).isFalse();
    Issued issued = client("dns:a");
    X509CRL list = PKI.revoking(BEFORE, AFTER, issued.leaf());
    Files.writeString(folder.resolve("a.pem"), TestPki.pem("X509 CRL", list.getEncoded()));
    assertThat(lists.read()).isTrue();
    assertThat(lists.read()).isFalse();
    assertThat(CA.vouchesFor(issued.chain(), NOW, lists.lists())).isFalse();

    Files.writeString(folder.resolve("b.crl"), "this is no list");
    assertThat(lists.read()).isFalse();
    assertThat(CA.vouchesFor(issued.chain(), NOW, lists.lists())).isFalse();
  }

  @Test
  void theFirstReadingFailsWhereThereIsNothingToKeep()
      throws IOException, GeneralSecurityException {
    assertThatThrownBy(() -> new RevocationLists(folder.resolve("none")).readFirst())
        .hasMessage("there is no folder " + folder.resolve("none"));
    RevocationLists lists = new RevocationLists(folder);
    lists.readFirst();
    for (String noList : List.of("this is no list", "", TestPki.pem(client("dns:a").leaf()))) {
      Files.writeString(folder.resolve("a.crl"), noList);
      assertThatThrownBy(lists::readFirst)
          .as(noList)
          .isInstanceOf(IOException.class)
          .hasMessage(folder.resolve("a.crl") + " is no list of revoked certificates");
    }
    Files.write(folder.resolve("a.crl"), PKI.revoking(BEFORE, AFTER).getEncoded());
    lists.readFirst();
    assertThat(lists.lists()).hasSize(1);
  }

  @Test
  void aListThatIsBeingWrittenAnewOrWhoseFolderIsGoneStaysInForce()
      throws IOException, GeneralSecurityException {
    RevocationLists lists = new RevocationLists(folder);
    Files.write(folder.resolve("a.crl"), PKI.revoking(BEFORE, AFTER).getEncoded());
    lists.readFirst();

    Files.write(folder.resolve("a.crl"), new byte[0]);
    assertThat(lists.read()).isFalse();
    assertThat(lists.lists()).hasSize(1);
    Files.delete(folder.resolve("a.crl"));
    Files.delete(folder);
    assertThat(lists.read()).isFalse();
    assertThat(lists.lists()).hasSize(1);
  }

  @Test
  void whatIsNoAuthorityIsNotRead() {
    String leaf = TestPki.pem(client("dns:a").leaf());
    assertThat(CertificateAuthority.read(leaf)).isEmpty();
    assertThat(CertificateAuthority.read("")).isEmpty();
    assertThat(CertificateAuthority.read("no PEM")).isEmpty();
    assertThat(CertificateAuthority.read(PKI.pem() + PKI.pem())).isEmpty();
    assertThat(CertificateAuthority.read(PKI.pem() + " ".repeat(20_000))).isEmpty();
  }

  @Test
  void namesCarryTheirKind() {
    Issued issued =
        client(
            "dns:web.example.com",
            "uri:spiffe://example.com/web",
            "email:a@example.com",
            "ip:192.0.2.1");
    assertThat(ClientCertificate.of(issued.chain()).orElseThrow().names())
        .containsExactly(
            "dns:web.example.com",
            "uri:spiffe://example.com/web",
            "email:a@example.com",
            "ip:192.0.2.1");
    assertThat(ClientCertificate.of(client().chain()).orElseThrow().names()).isEmpty();
  }
}
