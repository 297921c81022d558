package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Caller;
import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.Directory.KnownCertificate;
import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Wish;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an administrator comes in by stays the administrator's, whatever is done by others who
 * manage client authorities: a certificate with the names of two users stands for neither (ADR 31).
 */
class AdministratorsCertificatesTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-01-10T00:00:00Z");
  private static final TestPki ROOT = new TestPki("CN=root", FROM, UNTIL);
  private static final TestPki OURS = ROOT.below("CN=ours", FROM, UNTIL);
  private static final TestPki BELOW = OURS.below("CN=below", FROM, UNTIL);
  private static final TestPki THEIRS = new TestPki("CN=theirs", FROM, UNTIL);
  private static final String ADMINISTRATOR = "email:root@corp.example";
  private static final String LAPTOP = "dns:laptop.corp.example";

  /** The administrator's, with a name of its own and one that nobody was given. */
  private static final List<X509Certificate> CHAIN =
      BELOW.issue(Wish.client(FROM, UNTIL, ADMINISTRATOR, LAPTOP)).chain();

  @TempDir private Path directory;
  private Household household;
  private ClientAuthorities authorities;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    authorities = household.clientAuthorities();
    household.allow(BOB, "iam:identityProviders:manage", "*");
    authorities.put(alice(), "good", OURS.pem(), null);
  }

  @AfterEach
  void close() {
    household.close();
  }

  private Caller alice() {
    return household.caller(ALICE);
  }

  private Caller bob() {
    return household.caller(BOB);
  }

  private void givesTheAdministratorsName() {
    authorities.map(alice(), "good", ADMINISTRATOR, ALICE);
  }

  private List<KnownCertificate> known(List<X509Certificate> chain) {
    return household.identities.certificate(ClientCertificate.of(chain).orElseThrow());
  }

  private void standsForTheAdministrator() {
    household.identities.certificatesChanged();
    assertThat(known(CHAIN)).extracting(known -> known.principal().user()).containsExactly(ALICE);
  }

  private static void isRefused(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KmsException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.NotAllowed.class));
  }

  @Test
  void onlyAdministratorsGiveAnAdministratorsNameInWhateverAuthority() {
    givesTheAdministratorsName();
    authorities.map(alice(), "good", "ip:2001:db8::1", ALICE);
    authorities.put(bob(), "evil", OURS.pem(), null);
    authorities.put(bob(), "apart", THEIRS.pem(), null);
    for (String authority : List.of("evil", "apart")) {
      isRefused(() -> authorities.map(bob(), authority, ADMINISTRATOR, BOB));
      isRefused(() -> authorities.map(bob(), authority, "ip:2001:DB8:0::1", BOB));
    }
    standsForTheAdministrator();
    authorities.map(alice(), "apart", ADMINISTRATOR, BOB);
  }

  @Test
  void onlyAdministratorsGiveNamesBesideAnAdministrators() {
    givesTheAdministratorsName();
    isRefused(() -> authorities.map(bob(), "good", LAPTOP, BOB));
    standsForTheAdministrator();
    authorities.map(alice(), "good", "dns:web.example.com", BOB);
  }

  @Test
  void onlyAdministratorsGiveNamesInAnAuthorityThatVouchesForTheSameCertificates() {
    givesTheAdministratorsName();
    List<String> vouching =
        List.of(
            OURS.pem(), TestPki.pem(THEIRS.certify(OURS, FROM, UNTIL)), ROOT.pem(), BELOW.pem());
    for (String pem : vouching) {
      authorities.put(bob(), "evil", pem, null);
      isRefused(() -> authorities.map(bob(), "evil", LAPTOP, BOB));
      standsForTheAdministrator();
    }
    authorities.map(alice(), "evil", "dns:web.example.com", BOB);
  }

  @Test
  void anAuthorityWithNamesDoesNotBecomeOneThatVouchesForTheSameCertificates() {
    givesTheAdministratorsName();
    authorities.put(bob(), "evil", THEIRS.pem(), null);
    authorities.map(bob(), "evil", LAPTOP, BOB);
    for (String pem : List.of(OURS.pem(), ROOT.pem(), BELOW.pem())) {
      isRefused(() -> authorities.put(bob(), "evil", pem, null));
    }
    standsForTheAdministrator();
    authorities.put(bob(), "evil", new TestPki("CN=theirs", FROM, UNTIL).pem(), null);
  }

  @Test
  void anAuthorityWithNamesIsNotStartedAgainBesideAnAdministrators() {
    authorities.put(bob(), "evil", OURS.pem(), null);
    authorities.map(bob(), "evil", LAPTOP, BOB);
    givesTheAdministratorsName();
    authorities.put(bob(), "evil", null, false);
    standsForTheAdministrator();
    isRefused(() -> authorities.put(bob(), "evil", null, true));
    authorities.put(alice(), "evil", null, true);
  }

  /** It would end in the middle of what is kept of it, and anew as often as somebody changes it. */
  @Test
  void aCertificateDoesNotEndWithAnAuthorityThatNamesNobody() {
    givesTheAdministratorsName();
    Instant soon = household.now.plusSeconds(2);
    authorities.put(bob(), "evil", TestPki.pem(THEIRS.certify(OURS, FROM, soon)), null);
    assertThat(known(CHAIN)).extracting(KnownCertificate::notAfter).containsExactly(UNTIL);
  }

  @Test
  void otherNamesInOtherAuthoritiesAreGivenByWhoeverManagesThem() {
    givesTheAdministratorsName();
    authorities.put(bob(), "apart", THEIRS.pem(), null);
    authorities.map(bob(), "apart", LAPTOP, BOB);
    assertThat(known(THEIRS.issue(Wish.client(FROM, UNTIL, LAPTOP)).chain()))
        .extracting(known -> known.principal().user())
        .containsExactly(BOB);
    standsForTheAdministrator();
  }
}
