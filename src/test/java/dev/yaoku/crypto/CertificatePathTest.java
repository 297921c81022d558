package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Wish;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever else is at hand, the way that is there is found (SECURITY_DESIGN H16). */
class CertificatePathTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-01-10T00:00:00Z");

  private static final TestPki OURS = new TestPki("CN=ours", FROM, UNTIL);
  private static final TestPki UPPER = OURS.below("CN=i2", FROM, UNTIL);
  private static final TestPki LOWER = UPPER.below("CN=i1", FROM, UNTIL);

  /** Of the same name as ours, with another key. */
  private static final TestPki FALSE = new TestPki("CN=ours", FROM, UNTIL);

  private static final CertificateAuthority CA =
      CertificateAuthority.read(OURS.pem()).orElseThrow();
  private static final List<X509Certificate> CHAIN =
      LOWER.issue(Wish.client(FROM, UNTIL, "dns:web.example.com")).chain();

  @Test
  void whatAnAccountTrustsBesideTakesNoWayAwayThatTheClientSends() {
    assertThat(CA.vouchesFor(CHAIN, misleading(9), NOW, List.of())).isTrue();
  }

  @Test
  void whatAClientSendsTakesNoWayAwayThatTheAccountKnows() {
    List<X509Certificate> sent = new ArrayList<>(List.of(CHAIN.getFirst()));
    sent.addAll(misleading(9));

    List<X509Certificate> known = CHAIN.subList(1, CHAIN.size());
    assertThat(CA.vouchesFor(sent, known, NOW, List.of())).isTrue();
  }

  @Test
  void aWayMayLeadThroughWhatIsSentAndWhatIsKnown() {
    List<X509Certificate> leafAndLower = CHAIN.subList(0, 2);
    assertThat(CA.vouchesFor(leafAndLower, NOW, List.of())).isFalse();
    assertThat(CA.vouchesFor(leafAndLower, CHAIN.subList(2, 3), NOW, List.of())).isTrue();
  }

  /** Certificates of the lower one's key that do not lead to ours, though they say so. */
  private static List<X509Certificate> misleading(int count) {
    List<X509Certificate> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(FALSE.certify(LOWER, FROM, UNTIL));
    }
    return all;
  }
}
