package dev.yaoku.access;

import static dev.yaoku.access.TestRequest.AK;
import static dev.yaoku.access.TestRequest.P;
import static dev.yaoku.access.TestRequest.SK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.policy.Decision;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhoCallsTest {
  private static final String TOKEN = TokenText.of(new byte[32]);
  private static final Principal BY_TOKEN =
      new Principal("acc", "account", "u1", "alice", true, "12345678", true, P);
  private static final String ROOT_SIGNATURE =
      "9a8a903e62be57d524ae0cc1b12653c87a522052756f8105b875966bc3692d96";

  private final KnownPeople people =
      new KnownPeople()
          .key(AK, SK, null)
          .token(
              TOKEN,
              new Directory.KnownToken(
                  BY_TOKEN,
                  Checking.NOW.plus(Duration.ofMillis(1)),
                  "12345678",
                  null,
                  new Standing()))
          .project(P, "acc", true)
          .project("other", "acc", true)
          .project("closed", "acc", false)
          .project("foreign", "elsewhere", true);
  private final Checking checking = new Checking(people);

  @Test
  void nothingOfferedIsNothingProved() {
    checking.refuses(TestRequest.bare("GET", "/"), Problem.NoCredentials.class);
  }

  @Test
  void aLivingTokenProvesItsOwner() {
    assertThat(checking.accepts(byToken(TOKEN))).isEqualTo(BY_TOKEN);
  }

  @Test
  void aTokenEndsAtItsTime() {
    Checking later =
        new Checking(people, SignatureRules.USUAL, Checking.NOW.plus(Duration.ofMillis(1)));
    later.refuses(byToken(TOKEN), Problem.TokenExpired.class);
  }

  @Test
  void aTokenThatEndsWhileTheBodyIsOnItsWayIsRefused() {
    TestRequest request = byToken(TOKEN);
    Credentials offered = checking.authenticator.read(request.head());
    people.revoke(TOKEN);
    assertThatThrownBy(() -> offered.prove(request.body))
        .isInstanceOfSatisfying(
            KmsException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.BadToken.class));
  }

  @Test
  void anUnknownTokenIsRefused() {
    byte[] other = new byte[32];
    other[0] = 1;
    checking.refuses(byToken(TokenText.of(other)), Problem.BadToken.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "yk1_", "MIIabc", "yk1_ü", "yks1_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void whatIsNoTokenOfOursCostsNoLookUp(String token) {
    checking.refuses(byToken(token), Problem.BadToken.class);
    assertThat(people.lookUps).isZero();
  }

  @Test
  void aTokenWithoutAValueOffersNothing() {
    checking.refuses(byToken(""), Problem.NoCredentials.class);
  }

  @Test
  void aTokenDoesNotTravelInTheClear() {
    TestRequest plain = byToken(TOKEN);
    plain.secure = false;
    checking.refuses(plain, Problem.NeedsTls.class);
    TestRequest signedToo =
        TestRequest.of("GET", "/").signature(ROOT_SIGNATURE).header("X-Auth-Token", TOKEN);
    signedToo.secure = false;
    checking.refuses(signedToo, Problem.NeedsTls.class);
  }

  @Test
  void aSignatureWinsOverATokenBesideIt() {
    TestRequest both =
        TestRequest.of("GET", "/").signature(ROOT_SIGNATURE).header("X-Auth-Token", TOKEN);
    assertThat(checking.accepts(both)).isEqualTo(KnownPeople.ALICE);
    TestRequest wrong =
        TestRequest.of("GET", "/").signature("0".repeat(64)).header("X-Auth-Token", TOKEN);
    checking.refuses(wrong, Problem.BadSignature.class);
  }

  @Test
  void aCallerIsConfinedToTheProjectsOfItsAccount() {
    confine(KnownPeople.ALICE, P);
    confine(KnownPeople.ALICE, "other");
    confine(KnownPeople.ALICE, "");
    refusesProject(KnownPeople.ALICE, "foreign");
    refusesProject(KnownPeople.ALICE, "closed");
    refusesProject(KnownPeople.ALICE, "nowhere");
    refusesProject(KnownPeople.ALICE, "x".repeat(8_000));
  }

  @Test
  void aTokenIsConfinedToItsProject() {
    confine(BY_TOKEN, P);
    refusesProject(BY_TOKEN, "other");
    Principal ofDomain = new Principal("acc", "account", "u1", "alice", true, "t", true, null);
    refusesProject(ofDomain, P);
    confine(ofDomain, "");
  }

  @Test
  void scopeHeadersOnlyNarrowOrRefuse() {
    confine(KnownPeople.ALICE, P, "X-Project-Id", P);
    confine(KnownPeople.ALICE, P, "X-Project-Id", "");
    confine(KnownPeople.ALICE, P, "X-Domain-Id", "acc");
    confine(KnownPeople.ALICE, "", "X-Project-Id", "other");
    refusesProject(KnownPeople.ALICE, P, "X-Project-Id", "other");
    refusesProject(KnownPeople.ALICE, "", "X-Project-Id", "foreign");
    refusesProject(KnownPeople.ALICE, P, "X-Domain-Id", "elsewhere");
    refusesProject(KnownPeople.ALICE, "foreign", "X-Project-Id", "foreign");
  }

  private static TestRequest byToken(String token) {
    return TestRequest.bare("GET", "/").header("X-Auth-Token", token);
  }

  private void confine(Principal who, String project, String... header) {
    TestRequest request = TestRequest.bare("GET", "/");
    if (header.length > 0) {
      request.header(header[0], header[1]);
    }
    Admission admission = new Admission(people, new AllowNothing());
    Caller caller = admission.callerOf(who, Optional.empty(), project, "r", "s");
    admission.confine(caller, request.head());
  }

  private void refusesProject(Principal who, String project, String... header) {
    assertThatThrownBy(() -> confine(who, project, header))
        .isInstanceOfSatisfying(
            KmsException.class,
            e -> assertThat(e.problem()).isEqualTo(new Problem.ProjectMismatch()));
  }

  private static final class AllowNothing implements Permissions {
    @Override
    public Decision decide(Caller caller, String project, Action action, Subject subject) {
      return Decision.NOT_ALLOWED;
    }

    @Override
    public boolean conceives(Caller caller, Action action) {
      return false;
    }
  }
}
