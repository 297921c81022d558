package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.TrustedCertificates.FROM;
import static dev.yaoku.service.TrustedCertificates.UNTIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.TestPki;
import dev.yaoku.key.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of requests that were let in, none makes anything that lasts once what let it in has ended, in
 * however short a time (SECURITY_DESIGN H11).
 */
class EndedBeforeTheChangeTest {
  private static final TestPki PKI = new TestPki("CN=ours", FROM, UNTIL);
  private static final String NAME = "dns:alice.example.com";
  private static final String LAPTOP = "dns:laptop.example.com";

  @TempDir private Path directory;
  private Household house;
  private LetIn letIn;
  private int made;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    letIn = new LetIn(house);
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void aTokenThatAPasswordResetEndsLeavesNoAccessKey() {
    Caller before = letIn.byToken(BOB);
    Caller meanwhile = letIn.byToken(BOB);
    makeAccessKey(before);

    house.services.users().setPassword(house.caller(ALICE), BOB, Household.text("Another horse 1"));

    isRefused(() -> makeAccessKey(meanwhile), Problem.BadToken.class);
    assertThat(house.services.accessKeys().list(house.caller(ALICE), BOB)).hasSize(1);
    makeAccessKey(letIn.byToken(BOB));
  }

  @Test
  void anAccessKeyThatIsDisabledMakesNoUser() {
    Caller before = letIn.byAccessKey();
    Caller meanwhile = letIn.byAccessKey();
    makeUser(before);

    house.disableAccessKey();

    isRefused(() -> makeUser(meanwhile), Problem.BadSignature.class);
  }

  @Test
  void anAccessKeyThatIsDisabledTakesNothingAway() {
    Groups groups = house.services.groups();
    String first = groups.create(house.caller(ALICE), "first", "").id();
    String second = groups.create(house.caller(ALICE), "second", "").id();
    Caller before = letIn.byAccessKey();
    Caller meanwhile = letIn.byAccessKey();
    groups.delete(before, first);

    house.disableAccessKey();

    isRefused(() -> groups.delete(meanwhile, second), Problem.BadSignature.class);
    assertThat(groups.list(house.caller(ALICE))).extracting(Groups.Group::id).containsOnly(second);
  }

  @Test
  void anAccessKeyThatIsDisabledTrustsNoProvider() {
    IdentityProviders providers = Providers.of(house);
    ProviderChange change = ProviderChange.of("for a test", true);
    Caller before = letIn.byAccessKey();
    Caller meanwhile = letIn.byAccessKey();
    providers.create(before, "first", change);

    house.disableAccessKey();

    isRefused(() -> providers.create(meanwhile, "second", change), Problem.BadSignature.class);
    isRefused(() -> providers.remove(meanwhile, "first"), Problem.BadSignature.class);
  }

  @Test
  void aUserWhoIsDisabledMakesNoAccessKey() {
    Caller meanwhile = letIn.byToken(BOB);

    house.disableUser(BOB);

    isRefused(() -> makeAccessKey(meanwhile), Problem.BadToken.class);
  }

  @Test
  void aCertificateWhoseNameIsTakenAwayMakesNoUser() {
    trust();
    Caller before = byCertificate();
    Caller meanwhile = byCertificate();
    makeUser(before);

    house.clientAuthorities().unmap(house.caller(ALICE), "ca", NAME);

    isRefused(() -> makeUser(meanwhile), Problem.BadCertificate.class);
  }

  @Test
  void aCertificateOfAnAuthorityThatIsStoppedTrustsNoAuthority() {
    trust();
    Caller meanwhile = byCertificate();

    house.clientAuthorities().put(house.caller(ALICE), "ca", null, false);

    isRefused(
        () -> house.clientAuthorities().put(meanwhile, "second", PKI.pem(), true),
        Problem.BadCertificate.class);
  }

