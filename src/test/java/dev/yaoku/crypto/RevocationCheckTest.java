package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Issued;
import dev.yaoku.access.TestPki.Wish;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.ReasonFlags;
import org.junit.jupiter.api.Test;

/** What lists of revoked certificates mean for certificates of their issuer (RFC 5280, 6.3). */
class RevocationCheckTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant BEFORE = NOW.minus(Duration.ofDays(1));
  private static final Instant AFTER = NOW.plus(Duration.ofDays(1));
  private static final Instant LATER = NOW.plus(Duration.ofDays(30));

  private static final TestPki PKI = new TestPki("CN=ours", BEFORE, LATER);
  private static final CertificateAuthority CA = CertificateAuthority.read(PKI.pem()).orElseThrow();

  private static Issued client(String... names) {
    return PKI.issue(Wish.client(BEFORE, AFTER, names));
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

  /** Somebody's clock is wrong, as with signatures of requests by up to a quarter of an hour. */
  @Test
  void aListOfTheFutureIsNotTheCurrentOne() {
    Issued issued = client("dns:a");
    X509CRL soon = PKI.revoking(NOW.plus(Duration.ofMinutes(15)), AFTER);
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(soon))).isTrue();
    X509CRL later = PKI.revoking(NOW.plus(Duration.ofMinutes(16)), AFTER);
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(later))).isFalse();
    X509CRL current = PKI.revoking(BEFORE, AFTER);
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(later, current))).isTrue();
    X509CRL revoking = PKI.revoking(AFTER, LATER, issued.leaf());
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(revoking, current))).isFalse();
  }

  private static Extension scope(boolean users, boolean authorities) {
    return TestPki.extension(
        Extension.issuingDistributionPoint,
        true,
        new IssuingDistributionPoint(null, users, authorities, null, false, false));
  }

  private static Extension place(String uri) {
    GeneralName name = new GeneralName(GeneralName.uniformResourceIdentifier, uri);
    return TestPki.extension(
        Extension.issuingDistributionPoint,
        true,
        new IssuingDistributionPoint(
            new DistributionPointName(new GeneralNames(name)), false, false, null, false, false));
  }

  /**
   * What a complete list is out of date about, no other kind of list makes good (RFC 5280, 5.2).
   */
  @Test
  void onlyACompleteListReplacesOneThatIsOutOfDate() {
    Issued issued = client("dns:a");
    Issued revoked = client("dns:b");
    X509CRL old = PKI.revoking(BEFORE, NOW.minusSeconds(1));
    ASN1Integer one = new ASN1Integer(1);
    for (Extension partial :
        List.of(
            TestPki.extension(Extension.deltaCRLIndicator, true, one),
            TestPki.extension(Extension.deltaCRLIndicator, false, one),
            scope(true, false),
            scope(false, true),
            TestPki.extension(
                Extension.issuingDistributionPoint,
                true,
                new IssuingDistributionPoint(null, false, false, null, true, false)),
            TestPki.extension(
                Extension.issuingDistributionPoint,
                true,
                new IssuingDistributionPoint(null, false, false, null, false, true)),
            TestPki.extension(
                Extension.issuingDistributionPoint,
                true,
                new IssuingDistributionPoint(
                    null, false, false, new ReasonFlags(ReasonFlags.keyCompromise), false, false)),
            place("http://crl.example.com/other"),
            TestPki.extension(new ASN1ObjectIdentifier("1.2.3.4.5"), true, one))) {
      X509CRL fresh = PKI.revoking(BEFORE, AFTER, List.of(partial), revoked.leaf());
      assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(old, fresh)))
          .as(partial.getExtnId() + " beside an old one")
          .isFalse();
      X509CRL complete = PKI.revoking(BEFORE, AFTER);
      assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(complete, fresh)))
          .as(partial.getExtnId() + " beside a fresh one")
          .isTrue();
      assertThat(CA.vouchesFor(revoked.chain(), NOW, List.of(complete, fresh)))
          .as(partial.getExtnId() + " that revokes it")
          .isFalse();
    }
  }

  @Test
  void aListThatSaysWhereItIsFetchedIsCompleteAndOthersMayBe() {
    Issued issued = client("dns:a");
    List<Extension> there = List.of(place("http://crl.example.com/1"));
    X509CRL fresh = PKI.revoking(BEFORE, AFTER, there);
    X509CRL old = PKI.revoking(BEFORE, NOW.minusSeconds(1), there);
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(fresh))).isTrue();
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(fresh, old))).isTrue();
    List<Extension> elsewhere = List.of(place("http://crl.example.com/2"));
    X509CRL other = PKI.revoking(BEFORE, NOW.minusSeconds(1), elsewhere);
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(fresh, other))).isFalse();
    Extension number = TestPki.extension(Extension.cRLNumber, false, new ASN1Integer(7));
    X509CRL numbered = PKI.revoking(BEFORE, AFTER, List.of(number));
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(numbered))).isTrue();
  }

  @Test
  void listsThatOthersSignedMeanNothing() {
    Issued issued = client("dns:a");
    TestPki namesake = new TestPki("CN=ours", BEFORE, LATER);
    X509CRL forged = namesake.revoking(BEFORE, AFTER, issued.leaf());
    assertThat(CA.vouchesFor(issued.chain(), NOW, List.of(forged))).isTrue();
  }
}
