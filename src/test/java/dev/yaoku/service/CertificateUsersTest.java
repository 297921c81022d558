package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static dev.yaoku.service.Household.OTHER_PROJECT;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.TrustedCertificates.FROM;
import static dev.yaoku.service.TrustedCertificates.UNTIL;
import static dev.yaoku.service.TrustedCertificates.certificate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Authenticators;
import dev.yaoku.access.Caller;
import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.Credentials;
import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestAuthenticator;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.SignatureRules;
import dev.yaoku.access.Target;
import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Wish;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.server.CapturedLog;
import dev.yaoku.store.Rights;
import io.netty.handler.ssl.util.LazyX509Certificate;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** For whom a client certificate stands (SECURITY_DESIGN H16). */
class CertificateUsersTest {
  private static final TestPki OURS = new TestPki("CN=ours", FROM, UNTIL);
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

  private Principal proves(ClientCertificate certificate, String target, String... header) {
    return shows(certificate, target, header).prove(new byte[0]);
  }

  private Credentials shows(ClientCertificate certificate, String target, String... header) {
    RequestAuthenticator authenticator =
        Authenticators.of(
            household.identities,
            new FailureThrottle(FailureThrottle.Limits.USUAL, household.clock),
            SignatureRules.USUAL,
            household.clock,
            household.randomness.secret(40));
    List<RequestHead.Header> headers =
        header.length == 0 ? List.of() : List.of(new RequestHead.Header(header[0], header[1]));
    RequestHead head =
        new RequestHead(
            "GET", Target.parse(target), headers, "192.0.2.1", true, certificate, "https");
    return authenticator.read(head);
  }

