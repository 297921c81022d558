package dev.yaoku.service;

import static dev.yaoku.service.CertificateUsersTest.certificate;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.TestPki;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** For whom a client certificate stands is kept in memory until something of it may be another. */
class KeptCertificatesTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-01-10T00:00:00Z");
  private static final TestPki OURS = new TestPki("CN=Our Own,O=Example", FROM, UNTIL);
  private static final TestPki THEIRS = new TestPki("CN=theirs", FROM, UNTIL);
  private static final String WEB = "dns:web.example.com";

  @TempDir private Path directory;
  private Household household;
  private ClientAuthorities authorities;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    authorities = household.clientAuthorities();
  }

  @AfterEach
  void close() {
    household.close();
  }

  private void trusts(String admin, TestPki pki, String name, String user) {
    authorities.put(household.caller(admin), "ca", pki.pem(), null);
    authorities.map(household.caller(admin), "ca", name, user);
  }

  private List<String> standsFor(ClientCertificate certificate) {
    return household.identities.certificate(certificate).stream()
        .map(known -> known.principal().user())
        .toList();
  }

  /** What is kept of a certificate that stands for somebody; another object once looked up anew. */
  private Object kept(ClientCertificate certificate) {
    return household.identities.certificate(certificate).getFirst();
  }

  /** Else whoever changes something all the time would have everybody's looked at anew. */
  @Test
  void whatAnotherAccountDoesWithItsOwnAuthorityIsNoReasonToLookAtACertificateAnew() {
    trusts(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    Object known = kept(web);

    trusts(CAROL, THEIRS, "dns:carol.example.com", CAROL);
    authorities.unmap(household.caller(CAROL), "ca", "dns:carol.example.com");
    authorities.put(household.caller(CAROL), "ca", null, false);
    authorities.remove(household.caller(CAROL), "ca");
    authorities.put(household.caller(ALICE), "ca", OURS.pem(), true);

    assertThat(kept(web)).isSameAs(known);
    authorities.unmap(household.caller(ALICE), "ca", WEB);
    assertThat(standsFor(web)).isEmpty();
  }

  @Test
  void anAuthorityThatAnotherAccountTrustsMeanwhileHasItsSayAtOnce() {
    trusts(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    assertThat(standsFor(web)).containsExactly(BOB);

    trusts(CAROL, OURS, WEB, CAROL);

    assertThat(standsFor(web)).containsExactlyInAnyOrder(BOB, CAROL);
  }

  @Test
  void soHasOneAboveAnIssuerThatTheClientSendsBesideItsOwn() {
    TestPki between = THEIRS.below("CN=between", FROM, UNTIL);
    trusts(ALICE, between, WEB, BOB);
    ClientCertificate web = certificate(between, WEB);
    assertThat(standsFor(web)).containsExactly(BOB);

    trusts(CAROL, THEIRS, WEB, CAROL);

    assertThat(standsFor(web)).containsExactlyInAnyOrder(BOB, CAROL);
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
    trusts(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    Object known = kept(web);

    authorities.put(household.caller(CAROL), "ca", new TestPki(name, FROM, UNTIL).pem(), null);

    assertThat(kept(web)).isNotSameAs(known);
  }

  @Test
  void whatIsTakenAwayCountsAtOnce() {
    trusts(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    assertThat(standsFor(web)).containsExactly(BOB);

    authorities.unmap(household.caller(ALICE), "ca", WEB);
    assertThat(standsFor(web)).isEmpty();
    authorities.map(household.caller(ALICE), "ca", WEB, BOB);
    assertThat(standsFor(web)).containsExactly(BOB);

    authorities.put(household.caller(ALICE), "ca", null, false);
    assertThat(standsFor(web)).isEmpty();
    assertThat(household.identities.trustsAuthorities()).isFalse();
    authorities.put(household.caller(ALICE), "ca", null, true);
    assertThat(standsFor(web)).containsExactly(BOB);

    household.disableUser(BOB);
    household.identities.userChanged(BOB);
    assertThat(standsFor(web)).isEmpty();
  }

  @Test
  void aRemovedAuthorityTakesItsNamesAlong() {
    trusts(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    assertThat(standsFor(web)).containsExactly(BOB);
    authorities.remove(household.caller(ALICE), "ca");
    assertThat(standsFor(web)).isEmpty();
    authorities.put(household.caller(ALICE), "ca", OURS.pem(), null);
    assertThat(standsFor(web)).isEmpty();
  }
}
