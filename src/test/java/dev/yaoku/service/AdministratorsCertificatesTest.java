package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
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
import dev.yaoku.server.CapturedLog;
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
 * What an administrator comes in by stays the administrator's, and nobody else's, whatever is done
 * by others who manage client authorities (ADR 31).
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

  private static void isForAdministrators(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KmsException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.ForAdministrators.class));
  }

  /** An authority of Bob's, in which a name that is beside the administrator's is his. */
  private void bobs(String name, String pem) {
    authorities.put(bob(), name, pem, null);
    authorities.map(bob(), name, LAPTOP, BOB);
  }

  @Test
  void onlyAdministratorsChangeAnAuthorityThatAnAdministratorMade() {
    authorities.map(alice(), "good", LAPTOP, BOB);

    isForAdministrators(() -> authorities.put(bob(), "good", THEIRS.pem(), null));
    isForAdministrators(() -> authorities.put(bob(), "good", null, false));
    isForAdministrators(() -> authorities.map(bob(), "good", "dns:other.corp.example", BOB));
    isForAdministrators(() -> authorities.unmap(bob(), "good", LAPTOP));
    isForAdministrators(() -> authorities.remove(bob(), "good"));

    authorities.unmap(alice(), "good", LAPTOP);
    givesTheAdministratorsName();
    standsForTheAdministrator();
  }

  @Test
  void whoeverManagesAuthoritiesChangesThoseThatOthersThanAdministratorsMade() {
    bobs("his", THEIRS.pem());
    authorities.put(alice(), "his", null, false);

    authorities.put(bob(), "his", OURS.pem(), true);
    authorities.unmap(bob(), "his", LAPTOP);
    authorities.remove(bob(), "his");
  }

  /** Whoever made it may have its key, or had it when a certificate was issued. */
  @Test
  void anAuthorityThatSomebodyElseMadeGetsNoAdministratorsName() {
    authorities.put(bob(), "corp", THEIRS.pem(), null);
    authorities.put(alice(), "corp", OURS.pem(), null);

    assertThat(Refused.problem(() -> authorities.map(alice(), "corp", ADMINISTRATOR, ALICE)))
        .isInstanceOf(Problem.Conflict.class);

    authorities.map(alice(), "corp", LAPTOP, BOB);
    authorities.remove(alice(), "corp");
    authorities.put(alice(), "corp", OURS.pem(), null);
    authorities.map(alice(), "corp", ADMINISTRATOR, ALICE);
    standsForTheAdministrator();
  }

  /** It may have had another's certificate when the administrator was given a name in it. */
  @Test
  void oneThatAnEarlierVersionKeptLetsNoAdministratorInTillAnotherIsMade() {
    givesTheAdministratorsName();
    authorities.map(alice(), "good", "dns:web.corp.example", BOB);
    household.store.write(tx -> {
      tx.rights()
          .update(tx.rights().clientCa(ACCOUNT, "good").orElseThrow().notForAdministrators());
      return true;
    });
    household.identities.certificatesChanged();

    assertThat(known(CHAIN)).isEmpty();
    assertThat(known(OURS.issue(Wish.client(FROM, UNTIL, "dns:web.corp.example")).chain()))
        .extracting(known -> known.principal().user())
        .containsExactly(BOB);
    String warning = "the client authority good of account " + ACCOUNT + " has names of admin";
    try (CapturedLog log = new CapturedLog()) {
      household.identities.lookAtCertificates();
      household.identities.lookAtCertificates();
      assertThat(log.text()).containsOnlyOnce(warning);
    }

    authorities.put(alice(), "ours", OURS.pem(), null);
    authorities.map(alice(), "ours", ADMINISTRATOR, ALICE);
    authorities.map(bob(), "good", LAPTOP, BOB);
    assertThat(Refused.problem(() -> authorities.unmap(bob(), "good", ADMINISTRATOR)))
        .isInstanceOf(Problem.NotAllowed.class);
    standsForTheAdministrator();
  }

  @Test
  void theOperatorIsToldOfNoAuthorityThatVouchesForThoseWhomItNames() {
    givesTheAdministratorsName();
    bobs("his", THEIRS.pem());
    try (CapturedLog log = new CapturedLog()) {
      household.identities.lookAtCertificates();
      assertThat(log.text()).doesNotContain("the client authority");
    }
  }

  @Test
  void whoeverIsNoAdministratorGivesNoAdministratorAName() {
    authorities.put(bob(), "his", THEIRS.pem(), null);
    assertThat(Refused.problem(() -> authorities.map(bob(), "his", ADMINISTRATOR, ALICE)))
        .isInstanceOf(Problem.NotAllowed.class);
  }

  /** By whatever authority, above, below or beside the administrators', or by a made-up way. */
  @Test
  void whatOthersSayTakesNoAdministratorsCertificateAway() {
    givesTheAdministratorsName();
    List<String> vouching =
        List.of(
            OURS.pem(),
            ROOT.pem(),
            BELOW.pem(),
            TestPki.pem(THEIRS.certify(OURS, FROM, UNTIL)),
            TestPki.pem(THEIRS.certify(BELOW, FROM, UNTIL)));
    for (String pem : vouching) {
      bobs("evil", pem);
      authorities.map(bob(), "evil", ADMINISTRATOR, BOB);
      standsForTheAdministrator();
    }
  }

  @Test
  void noWayToAnAuthorityOfOthersTakesItAway() {
    givesTheAdministratorsName();
    authorities.put(bob(), "evil", TestPki.pem(THEIRS.certify(OURS, FROM, UNTIL)), null);
    bobs("apart", THEIRS.pem());
    standsForTheAdministrator();
  }

  @Test
  void norDoesAWayOfOthersToAnotherAuthorityOfAdministrators() {
    givesTheAdministratorsName();
    authorities.put(alice(), "machines", THEIRS.pem(), null);
    authorities.map(alice(), "machines", LAPTOP, BOB);
    authorities.put(bob(), "evil", TestPki.pem(THEIRS.certify(OURS, FROM, UNTIL)), null);
    standsForTheAdministrator();
  }

  /** It would end in the middle of what is kept of it, and anew as often as somebody changes it. */
  @Test
  void itDoesNotEndWithAnAuthorityOfOthers() {
    givesTheAdministratorsName();
    Instant soon = household.now.plusSeconds(2);
    String pem = TestPki.pem(THEIRS.certify(OURS, FROM, soon));
    authorities.put(bob(), "evil", pem, null);
    assertThat(known(CHAIN)).extracting(KnownCertificate::notAfter).containsExactly(UNTIL);
    bobs("evil", pem);
    assertThat(known(CHAIN)).extracting(KnownCertificate::notAfter).containsExactly(UNTIL);
  }

  @Test
  void aCertificateOfWhichAdministratorsSayNothingIsWhoseOthersSay() {
    givesTheAdministratorsName();
    bobs("apart", THEIRS.pem());
    assertThat(known(THEIRS.issue(Wish.client(FROM, UNTIL, LAPTOP, ADMINISTRATOR)).chain()))
        .extracting(known -> known.principal().user())
        .containsExactly(BOB);
  }

  @Test
  void administratorsStillMakeItNobodysWhereTheySayThatItIsTwoUsers() {
    givesTheAdministratorsName();
    authorities.map(alice(), "good", LAPTOP, BOB);
    assertThat(known(CHAIN)).isEmpty();
  }
}
