package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Issued;
import dev.yaoku.access.TestPki.Wish;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant BEFORE = NOW.minus(Duration.ofDays(1));
  private static final Instant AFTER = NOW.plus(Duration.ofDays(1));
  private static final Instant LATER = NOW.plus(Duration.ofDays(30));

  private static final TestPki PKI = new TestPki("CN=ours", BEFORE, LATER);
  private static final CertificateAuthority CA = CertificateAuthority.read(PKI.pem()).orElseThrow();

  private static Issued client(String... names) {
    return PKI.issue(Wish.client(BEFORE, AFTER, names));
  }

  private static boolean vouches(Issued issued) {
    return CA.vouchesFor(issued.chain(), NOW, List.of());
  }

  /** Whoever makes a key could make one with which each signature takes long to check. */
  @Test
  void rsaKeysHaveShortExponentsAndAreNotTooLong() throws Exception {
    BigInteger usual = BigInteger.valueOf(65_537);
    BigInteger longest = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    BigInteger tooLong = BigInteger.TWO.pow(64).add(BigInteger.ONE);
    assertThat(isTaken(TestPki.rsa(2048, usual))).isTrue();
    assertThat(isTaken(TestPki.rsa(2048, longest))).isTrue();
    assertThat(isTaken(TestPki.rsa(2048, tooLong))).isFalse();
    assertThat(isTaken(TestPki.rsa(8192, usual))).isTrue();
    assertThat(isTaken(TestPki.rsa(8200, usual))).isFalse();
    assertThat(isTaken(TestPki.rsa(2040, usual))).isFalse();
  }

  /** Whether it can be a client's key and an authority's; if one of them, then both. */
  private static boolean isTaken(PublicKey key) {
    PrivateKey unused = client().key();
    boolean ofClient = vouches(PKI.issue(Wish.client(BEFORE, AFTER), new KeyPair(key, unused)));
    String authority = TestPki.pem(PKI.certify("CN=other", key, BEFORE, AFTER));
    assertThat(CertificateAuthority.read(authority).isPresent()).isEqualTo(ofClient);
    return ofClient;
  }

  @Test
  void itVouchesForItsOwn() {
    assertThat(vouches(client("dns:web.example.com"))).isTrue();
    TestPki between = PKI.below("CN=between", BEFORE, AFTER);
    assertThat(vouches(between.issue(Wish.client(BEFORE, AFTER)))).isTrue();
  }

  /**
   * A client may send what leads further up, what has nothing to do with it, and all in disorder.
   */
  @Test
  void whatIsSentBesideTheWayToTheAuthorityIsPassedOver() {
    TestPki between = PKI.below("CN=between", BEFORE, AFTER);
    TestPki last = between.below("CN=last", BEFORE, AFTER);
    X509Certificate leaf = last.issue(Wish.client(BEFORE, AFTER)).leaf();
    X509Certificate unrelated = new TestPki("CN=unrelated", BEFORE, LATER).certificate();
    X509Certificate namesake = new TestPki("CN=last", BEFORE, LATER).certificate();
    X509Certificate first = between.certificate();
    X509Certificate second = last.certificate();
    CertificateAuthority lower = CertificateAuthority.read(between.pem()).orElseThrow();
    for (List<X509Certificate> sent :
        List.of(
            List.of(leaf, second, first),
            List.of(leaf, second, first, PKI.certificate()),
            List.of(leaf, first, second),
            List.of(leaf, second, second, first),
            List.of(leaf, unrelated, second, first),
            List.of(leaf, namesake, second, first),
            List.of(leaf, namesake, leaf, PKI.certificate(), first, second))) {
      assertThat(CA.vouchesFor(sent, NOW, List.of())).as(sent.size() + " sent").isTrue();
      assertThat(lower.vouchesFor(sent, NOW, List.of())).as(sent.size() + " sent").isTrue();
    }
    assertThat(CA.vouchesFor(List.of(leaf, second), NOW, List.of())).isFalse();
    assertThat(CA.vouchesFor(List.of(second, leaf, first), NOW, List.of())).isFalse();
  }

  @Test
  void anAuthorityThatTwoCertifyIsOfBoth() {
    TestPki other = new TestPki("CN=other", BEFORE, LATER);
    TestPki between = other.below("CN=between", BEFORE, AFTER);
    Issued issued = between.issue(Wish.client(BEFORE, AFTER));
    List<X509Certificate> sent = new ArrayList<>(issued.chain());
    sent.add(PKI.certify(between, BEFORE, NOW.minusSeconds(1)));
    assertThat(CA.vouchesFor(sent, NOW, List.of())).isFalse();
    sent.add(PKI.certify(between, BEFORE, AFTER));
    assertThat(CA.vouchesFor(sent, NOW, List.of())).isTrue();
    CertificateAuthority others = CertificateAuthority.read(other.pem()).orElseThrow();
    assertThat(others.vouchesFor(sent, NOW, List.of())).isTrue();
  }

  private static boolean vouches(TestPki authority, Issued issued) {
    return CertificateAuthority.read(authority.pem())
        .orElseThrow()
        .vouchesFor(issued.chain(), NOW, List.of());
  }

  /** RFC 5280, section 4.2.1.10; PKIX alone would not look at those of an anchor. */
  @Test
  void anAuthorityKeepsToTheNamesThatItMayCertify() {
    GeneralName shop = new GeneralName(GeneralName.dNSName, "shop.example.com");
    Extension names =
        TestPki.extension(
            Extension.nameConstraints,
            true,
            new NameConstraints(new GeneralSubtree[] {new GeneralSubtree(shop)}, null));
    TestPki root = new TestPki("CN=limited", BEFORE, LATER, names);
    TestPki lower = PKI.below("CN=limited", BEFORE, LATER, names);
    for (TestPki limited : List.of(root, lower)) {
      TestPki below = limited.below("CN=below the limited one", BEFORE, LATER);
      for (TestPki issuer : List.of(limited, below)) {
        Wish inside = Wish.client(BEFORE, AFTER, "dns:a.shop.example.com");
        assertThat(vouches(limited, issuer.issue(inside))).isTrue();
        Wish outside = Wish.client(BEFORE, AFTER, "dns:web.example.com");
        assertThat(vouches(limited, issuer.issue(outside))).isFalse();
        Wish both = Wish.client(BEFORE, AFTER, "dns:shop.example.com", "dns:web.example.com");
        assertThat(vouches(limited, issuer.issue(both))).isFalse();
      }
    }
  }

  @Test
  void anAuthorityKeepsToTheLengthOfPathThatItMayHave() {
    Extension none = TestPki.extension(Extension.basicConstraints, true, new BasicConstraints(0));
    TestPki limited = new TestPki("CN=limited", BEFORE, LATER, none);
    assertThat(vouches(limited, limited.issue(Wish.client(BEFORE, AFTER)))).isTrue();
    TestPki below = limited.below("CN=below", BEFORE, LATER);
    assertThat(vouches(limited, below.issue(Wish.client(BEFORE, AFTER)))).isFalse();
    TestPki renewed = limited.below("CN=limited", BEFORE, LATER);
    assertThat(vouches(limited, renewed.issue(Wish.client(BEFORE, AFTER))))
        .as("a self-issued certificate does not count (RFC 5280, section 4.2.1.9)")
        .isTrue();
  }

  @Test
  void anAuthorityForServersIssuesNoneForClients() {
    Extension servers =
        TestPki.extension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    TestPki between = PKI.below("CN=between", BEFORE, AFTER, servers);
    assertThat(vouches(between.issue(Wish.client(BEFORE, AFTER)))).isFalse();
    String root = new TestPki("CN=for servers", BEFORE, LATER, servers).pem();
    assertThat(CertificateAuthority.read(root)).isEmpty();
    Extension clients =
        TestPki.extension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
    TestPki forClients = PKI.below("CN=between", BEFORE, AFTER, clients);
    assertThat(vouches(forClients.issue(Wish.client(BEFORE, AFTER)))).isTrue();
  }

  /** Whoever can make two contents of one digest could have the harmless one certified. */
  @Test
  void whatIsSignedWithABrokenDigestProvesNothing() {
    for (TestPki.Signing signing : TestPki.Signing.values()) {
      TestPki pki = new TestPki(signing, "CN=ours", BEFORE, LATER);
      boolean sound = !signing.name().endsWith("SHA1");
      assertThat(vouches(pki, pki.issue(Wish.client(BEFORE, AFTER))))
          .as(signing + "")
          .isEqualTo(sound);
      TestPki between = pki.below("CN=between", BEFORE, AFTER);
      Issued below = between.issue(Wish.client(BEFORE, AFTER));
      assertThat(vouches(pki, below)).as(signing + " above").isEqualTo(sound);
      assertThat(vouches(between, below)).as(signing + " further up").isTrue();
    }
  }

  @Test
  void itVouchesForNobodyElses() {
    TestPki namesake = new TestPki("CN=ours", BEFORE, LATER);
    Issued forged = namesake.issue(Wish.client(BEFORE, AFTER, "dns:web.example.com"));
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
            "ip:192.0.2.1",
            "ip:2001:db8::1");
    assertThat(ClientCertificate.of(issued.chain()).orElseThrow().names())
        .containsExactly(
            "dns:web.example.com",
            "uri:spiffe://example.com/web",
            "email:a@example.com",
            "ip:192.0.2.1",
            "ip:2001:db8::1");
    assertThat(ClientCertificate.of(client().chain()).orElseThrow().names()).isEmpty();
  }
}
