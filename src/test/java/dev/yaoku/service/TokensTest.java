package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_PROJECT;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.SECOND_PROJECT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Principal;
import dev.yaoku.access.SignatureMark;
import dev.yaoku.access.TokenText;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
  private static final String SOURCE = "192.0.2.1";

  @TempDir private Path directory;
  private Household household;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
  }

  @AfterEach
  void close() {
    household.close();
  }

  @Test
  void aTokenNamesItsOwnerAndScopeAndLivesADay() {
    Tokens.New made = issue(ALICE, new TokenScope.ProjectNamed("cn-north-4", "home"));
    Directory.KnownToken known = known(made);
    assertThat(known.principal().user()).isEqualTo(ALICE);
    assertThat(known.principal().byToken()).isTrue();
    assertThat(known.principal().tokenProject()).isEqualTo(PROJECT);
    assertThat(known.expiresAt()).isEqualTo(household.now.plus(Duration.ofHours(24)));
    assertThat(made.text().value()).matches("yk1_[A-Za-z0-9_-]{43}");
    assertThat(made.toString()).doesNotContain(made.text().value());
  }

  @Test
  void aTokenLivesItsWholeLifeHoweverLongItsMakingTakes() {
    household.tick = Duration.ofMillis(1);
    IssuedToken issued = issue(ALICE, new TokenScope.ProjectId(PROJECT)).issued();
    assertThat(Duration.between(issued.issuedAt(), issued.expiresAt()))
        .isEqualTo(Duration.ofHours(24));
  }

  @Test
  void aTokenSurvivesARestart() {
    Tokens.New made = issue(ALICE, new TokenScope.ProjectId(SECOND_PROJECT));
    household.restart();
    assertThat(known(made).principal().tokenProject()).isEqualTo(SECOND_PROJECT);
  }

  @Test
  void theStoreDoesNotHoldTheToken() throws IOException {
    Tokens.New made = issue(ALICE, new TokenScope.Unsaid());
    household.restart();
    String token = made.text().value();
    String written = written();
    assertThat(written).as("the right files").contains(sha256(made));
    assertThat(written).doesNotContain(token).doesNotContain(token.substring(4));
    assertThat(EventTail.all(household.file))
        .extracting(event -> new String(event.entry(), StandardCharsets.ISO_8859_1))
        .anyMatch(entry -> entry.contains(sha256(made).substring(0, 8)))
        .noneMatch(entry -> entry.contains(token.substring(4)));
  }

  /** All that is in files: the database, its log, and the folder of events beside it. */
  private String written() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void aScopeIsOfTheUsersAccount() {
    assertThat(issue(ALICE, new TokenScope.Unsaid()).issued().project()).isNull();
    assertThat(issue(ALICE, new TokenScope.Domain("home")).issued().project()).isNull();
    for (TokenScope scope :
        new TokenScope[] {
          new TokenScope.ProjectId(OTHER_PROJECT),
          new TokenScope.ProjectId("nowhere"),
          new TokenScope.ProjectNamed("nowhere", null),
          new TokenScope.ProjectNamed("cn-north-4", "away"),
          new TokenScope.Domain("away")
        }) {
      assertThat(problemOf(() -> issue(ALICE, scope)))
          .as(scope.toString())
          .isEqualTo(new Problem.UnknownScope());
    }
  }

  @Test
  void aDerivedTokenEndsWithItsParentAndNotLater() {
    Tokens.New parent = issue(ALICE, new TokenScope.Unsaid());
    household.now = household.now.plus(Duration.ofHours(20));
    Tokens.New child = derive(parent, new TokenScope.ProjectId(PROJECT));
    assertThat(child.issued().expiresAt()).isEqualTo(parent.issued().expiresAt());
    assertThat(known(child).principal().tokenProject()).isEqualTo(PROJECT);

    household.services.subjectTokens().revoke(household.caller(ALICE), parent.text().value());
    assertThat(household.identities.token(sha256(parent))).isEmpty();
    assertThat(household.identities.token(sha256(child))).isEmpty();
    household.restart();
    assertThat(household.identities.token(sha256(child))).isEmpty();
  }

  @Test
  void onlyALivingTokenOfAPasswordHasChildren() {
    Tokens.New parent = issue(ALICE, new TokenScope.Unsaid());
    Tokens.New child = derive(parent, new TokenScope.ProjectId(PROJECT));
    assertThat(problemOf(() -> derive(child, new TokenScope.Unsaid())))
        .isInstanceOf(Problem.BadToken.class);
    assertThat(problemOf(() -> derive(parent, new TokenScope.ProjectId(OTHER_PROJECT))))
        .isInstanceOf(Problem.UnknownScope.class);
    household.now = household.now.plus(Duration.ofHours(24));
    assertThat(problemOf(() -> derive(parent, new TokenScope.Unsaid())))
        .isInstanceOf(Problem.TokenExpired.class);
    assertThat(problemOf(() -> household.tokens.parent("yk1_x", SOURCE)))
        .isInstanceOf(Problem.BadToken.class);
  }

  @Test
  void aTokenDerivedWhileItsParentIsRevokedIsNotIssued() {
    Tokens.New parent = issue(ALICE, new TokenScope.Unsaid());
    Tokens.Parent read = household.tokens.parent(parent.text().value(), SOURCE);
    household.services.subjectTokens().revoke(household.caller(ALICE), parent.text().value());
    assertThat(
            problemOf(() ->
                household.tokens.derive(household.caller(ALICE), read, new TokenScope.Unsaid())))
        .isInstanceOf(Problem.BadToken.class);
  }

  @Test
  void aTokenIsShownToItsOwnerAndToAdministratorsOfTheAccountOnly() {
    String ofBob = issue(BOB, new TokenScope.Unsaid()).text().value();
    String ofAlice = issue(ALICE, new TokenScope.Unsaid()).text().value();
    assertThat(household.services.subjectTokens().show(household.caller(BOB), ofBob).userName())
        .isEqualTo("bob");
    assertThat(household.services.subjectTokens().show(household.caller(ALICE), ofBob).userName())
        .isEqualTo("bob");
    assertUnknown(BOB, ofAlice);
    assertUnknown(CAROL, ofAlice);
    assertUnknown(ALICE, "x");
    assertUnknown(ALICE, TokenText.of(new byte[32]));
    household.now = household.now.plus(Duration.ofHours(24));
    assertUnknown(ALICE, ofAlice);
  }

  private void assertUnknown(String user, String token) {
    assertThat(
            problemOf(() -> household.services.subjectTokens().show(household.caller(user), token)))
        .isEqualTo(new Problem.UnknownSubjectToken());
    assertThat(
            problemOf(
                () -> household.services.subjectTokens().revoke(household.caller(user), token)))
        .isEqualTo(new Problem.UnknownSubjectToken());
  }

  @Test
  void aRevokedTokenIsGoneAtOnce() {
    Tokens.New made = issue(ALICE, new TokenScope.Unsaid());
    assertThat(household.identities.token(sha256(made))).isPresent();
    household.services.subjectTokens().revoke(household.caller(ALICE), made.text().value());
    assertThat(household.identities.token(sha256(made))).isEmpty();
  }

  @Test
  void whereReplaysAreRefusedASignatureIsGoodForOneChange() {
    SignatureMark mark = new SignatureMark("f".repeat(64), household.now.toEpochMilli() + 1);
    String first = issue(ALICE, new TokenScope.Unsaid()).text().value();
    String second = issue(ALICE, new TokenScope.Unsaid()).text().value();
    household.services.subjectTokens().revoke(marked(mark), first);
    assertThat(problemOf(() -> household.services.subjectTokens().revoke(marked(mark), second)))
        .isEqualTo(new Problem.Replayed());
    assertThat(household.services.subjectTokens().show(household.caller(ALICE), second).userName())
        .as("nothing was changed")
        .isEqualTo("alice");
    household.now = household.now.plusMillis(2);
    household.leftovers.forget(household.now);
    household.services.subjectTokens().revoke(marked(mark), second);
  }

  private Caller marked(SignatureMark mark) {
    Principal who = household.caller(ALICE).principal();
    return household.admission.callerOf(who, Optional.of(mark), "", "0".repeat(32), SOURCE);
  }

  @Test
  void anEndedTokenIsToldFromAnUnknownOneForAWeek() {
    Tokens.New made = issue(ALICE, new TokenScope.Unsaid());
    household.now = household.now.plus(Duration.ofDays(2));
    assertThat(household.leftovers.forget(household.now)).isZero();
    assertThat(known(made).expiresAt()).isBefore(household.now);
    household.now = household.now.plus(Duration.ofDays(7));
    assertThat(household.leftovers.forget(household.now)).isEqualTo(1);
  }

  private Tokens.New issue(String user, TokenScope scope) {
    return household.issue(user, scope);
  }

  private Tokens.New derive(Tokens.New from, TokenScope scope) {
    Tokens.Parent parent = household.tokens.parent(from.text().value(), SOURCE);
    return household.tokens.derive(household.caller(parent.who().user()), parent, scope);
  }

  private Directory.KnownToken known(Tokens.New made) {
    return household.identities.token(sha256(made)).orElseThrow();
  }

  private static String sha256(Tokens.New made) {
    return TokenText.sha256(Objects.requireNonNull(made.text().value()));
  }

  private static @Nullable Problem problemOf(Runnable work) {
    try {
      work.run();
      return null;
    } catch (KmsException e) {
      return e.problem();
    }
  }
}