  @Test
  void aNameThatIsGivenToAnotherIsNotTheFirstOnesAnyMore() {
    trust();
    Caller meanwhile = byCertificate();

    house.clientAuthorities().map(house.caller(ALICE), "ca", NAME, BOB);

    isRefused(() -> makeUser(meanwhile), Problem.BadCertificate.class);
  }

  /** One with the names of two users stands for neither. */
  @Test
  void aCertificateOfWhichAFurtherNameIsGivenToAnotherIsNobodysAnyMore() {
    trust();
    ClientCertificate both = certificate(NAME, LAPTOP);
    Caller before = letIn.byCertificate(both);
    Caller meanwhile = letIn.byCertificate(both);
    makeUser(before);

    house.clientAuthorities().map(house.caller(ALICE), "ca", LAPTOP, BOB);

    isRefused(() -> makeUser(meanwhile), Problem.BadCertificate.class);
  }

  @Test
  void soIsOneOfWhichAnotherAuthorityThatCountsAgainSaysThatItIsAnothers() {
    trust();
    ClientAuthorities authorities = house.clientAuthorities();
    authorities.put(house.caller(ALICE), "second", PKI.pem(), false);
    authorities.map(house.caller(ALICE), "second", NAME, BOB);
    Caller meanwhile = byCertificate();

    authorities.put(house.caller(ALICE), "second", null, true);

    isRefused(() -> makeUser(meanwhile), Problem.BadCertificate.class);
  }

  /** Whether the new one vouches for it is not looked at in the middle of a change. */
  @Test
  void oneOfWhichANewAuthoritySaysThatItIsAnothersIsToBeShownAgain() {
    trust();
    Caller meanwhile = byCertificate();

    trustSuccessor(BOB);

    isRefused(() -> makeUser(meanwhile), Problem.NotConfirmed.class);
    makeUser(byCertificate());
  }

  @Test
  void oneWhoseAuthorityIsRenewedIsToBeShownAgain() {
    trust();
    Caller meanwhile = byCertificate();

    String renewed = TestPki.pem(PKI.certify(PKI, FROM, UNTIL));
    house.clientAuthorities().put(house.caller(ALICE), "ca", renewed, null);

    isRefused(() -> makeUser(meanwhile), Problem.NotConfirmed.class);
    makeUser(byCertificate());
  }

  @Test
  void oneWhoseAuthorityIsRenewedAndWhoseNameIsTakenAwayHasEnded() {
    trust();
    Caller meanwhile = byCertificate();

    String renewed = TestPki.pem(PKI.certify(PKI, FROM, UNTIL));
    house.clientAuthorities().put(house.caller(ALICE), "ca", renewed, null);
    house.clientAuthorities().unmap(house.caller(ALICE), "ca", NAME);

    isRefused(() -> makeUser(meanwhile), Problem.BadCertificate.class);
  }

  /** Else whoever manages authorities could refuse an administrator whatever lasts. */
  @Test
  void whatOthersThanAdministratorsSayOfItEndsNothing() {
    house.allow(BOB, "iam:identityProviders:manage", "*");
    trust();
    Caller meanwhile = byCertificate();

    house.clientAuthorities().put(house.caller(BOB), "his", PKI.pem(), null);
    house.clientAuthorities().map(house.caller(BOB), "his", LAPTOP, BOB);
    house.clientAuthorities().map(house.caller(BOB), "his", NAME, BOB);

    makeUser(meanwhile);
  }

  /** As before the old authority goes. */
  @Test
  void whatANewAuthorityGivesToTheSameUserEndsNothing() {
    trust();
    Caller meanwhile = byCertificate();

    trustSuccessor(ALICE);

    makeUser(meanwhile);
  }

  @Test
  void anAuthorityThatDidNotVouchEndsNothingWhereItGoes() {
    trust();
    trustSuccessor(BOB);
    Caller meanwhile = byCertificate();

    house.clientAuthorities().remove(house.caller(ALICE), "successor");

    makeUser(meanwhile);
  }

