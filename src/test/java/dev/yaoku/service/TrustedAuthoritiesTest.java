package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Wish;
import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.service.TrustedAuthorities.Trusted;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which authorities a certificate that anybody shows is held against. */
class TrustedAuthoritiesTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-01-10T00:00:00Z");
  private static final TestPki OURS = new TestPki("CN=ours", FROM, UNTIL);
  private static final TestPki THEIRS = new TestPki("CN=theirs", FROM, UNTIL);
  private static final TestPki BETWEEN = OURS.below("CN=between", FROM, UNTIL);

  @TempDir private Path directory;
  private Household household;
  private ClientAuthorities authorities;
  private TrustedAuthorities trusted;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    authorities = household.clientAuthorities();
    trusted = new TrustedAuthorities(household.store, household.clock);
    authorities.put(household.caller(ALICE), "upper", OURS.pem(), null);
    authorities.put(household.caller(ALICE), "lower", BETWEEN.pem(), null);
    authorities.put(household.caller(CAROL), "theirs", THEIRS.pem(), null);
  }

  @AfterEach
  void close() {
    household.close();
  }

  private static List<X509Certificate> client(TestPki pki) {
    return pki.issue(Wish.client(FROM, UNTIL)).chain();
  }

  private Map<String, List<Trusted>> near(TestPki issuer) {
    return trusted.near(client(issuer));
  }

  private List<String> names(TestPki issuer) {
    return near(issuer).values().stream()
        .flatMap(List::stream)
        .map(one -> one.row().name())
        .toList();
  }

  @Test
  void aCertificateIsHeldAgainstTheAccountsThatKnowItsIssuersName() {
    assertThat(names(OURS)).containsExactlyInAnyOrder("upper", "lower");
    assertThat(names(THEIRS)).containsExactly("theirs");
    assertThat(near(OURS)).hasSize(1).doesNotContainKeys(near(THEIRS).keySet().iterator().next());
    assertThat(near(new TestPki("CN=strange", FROM, UNTIL))).isEmpty();
  }

  @Test
  void soItIsWhereACertificateThatWasSentBesideItHasTheName() {
    TestPki last = THEIRS.below("CN=last", FROM, UNTIL);
    assertThat(names(last)).containsExactly("theirs");
    assertThat(trusted.near(client(last).subList(0, 1))).isEmpty();
  }

  @Test
  void theNamesOfAuthoritiesThatAreStoppedCountForNothing() {
    authorities.put(household.caller(ALICE), "lower", null, false);
    trusted.changed();
    assertThat(names(OURS)).containsExactly("upper");
    assertThat(trusted.near(client(BETWEEN).subList(0, 1))).isEmpty();
    assertThat(trusted.all()).hasSize(3);
  }

  @Test
  void whatIsStillThereIsNotReadAgain() {
    CertificateAuthority before = only(near(THEIRS));
    authorities.put(household.caller(ALICE), "more", THEIRS.pem(), null);
    assertThat(names(THEIRS)).containsExactly("theirs");
    trusted.changed();
    assertThat(near(THEIRS)).hasSize(2);
    assertThat(near(THEIRS).values().stream().flatMap(List::stream).map(Trusted::ca))
        .contains(before);
  }

  @Test
  void whatOthersChangedIsSeenAfterTenSeconds() {
    assertThat(names(BETWEEN)).hasSize(2);
    authorities.remove(household.caller(ALICE), "lower");
    household.now = household.now.plusSeconds(10);
    assertThat(names(BETWEEN)).containsExactly("upper");
  }

  private static CertificateAuthority only(Map<String, List<Trusted>> near) {
    return near.values().iterator().next().getFirst().ca();
  }
}
