package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.AccessKeyLogin;
import dev.yaoku.access.Authenticators;
import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.Principal;
import dev.yaoku.access.SignatureRules;
import dev.yaoku.access.TokenText;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An access key that is shown with its secret, and the token that is had for it (H8, H11). */
class AccessKeyLoginTest {
  private static final String HERE = "192.0.2.1";
  private static final String THERE = "198.51.100.1";
  private static final String UNKNOWN = "YKNOBODY000000000001";
  private static final FailureThrottle.Limits FEW = new FailureThrottle.Limits(10, 1, 3, 1, 100);

  @TempDir private Path directory;
  private Household household;
  private AccessKeyLogin logins;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    logins =
        Authenticators.of(
                household.identities,
                new FailureThrottle(FEW, household.clock),
                SignatureRules.USUAL,
                household.clock,
                household.randomness.secret(40))
            .logins();
  }

  @AfterEach
  void close() {
    household.close();
  }

  private Principal prove(String accessKey, String secret, String source) {
    try (SecretBytes shown = Household.text(secret)) {
      return logins.prove(accessKey, shown, source);
    }
  }

  private void isNotProved(String accessKey, String secret, String source) {
    assertThat(Refused.problem(() -> prove(accessKey, secret, source)))
        .isInstanceOf(Problem.BadSignature.class);
  }

  private Tokens.New token(TokenScope scope) {
    Principal who = prove(ACCESS_KEY, SECRET, HERE);
    return household.tokens.issue(
        household.admission.callerOf(who, Optional.empty(), "", "0".repeat(32), HERE),
        scope,
        ACCESS_KEY);
  }

  private boolean lives(Tokens.New token) {
    return household.identities.token(TokenText.sha256(token.text().value())).isPresent();
  }

  @Test
  void aKeyWithItsSecretProvesItsUser() {
    Principal who = prove(ACCESS_KEY, SECRET, HERE);
    assertThat(who.user()).isEqualTo(ALICE);
    assertThat(who.credential()).isEqualTo(ACCESS_KEY);
    household.identities.uses().write();
    assertThat(
            household.services.accessKeys().show(household.caller(ALICE), ACCESS_KEY).lastUsedAt())
        .isNotNull();
  }

  @Test
  void nothingElseDoes() {
    for (String wrong : List.of("", "x", SECRET + " ", SECRET + "\0", SECRET.substring(1))) {
      household.now = household.now.plusSeconds(60);
      isNotProved(ACCESS_KEY, wrong, HERE);
    }
    for (String name : List.of(UNKNOWN, "", "x", "k".repeat(20), "K".repeat(60_000), "é")) {
      household.now = household.now.plusSeconds(60);
      isNotProved(name, SECRET, HERE);
    }
    household.disableAccessKey();
    household.identities.accessKeyChanged(ACCESS_KEY);
    isNotProved(ACCESS_KEY, SECRET, THERE);
  }

  @Test
  void aDisabledUsersKeyDoesNot() {
    household.disableUser(ALICE);
    isNotProved(ACCESS_KEY, SECRET, HERE);
  }

  @Test
  void aTemporaryKeyDoesNotBecauseItsTokenIsMissing() {
    TemporaryKeys.New made =
        household.temporaryKeys.make(
            household.admission.callerOf(
                prove(ACCESS_KEY, SECRET, HERE), Optional.empty(), "", "0".repeat(32), HERE),
            ACCESS_KEY,
            new TemporaryKeys.Order(Duration.ofMinutes(15), null));
    String secret = made.secret().lend(bytes -> new String(bytes, StandardCharsets.US_ASCII));
    isNotProved(made.access(), secret, HERE);
    made.secret().close();
  }

  @Test
  void failuresSlowWhereTheyComeFromAndNeverTheKey() {
    for (int i = 0; i < 3; i++) {
      isNotProved(ACCESS_KEY, "wrong", THERE);
    }
    Refused.with(new Problem.Throttled(1), () -> prove(ACCESS_KEY, SECRET, THERE));
    isNotProved(UNKNOWN, "wrong", THERE);
    assertThat(prove(ACCESS_KEY, SECRET, HERE).user()).isEqualTo(ALICE);
    for (int i = 0; i < 50; i++) { // whoever sits beside the owner does not stop it either
      isNotProved(ACCESS_KEY, "wrong", HERE);
    }
    assertThat(prove(ACCESS_KEY, SECRET, HERE).user()).isEqualTo(ALICE);
  }

  @Test
  void aSourceThatTriesManyNamesIsSlowed() {
    for (int i = 0; i < 10; i++) {
      isNotProved("YKNOBODY00000000000" + i, "wrong", THERE);
    }
    Refused.with(new Problem.Throttled(1), () -> prove(UNKNOWN, "wrong", THERE));
    Refused.with(new Problem.Throttled(1), () -> prove("x", "wrong", THERE));
  }

  @Test
  void aTokenOfAKeyEndsWithTheKey() {
    Tokens.New token = token(new TokenScope.ProjectId(PROJECT));
    assertThat(token.issued().method()).isEqualTo("hw_ak_sk");
    assertThat(lives(token)).isTrue();
    household.services.accessKeys().update(household.caller(ALICE), ACCESS_KEY, false, null);
    assertThat(lives(token)).isFalse();
    household.services.accessKeys().update(household.caller(ALICE), ACCESS_KEY, true, null);
    assertThat(lives(token)).as("not even when it is enabled again").isFalse();

    Tokens.New second = token(new TokenScope.Unsaid());
    household.restart();
    assertThat(lives(second)).isTrue();
    household.services.accessKeys().delete(household.caller(ALICE), ACCESS_KEY);
    assertThat(lives(second)).isFalse();
    household.restart();
    assertThat(lives(second)).isFalse();
  }

  /** The row alone says that the token hangs on the key: nobody needs to end it. */
  @Test
  void aTokenDoesNotOutliveItsKeyBehindTheServersBack() {
    Tokens.New token = token(new TokenScope.ProjectId(PROJECT));
    household.disableAccessKey();
    household.restart();
    assertThat(lives(token)).isFalse();
  }

  @Test
  void aKeyThatWentMeanwhileGetsNoToken() {
    Principal who = prove(ACCESS_KEY, SECRET, HERE);
    household.disableAccessKey();
    Refused.with(
        new Problem.BadToken(),
        () ->
            household.tokens.issue(
                household.admission.callerOf(who, Optional.empty(), "", "0".repeat(32), HERE),
                new TokenScope.Unsaid(),
                ACCESS_KEY));
  }

  @Test
  void noOtherScopeIsHadByATokenOfAKey() {
    Tokens.New token = token(new TokenScope.ProjectId(PROJECT));
    Refused.with(new Problem.BadToken(), () -> household.tokens.parent(token.text().value(), HERE));
  }
}