  @Test
  void oneNameOfSeveralIsEnough() {
    trust();
    house.clientAuthorities().map(house.caller(ALICE), "ca", LAPTOP, ALICE);
    Caller meanwhile = letIn.byCertificate(certificate(NAME, LAPTOP));

    house.clientAuthorities().unmap(house.caller(ALICE), "ca", NAME);
    makeUser(meanwhile);
    house.clientAuthorities().unmap(house.caller(ALICE), "ca", LAPTOP);

    isRefused(() -> makeUser(meanwhile), Problem.BadCertificate.class);
  }

  @Test
  void aCertificateWhoseNameIsDamagedMakesNoUser() {
    trust();
    Caller meanwhile = byCertificate();

    house.edit("UPDATE certificate_user SET created_at = 0 WHERE name = ?", NAME);

    isRefused(() -> makeUser(meanwhile), Problem.BadCertificate.class);
  }

  /** Another authority, by which the name is this user's. */
  private void trustSuccessor(String user) {
    ClientAuthorities authorities = house.clientAuthorities();
    String pem = new TestPki("CN=successor", FROM, UNTIL).pem();
    authorities.put(house.caller(ALICE), "successor", pem, null);
    authorities.map(house.caller(ALICE), "successor", NAME, user);
  }

  @Test
  void whatAnAuthorityGivesToOthersEndsNothing() {
    trust();
    Caller meanwhile = byCertificate();

    house.clientAuthorities().map(house.caller(ALICE), "ca", LAPTOP, BOB);

    makeUser(meanwhile);
  }

  @Test
  void aCertificateThatIsRevokedMakesNoUser() throws IOException, GeneralSecurityException {
    trust();
    ClientCertificate stolen = certificate(NAME);
    revoke();
    Caller before = letIn.byCertificate(stolen);
    Caller meanwhile = letIn.byCertificate(stolen);
    assertThat(house.revoked.read()).as("the same list again").isFalse();
    makeUser(before);

    revoke(stolen.leaf());

    isRefused(() -> makeUser(meanwhile), Problem.NotConfirmed.class);
    house.identities.certificatesChanged();
    assertThat(house.identities.certificate(stolen)).isEmpty();
  }

  /** A list counts that says nothing of it, and its holder is not told that it has ended. */
  @Test
  void aCertificateIsToBeShownAgainWhereAnotherIsRevoked()
      throws IOException, GeneralSecurityException {
    trust();
    revoke();
    Caller meanwhile = byCertificate();

    revoke(certificate(NAME).leaf());

    isRefused(() -> makeUser(meanwhile), Problem.NotConfirmed.class);
    makeUser(byCertificate());
  }

  /** There is a list that says so. */
  private void revoke(X509Certificate... revoked) throws IOException, GeneralSecurityException {
    Path lists = Files.createDirectories(directory.resolve("revoked"));
    Files.write(lists.resolve("ours.crl"), PKI.revoking(FROM, UNTIL, revoked).getEncoded());
    assertThat(house.revoked.read()).isTrue();
  }

  private void trust() {
    house.clientAuthorities().put(house.caller(ALICE), "ca", PKI.pem(), null);
    house.clientAuthorities().map(house.caller(ALICE), "ca", NAME, ALICE);
  }

  private Caller byCertificate() {
    return letIn.byCertificate(certificate(NAME));
  }

  private static ClientCertificate certificate(String... names) {
    return TrustedCertificates.certificate(PKI, names);
  }

  // What they make

  private void makeUser(Caller caller) {
    made++;
    house.services.users().create(caller, new Users.Order("user-" + made, null, true, "", ""));
  }

  private void makeAccessKey(Caller caller) {
    house.services.accessKeys().create(caller, BOB, "").secret().close();
  }

  private static void isRefused(ThrowingCallable change, Class<? extends Problem> as) {
    assertThat(Refused.problem(change)).isInstanceOf(as);
  }
}
