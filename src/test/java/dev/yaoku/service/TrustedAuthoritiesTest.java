package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Wish;
import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.store.Rights;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Set;
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

  private Set<String> near(TestPki issuer) {
    return trusted.near(client(issuer));
  }

  @Test
  void aCertificateIsHeldAgainstTheAccountsThatKnowItsIssuersName() {
    assertThat(near(OURS)).containsExactly(ACCOUNT);
    assertThat(near(THEIRS)).containsExactly(OTHER_ACCOUNT);
    assertThat(near(new TestPki("CN=strange", FROM, UNTIL))).isEmpty();
  }

  @Test
  void soItIsWhereACertificateThatWasSentBesideItHasTheName() {
    TestPki last = THEIRS.below("CN=last", FROM, UNTIL);
    assertThat(near(last)).containsExactly(OTHER_ACCOUNT);
    assertThat(trusted.near(client(last).subList(0, 1))).isEmpty();
  }

  @Test
  void theNamesOfAuthoritiesThatAreStoppedCountForNothing() {
    assertThat(counting()).containsExactly("lower", "upper");
    authorities.put(household.caller(ALICE), "lower", null, false);
    trusted.changed();
    assertThat(counting()).containsExactly("upper");
    assertThat(near(OURS)).containsExactly(ACCOUNT);
    assertThat(trusted.near(client(BETWEEN).subList(0, 1))).isEmpty();
    assertThat(trusted.all()).hasSize(3);
  }

  @Test
  void thoseOfAdministratorsComeFirst() {
    household.allow(BOB, "iam:identityProviders:manage", "*");
    authorities.put(household.caller(BOB), "his", THEIRS.pem(), null);
    authorities.put(household.caller(ALICE), "more", THEIRS.pem(), null);
    assertThat(counting()).containsExactly("lower", "more", "upper", "his");
  }

  private List<String> counting() {
    return household.store.read(tx -> TrustedAuthorities.counting(tx, ACCOUNT)).stream()
        .map(Rights.ClientCa::name)
        .toList();
  }

  @Test
  void whatIsStillThereIsNotReadAgain() {
    List<CertificateAuthority> before = trusted.all();
    authorities.put(
        household.caller(ALICE), "more", new TestPki("CN=more", FROM, UNTIL).pem(), null);
    assertThat(trusted.all()).hasSize(3);
    trusted.changed();
    assertThat(trusted.all()).hasSize(4).containsAll(before);
    Rights.ClientCa row =
        household.store.read(tx -> tx.rights().clientCa(ACCOUNT, "upper")).orElseThrow();
    assertThat(before).contains(trusted.authority(row).orElseThrow());
  }

  @Test
  void whatOthersChangedIsSeenAfterTenSeconds() {
    List<X509Certificate> alone = client(BETWEEN).subList(0, 1);
    assertThat(trusted.near(alone)).containsExactly(ACCOUNT);
    authorities.remove(household.caller(ALICE), "lower");
    household.now = household.now.plusSeconds(10);
    assertThat(trusted.near(alone)).isEmpty();
  }
}