  private static void isRefused(ThrowingCallable call, Class<? extends Problem> as) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KmsException.class, refused -> assertThat(refused.problem()).isInstanceOf(as));
  }

  @Test
  void aCertificateStandsForTheUserOfItsName() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    assertThat(certificates.usersOf(web)).containsExactly(BOB);
    Principal who = proves(web, "/v1.0/" + PROJECT + "/kms/user-instances");
    assertThat(who.user()).isEqualTo(BOB);
    assertThat(who.credential()).isEqualTo(web.sha256().substring(0, 8));
  }

  @Test
  void namesAreTakenExactly() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    for (String other :
        List.of(
            "dns:WEB.example.com",
            "dns:web.example.com.",
            "dns:web.example.com.evil.example",
            "dns:*.example.com",
            "dns:example.com",
            "uri:web.example.com",
            "email:web@example.com")) {
      assertThat(certificates.usersOf(certificate(OURS, other))).as(other).isEmpty();
    }
    assertThat(certificates.usersOf(certificate(OURS))).isEmpty();
    assertThat(certificates.usersOf(certificate(OURS, "dns:other.example.com", WEB)))
        .containsExactly(BOB);
  }

  @Test
  void aCertificateThatCannotBeReadIsNobodys() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    Wish wish = Wish.client(FROM, UNTIL, WEB);
    X509Certificate unreadable = new LazyX509Certificate(OURS.unreadable(wish));
    List<X509Certificate> readable = OURS.issue(wish).chain();
    ClientCertificate nobodys = ClientCertificate.of(List.of(unreadable)).orElseThrow();
    isRefused(() -> proves(nobodys, "/v3/projects"), Problem.BadCertificate.class);
    assertThat(certificates.usersOf(nobodys)).isEmpty();

    X509Certificate leaf = OURS.below("CN=between", FROM, UNTIL).issue(wish).leaf();
    ClientCertificate below = ClientCertificate.of(List.of(leaf, unreadable)).orElseThrow();
    isRefused(() -> proves(below, "/v3/projects"), Problem.BadCertificate.class);
    ClientCertificate beside =
        ClientCertificate.of(List.of(readable.getFirst(), unreadable)).orElseThrow();
    assertThat(certificates.usersOf(beside)).containsExactly(BOB);
  }

  /** Who it is must not depend on what the client chooses to send beside it. */
  @Test
  void whereOneAuthorityIsBelowAnotherBothSayWhoItIs() {
    TestPki between = OURS.below("CN=between", FROM, UNTIL);
    certificates.trust(ALICE, OURS, WEB, ALICE);
    authorities.put(household.caller(ALICE), "lower", between.pem(), null);
    List<X509Certificate> whole = between.issue(Wish.client(FROM, UNTIL, WEB)).chain();
    assertThat(certificates.usersOf(ClientCertificate.of(whole.subList(0, 1)).orElseThrow()))
        .containsExactly(ALICE);

    authorities.map(household.caller(ALICE), "lower", WEB, BOB);
    for (int sent = 1; sent <= whole.size(); sent++) {
      household.identities.certificatesChanged();
      assertThat(certificates.usersOf(ClientCertificate.of(whole.subList(0, sent)).orElseThrow()))
          .isEmpty();
    }
    authorities.map(household.caller(ALICE), "lower", WEB, ALICE);
    assertThat(certificates.usersOf(ClientCertificate.of(whole).orElseThrow()))
        .containsExactly(ALICE);
  }

  /** RFC 5952 for show; Java's own form is what earlier versions took. */
  @Test
  void anAddressIsTheSameHoweverItIsWritten() {
    ClientCertificate six = certificate(OURS, "ip:2001:db8::1");
    certificates.trust(ALICE, OURS, "ip:2001:DB8:0:0::0001", BOB);
    assertThat(authorities.show(household.caller(ALICE), "ca").names())
        .containsExactly(new ClientAuthorities.NamedUser("ip:2001:db8::1", BOB));
    assertThat(certificates.usersOf(six)).containsExactly(BOB);
    authorities.unmap(household.caller(ALICE), "ca", "ip:2001:db8:0:0:0:0:0:1");
    assertThat(certificates.usersOf(six)).isEmpty();
    certificates.trust(ALICE, OURS, "ip:192.0.2.1", BOB);
    assertThat(certificates.usersOf(certificate(OURS, "ip:192.0.2.1"))).containsExactly(BOB);
  }

  @Test
  void addressesAsEarlierVersionsKeptThemGoOnStanding() {
    ClientCertificate six = certificate(OURS, "ip:2001:db8::1");
    authorities.put(household.caller(ALICE), "ca", OURS.pem(), null);
    for (String kept : List.of("ip:2001:db8:0:0:0:0:0:1", "ip:999")) {
      household.store.write(tx -> {
        tx.rights()
            .insert(
                new Rights.CertificateUser(
                    Household.ACCOUNT, "ca", kept, BOB, household.clock.instant(), 1));
        return "";
      });
    }
    household.identities.certificatesChanged();
    assertThat(certificates.usersOf(six)).containsExactly(BOB);
    authorities.map(household.caller(ALICE), "ca", "ip:2001:db8::1", ALICE);
    assertThat(certificates.usersOf(six)).containsExactly(ALICE);
    authorities.unmap(household.caller(ALICE), "ca", "ip:999");
    assertThat(authorities.show(household.caller(ALICE), "ca").names())
        .containsExactly(new ClientAuthorities.NamedUser("ip:2001:db8::1", ALICE));
  }

  /** The authority of one account, the name of the other's user. */
  @Test
  void aCertificateOfOneAccountsAuthorityIsNobodyInAnother() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    certificates.trust(CAROL, THEIRS, "dns:carol.example.com", CAROL);
    assertThat(certificates.usersOf(certificate(OURS, "dns:carol.example.com"))).isEmpty();
    assertThat(certificates.usersOf(certificate(THEIRS, WEB))).isEmpty();
    assertThat(certificates.usersOf(certificate(OURS, WEB))).containsExactly(BOB);
    isRefused(
        () -> authorities.map(household.caller(CAROL), "ca", "dns:x.example.com", BOB),
        Problem.NotThere.class);
  }

  @Test
  void aNameForTwoUsersIsNobody() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    authorities.map(household.caller(ALICE), "ca", "dns:alice.example.com", ALICE);
    assertThat(certificates.usersOf(certificate(OURS, WEB, "dns:alice.example.com"))).isEmpty();
  }

  /** Else whoever damages a row could make it one person's. */
  @Test
  void aNameThatIsDamagedMayHaveBeenAnybodys() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    authorities.map(household.caller(ALICE), "ca", "dns:alice.example.com", ALICE);
    damage("certificate_user", "name", "dns:alice.example.com");

    ClientCertificate both = certificate(OURS, WEB, "dns:alice.example.com");
    isRefused(() -> proves(both, "/v3/projects"), Problem.BadCertificate.class);
    assertThat(certificates.usersOf(certificate(OURS, WEB))).containsExactly(BOB);
  }

  @Test
  void soItMayByAnAuthorityThatDoesNotVouchWhichStopsNothing() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    authorities.put(household.caller(ALICE), "other", THEIRS.pem(), null);
    authorities.map(household.caller(ALICE), "other", WEB, ALICE);
    damage("certificate_user", "ca", "other");

    assertThat(certificates.usersOf(certificate(OURS, WEB))).containsExactly(BOB);
  }

  @ParameterizedTest
  @CsvSource({"client_ca, name", "certificate_user, ca"})
  void whatIsDamagedOfAnAuthorityThatDoesNotCountStopsNothing(String table, String column) {
    certificates.trust(ALICE, OURS, WEB, BOB);
    authorities.put(household.caller(ALICE), "old", OURS.pem(), false);
    authorities.map(household.caller(ALICE), "old", WEB, ALICE);
    damage(table, column, "old");

    assertThat(certificates.usersOf(certificate(OURS, WEB))).containsExactly(BOB);
  }

  @ParameterizedTest
  @CsvSource({"certificate_user, account", "client_ca, account", "user, account", "account, id"})
  void whatIsDamagedOfAnAccountKeepsNoCertificateFromStandingInAnother(
      String table, String column) {
    certificates.trust(ALICE, OURS, WEB, BOB);
    certificates.trust(CAROL, OURS, WEB, CAROL);
    damage(table, column, OTHER_ACCOUNT);

    assertThat(certificates.usersOf(certificate(OURS, WEB))).containsExactly(BOB);
  }

  /** Changes a row behind the server's back, of which nothing is in memory. */
  private void damage(String table, String column, String value) {
    household.edit(
        "UPDATE \"%s\" SET created_at = 0 WHERE \"%s\" = ?".formatted(table, column), value);
    household.identities.certificatesChanged();
  }

  @Test
  void anAuthorityThatCountsAgainIsAskedBeforeThisServerHasHeardOfIt() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    authorities.put(household.caller(ALICE), "second", OURS.pem(), false);
    authorities.map(household.caller(ALICE), "second", WEB, ALICE);
    assertThat(certificates.usersOf(certificate(OURS, WEB))).containsExactly(BOB);

    household.store.write(tx -> {
      Rights.ClientCa row = tx.rights().clientCa(Household.ACCOUNT, "second").orElseThrow();
      tx.rights()
          .update(
              new Rights.ClientCa(
                  row.account(),
                  row.name(),
                  row.pem(),
                  row.sha256(),
                  true,
                  row.createdAt(),
                  row.byAdministrators(),
                  row.rowVersion()));
      return "";
    });

    assertThat(certificates.usersOf(certificate(OURS, WEB))).isEmpty();
  }

  @Test
  void whereARequestNamesNoAccountACertificateStandsInTheFirstOne() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    certificates.trust(CAROL, THEIRS, WEB, CAROL);
    ClientCertificate ours = certificate(OURS, WEB);
    ClientCertificate theirs = certificate(THEIRS, WEB);
    assertThat(proves(ours, "/v3/projects").user()).isEqualTo(BOB);
    isRefused(() -> proves(theirs, "/v3/projects"), Problem.BadCertificate.class);
    assertThat(proves(theirs, "/v3/projects", "x-domain-id", OTHER_ACCOUNT).user())
        .isEqualTo(CAROL);
    assertThat(proves(theirs, "/v1.0/" + OTHER_PROJECT + "/kms/tags").user()).isEqualTo(CAROL);
    isRefused(() -> proves(theirs, "/v1.0/" + PROJECT + "/kms/tags"), Problem.BadCertificate.class);
  }

  /** So the refusal is the same whether or not the project is there for others. */
  @Test
  void aCertificateOfTheFirstAccountIsThatUsersAlsoWhereItMayNotGo() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    ClientCertificate web = certificate(OURS, WEB);
    for (String project : List.of(OTHER_PROJECT, "0".repeat(32))) {
      assertThat(proves(web, "/v1.0/" + project + "/kms/tags").user()).isEqualTo(BOB);
    }
  }

  /** Anybody can know an authority's certificate and say that he trusts it. */
  @Test
  void whereTwoAccountsTrustOneAuthorityTheRequestsOwnPlaceDecides() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    certificates.trust(CAROL, OURS, WEB, CAROL);
    ClientCertificate web = certificate(OURS, WEB);
    assertThat(certificates.usersOf(web)).containsExactlyInAnyOrder(BOB, CAROL);
    assertThat(proves(web, "/v1.0/" + PROJECT + "/kms/tags").user()).isEqualTo(BOB);
    assertThat(proves(web, "/v1.0/" + OTHER_PROJECT + "/kms/tags").user()).isEqualTo(CAROL);
    assertThat(proves(web, "/v3/projects", "x-domain-id", Household.ACCOUNT).user()).isEqualTo(BOB);
    assertThat(proves(web, "/v3/projects").user()).isEqualTo(BOB);
  }

  @Test
  void whatIsTakenAwayWhileTheBodyIsOnItsWayCounts() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    Credentials offered = shows(certificate(OURS, WEB), "/v3/projects");
    authorities.unmap(household.caller(ALICE), "ca", WEB);
    isRefused(() -> offered.prove(new byte[0]), Problem.BadCertificate.class);
  }

  private static int times(String said, String text) {
    return text.split(Pattern.quote(said), -1).length - 1;
  }

  /** After a change of an authority's key, for instance. */
  @Test
  void listsThatKeepNobodyOutAreToldOfOnce() throws IOException, GeneralSecurityException {
    TestPki rekeyed = new TestPki("CN=ours", FROM, UNTIL);
    Path folder = Files.createDirectory(directory.resolve("lists"));
    for (TestPki pki : List.of(OURS, THEIRS)) {
      Files.write(
          folder.resolve(pki.certificate().getSerialNumber() + ".crl"),
          pki.revoking(FROM, UNTIL).getEncoded());
    }
    RevocationLists lists = new RevocationLists(folder);
    lists.readFirst();
    Identities identities =
        new Identities(
            household.store, household.hierarchy, household.clock, Identities.Limits.USUAL, lists);
    authorities =
        new ClientAuthorities(
            household.store, identities, household.held, household.events, household.clock);
    authorities.put(household.caller(ALICE), "ca", OURS.pem(), null);
    String warning = "the list of revoked certificates of CN=ours, of 2026-01-01T00:00:00Z, keeps";
    try (CapturedLog log = new CapturedLog()) {
      identities.lookAtCertificates();
      assertThat(log.text()).doesNotContain(warning);
      authorities.put(household.caller(ALICE), "ca", rekeyed.pem(), null);
      identities.lookAtCertificates();
      identities.lookAtCertificates();
      assertThat(times(warning, log.text())).isEqualTo(1);
      assertThat(times("no client authority is named CN=theirs", log.text())).isEqualTo(1);
    }
  }

  /** Earlier versions took it, and after an upgrade somebody must say why nobody comes in by it. */
  @Test
  void anAuthorityWithAKeyThatIsNotTakenAnyMoreIsToldOfAndNotStarted() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    BigInteger tooLong = BigInteger.TWO.pow(64).add(BigInteger.ONE);
    String pem = TestPki.pem(OURS.certify("CN=old", TestPki.rsa(2048, tooLong), FROM, UNTIL));
    String sha256 = "5".repeat(64);
    household.store.write(tx -> {
      tx.rights()
          .insert(
              new Rights.ClientCa(
                  Household.ACCOUNT, "old", pem, sha256, true, household.now, false, 1));
      return true;
    });
    household.identities.certificatesChanged();

    try (CapturedLog log = new CapturedLog()) {
      household.identities.lookAtCertificates();
      household.identities.certificatesChanged();
      assertThat(certificates.usersOf(certificate(OURS, WEB))).containsExactly(BOB);
      String warning =
          "the client authority old of account " + Household.ACCOUNT + " vouches for nobody";
      assertThat(times(warning, log.text())).isEqualTo(1);
    }

    Caller alice = household.caller(ALICE);
    isRefused(() -> authorities.put(alice, "old", null, true), Problem.BadValue.class);
    assertThat(authorities.put(alice, "old", null, false).enabled()).isFalse();
    isRefused(() -> authorities.put(alice, "old", null, true), Problem.BadValue.class);
    assertThat(authorities.put(alice, "old", THEIRS.pem(), true).subject()).isEqualTo("CN=theirs");
    authorities.remove(alice, "old");
  }

  @Test
  void aCertificateEndsOnTheSecond() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    ClientCertificate brief =
        ClientCertificate.of(
                OURS.issue(Wish.client(FROM, household.now.plusSeconds(3), WEB)).chain())
            .orElseThrow();
    proves(brief, "/v3/projects");
    household.now = household.now.plus(Duration.ofSeconds(4));
    isRefused(() -> proves(brief, "/v3/projects"), Problem.BadCertificate.class);
  }

  @Test
  void onlyAdministratorsOfTheAccountSeeAndChangeItsAuthorities() {
    certificates.trust(ALICE, OURS, WEB, BOB);
    Caller bob = household.caller(BOB);
    Caller carol = household.caller(CAROL);
    isRefused(() -> authorities.list(bob), Problem.NotAllowed.class);
    isRefused(() -> authorities.put(bob, "x", OURS.pem(), null), Problem.NotAllowed.class);
    isRefused(() -> authorities.map(bob, "ca", WEB, ALICE), Problem.NotAllowed.class);
    isRefused(() -> authorities.show(carol, "ca"), Problem.NotThere.class);
    isRefused(() -> authorities.unmap(carol, "ca", WEB), Problem.NotThere.class);
    isRefused(() -> authorities.remove(carol, "ca"), Problem.NotThere.class);
    assertThat(authorities.list(carol)).isEmpty();
    assertThat(authorities.show(household.caller(ALICE), "ca").names())
        .containsExactly(new ClientAuthorities.NamedUser(WEB, BOB));
  }

  @Test
  void whatIsNoAuthorityAndNoNameIsRefused() {
    Caller alice = household.caller(ALICE);
    String leaf = TestPki.pem(certificate(OURS, WEB).leaf());
    isRefused(() -> authorities.put(alice, "ca", leaf, null), Problem.BadValue.class);
    isRefused(() -> authorities.put(alice, "ca", null, null), Problem.BadValue.class);
    isRefused(() -> authorities.put(alice, "../x", OURS.pem(), null), Problem.BadValue.class);
    authorities.put(alice, "ca", OURS.pem(), null);
    for (String name :
        List.of(
            "web.example.com",
            "cn:web",
            "dns:",
            "dns:a b",
            "dns:\u00e9",
            "ip:999",
            "ip:a.example",
            "ip:1.2.3",
            "ip:fe80::1%1",
            "ip:[::1]",
            "ip:1:2",
            "ip:256.1.1.1")) {
      isRefused(() -> authorities.map(alice, "ca", name, BOB), Problem.BadValue.class);
    }
  }
}
