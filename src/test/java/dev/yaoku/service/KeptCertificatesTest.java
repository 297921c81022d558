package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.TrustedCertificates.FROM;
import static dev.yaoku.service.TrustedCertificates.UNTIL;
import static dev.yaoku.service.TrustedCertificates.certificate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.TestPki;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For whom a client certificate stands is kept in memory until something of it may be another. */
class KeptCertificatesTest {
  private static final TestPki OURS = new TestPki("CN=Our Own,O=Example", FROM, UNTIL);
  private static final TestPki THEIRS = new TestPki("CN=theirs", FROM, UNTIL);
  private static final String WEB = "dns:web.example.com";

  @TempDir private Path directory;
  private Household household;
  private ClientAuthorities authorities;
  private TrustedCertificates certificates;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    certificates = TrustedCertificates.of(household);
    authorities = certificates.authorities();
  }

  @AfterEach
  void close() {
    household.close();
  }

  /** What is kept of a certificate that stands for somebody; another object once looked up anew. */
  private Object kept(ClientCertificate certificate) {
    return household.identities.certificate(certificate).getFirst();
  }

  /** Else whoever changes something all the time would have everybody's looked at anew. */
  @Test
  void whatAnotherAccountDoesWithItsOwnAuthorityIsNoReasonToLookAtACertificateAnew() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    Object known = kept(web);

    certificates.trust(CAROL, THEIRS, "dns:carol.example.com", CAROL);
    authorities.unmap(household.caller(CAROL), "ca", "dns:carol.example.com");
    authorities.put(household.caller(CAROL), "ca", null, false);
    authorities.remove(household.caller(CAROL), "ca");
    authorities.put(household.caller(ALICE), "ca", OURS.pem(), true);

    assertThat(kept(web)).isSameAs(known);
    authorities.unmap(household.caller(ALICE), "ca", WEB);
    assertThat(certificates.usersOf(web)).isEmpty();
  }

  @Test
  void anAuthorityThatAnotherAccountTrustsMeanwhileHasItsSayAtOnce() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    assertThat(certificates.usersOf(web)).containsExactly(BOB);

    certificates.trust(CAROL, OURS, WEB, CAROL);

    assertThat(certificates.usersOf(web)).containsExactlyInAnyOrder(BOB, CAROL);
  }

  @Test
  void soHasOneAboveAnIssuerThatTheClientSendsBesideItsOwn() {
    TestPki between = THEIRS.below("CN=between", FROM, UNTIL);
    certificates.trust(ALICE, between, WEB, BOB);
    ClientCertificate web = certificate(between, WEB);
    assertThat(certificates.usersOf(web)).containsExactly(BOB);

    certificates.trust(CAROL, THEIRS, WEB, CAROL);

    assertThat(certificates.usersOf(web)).containsExactlyInAnyOrder(BOB, CAROL);
  }

  /** Names are compared as RFC 5280 says in section 7.1, and not as they are written. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "CN=Our Own,O=Example",
        "CN=OUR own,O=eXAMPLE",
        "CN=\\  Our   Own\\ ,O=Example",
        "CN=#13074f7572204f776e,O=Example", // a PrintableString, where the others have UTF8String
      })
  void anIssuersNameIsTheSameHoweverAnotherAccountsAuthorityWritesIt(String name) {
    certificates.trust(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    Object known = kept(web);

    authorities.put(household.caller(CAROL), "ca", new TestPki(name, FROM, UNTIL).pem(), null);

    assertThat(kept(web)).isNotSameAs(known);
  }

  @Test
  void whatIsTakenAwayCountsAtOnce() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    assertThat(certificates.usersOf(web)).containsExactly(BOB);

    authorities.unmap(household.caller(ALICE), "ca", WEB);
    assertThat(certificates.usersOf(web)).isEmpty();
    authorities.map(household.caller(ALICE), "ca", WEB, BOB);
    assertThat(certificates.usersOf(web)).containsExactly(BOB);

    authorities.put(household.caller(ALICE), "ca", null, false);
    assertThat(certificates.usersOf(web)).isEmpty();
    assertThat(household.identities.trustsAuthorities()).isFalse();
    authorities.put(household.caller(ALICE), "ca", null, true);
    assertThat(certificates.usersOf(web)).containsExactly(BOB);

    household.disableUser(BOB);
    household.identities.userChanged(BOB);
    assertThat(certificates.usersOf(web)).isEmpty();
  }

  @Test
  void aRemovedAuthorityTakesItsNamesAlong() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    assertThat(certificates.usersOf(web)).containsExactly(BOB);
    authorities.remove(household.caller(ALICE), "ca");
    assertThat(certificates.usersOf(web)).isEmpty();
    authorities.put(household.caller(ALICE), "ca", OURS.pem(), null);
    assertThat(certificates.usersOf(web)).isEmpty();
  }
}
