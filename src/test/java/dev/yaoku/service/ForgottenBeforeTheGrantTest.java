package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.REGION;
import static dev.yaoku.service.TrustedCertificates.FROM;
import static dev.yaoku.service.TrustedCertificates.UNTIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.TestPki;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.SystemPolicies;
import dev.yaoku.key.Problem;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever was let in, by whatever, and is forgotten before he changes a key is asked again: that
 * keeps nobody from it but whose credential has ended (SECURITY_DESIGN H11).
 */
class ForgottenBeforeTheGrantTest extends GrantWorld {
  private static final TestPki PKI = new TestPki("CN=ours", FROM, UNTIL);
  private static final String NAME = "dns:alice.example.com";

  /** What a caller comes in by. */
  enum By {
    ACCESS_KEY,
    TOKEN,
    ROLE,
    TEMPORARY_KEY,
    CERTIFICATE
  }

  @ParameterizedTest
  @EnumSource
  void whoIsForgottenAndHasNotEndedGrantsAllTheSame(By credential) {
    Caller meanwhile = letIn(credential);

    forgetAll();
    assertThat(keys.grant(meanwhile, key)).isNotEmpty();
    assertThat(keys.grant(meanwhile, key)).isNotEmpty();

    store.beginAnotherView();
    assertThat(keys.grant(meanwhile, key)).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whoIsForgottenAndHasEndedGrantsNothing(By credential) {
    Caller meanwhile = letIn(credential);

    house.disableUser(credential == By.ROLE ? CAROL : ALICE);
    forgetAll();

    assertThat(Refused.problem(() -> keys.grant(meanwhile, key)))
        .isInstanceOfAny(
            Problem.BadSignature.class, Problem.BadToken.class, Problem.BadCertificate.class);
  }

  /** It was read while something was forgotten, so nobody will forget it again. */
  @Test
  void whatIsUsedOnceAsItIsForgottenAllTheTimeIsAskedAgainToo() {
    house.assembleOver(new MeanwhileStore(house.store, () -> house.identities.everythingChanged()));
    Caller meanwhile = letIn.byAccessKeyIn(PROJECT, REGION);
    assertThat(keys.grant(meanwhile, key)).isNotEmpty();

    house.disableAccessKey();

    assertThat(Refused.problem(() -> keys.grant(meanwhile, key)))
        .isInstanceOf(Problem.BadSignature.class);
  }

  private void forgetAll() {
    house.identities.everythingChanged();
    house.held.everythingChanged();
  }

  private Caller letIn(By credential) {
    return switch (credential) {
      case ACCESS_KEY -> letIn.byAccessKeyIn(PROJECT, REGION);
      case TOKEN -> letIn.byToken(ALICE).within(PROJECT);
      case ROLE -> letIn.playing(new Role(ACCOUNT, null, helpers(), null), CAROL).within(PROJECT);
      case TEMPORARY_KEY -> letIn.byTemporaryKey(ALICE).within(PROJECT);
      case CERTIFICATE -> byCertificate().within(PROJECT);
    };
  }

  /** The name of an agency that may do everything with keys, for the other account to play. */
  private String helpers() {
    Caller alice = house.caller(ALICE);
    Agencies.Trusted trusted = new Agencies.Trusted(OTHER_ACCOUNT, null);
    String agency =
        house.services.agencies().create(alice, "helpers", "", trusted, Duration.ZERO).id();
    String policy = SystemPolicies.named("KMS CMKFullAccess").map(Policy::id).orElseThrow();
    house
        .services
        .attachments()
        .attach(alice, new Attachments.Holder.Agency(agency), Attachments.ALL_PROJECTS, policy);
    return "helpers";
  }

  private Caller byCertificate() {
    TrustedCertificates.of(house).trust(ALICE, PKI, NAME, ALICE);
    return letIn.byCertificate(TrustedCertificates.certificate(PKI, NAME));
  }
}
