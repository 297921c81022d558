package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static dev.yaoku.service.Household.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Authenticators;
import dev.yaoku.access.Directory;
import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.Heads;
import dev.yaoku.access.Principal;
import dev.yaoku.access.RequestAuthenticator;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.SignatureRules;
import dev.yaoku.access.Target;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdentitiesTest {
  private static final String UNKNOWN = "YKNOBODY000000000001";

  @TempDir private Path directory;
  private Household household;
  private Identities identities;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    identities = household.identities;
  }

  @AfterEach
  void close() {
    household.close();
  }

  @Test
  void aStoredAccessKeySignsAndProvesItsOwner() {
    Principal who = prove(ACCESS_KEY, Household.SECRET);
    assertThat(who)
        .isEqualTo(new Principal(ACCOUNT, "home", ALICE, "alice", true, ACCESS_KEY, false, null));
    assertThatThrownBy(() -> prove(ACCESS_KEY, Household.SECRET + "x"))
        .isInstanceOf(KmsException.class);
    assertThatThrownBy(() -> prove(UNKNOWN, Household.SECRET)).isInstanceOf(KmsException.class);
  }

  @Test
  void aLookUpNeedsTheStoreOnlyOnce() {
    assertThatThrownBy(() -> Waiting.forbidden(() -> identities.accessKey(ACCESS_KEY)))
        .isInstanceOf(NotInMemory.class);
    identities.accessKey(ACCESS_KEY);
    assertThat(Waiting.forbidden(() -> identities.accessKey(ACCESS_KEY))).isPresent();
    identities.project(PROJECT);
    assertThat(Waiting.forbidden(() -> identities.project(PROJECT)))
        .map(Directory.KnownProject::account)
        .contains(ACCOUNT);
  }

  @Test
  void thatNothingWasFoundIsRememberedForASecond() {
    assertThat(identities.accessKey(UNKNOWN)).isEmpty();
    assertThat(Waiting.forbidden(() -> identities.accessKey(UNKNOWN))).isEmpty();
    household.now = household.now.plusSeconds(1);
    assertThatThrownBy(() -> Waiting.forbidden(() -> identities.accessKey(UNKNOWN)))
        .isInstanceOf(NotInMemory.class);
  }

  @Test
  void aDecisionCountsForAMinute() {
    identities.accessKey(ACCESS_KEY);
    household.disableAccessKey();
    assertThat(identities.accessKey(ACCESS_KEY)).isPresent();
    household.now = household.now.plusSeconds(60);
    assertThat(identities.accessKey(ACCESS_KEY)).isEmpty();
  }

  @Test
  void aChangeCountsAtOnceOnThisNode() {
    identities.accessKey(ACCESS_KEY);
    household.disableAccessKey();
    identities.accessKeyChanged(ACCESS_KEY);
    assertThat(identities.accessKey(ACCESS_KEY)).isEmpty();
  }

  @Test
  void aDisabledUserHasNoAccessKeyAndNoToken() {
    Tokens.New token = household.issue(ALICE, new TokenScope.Unsaid());
    String sha256 = dev.yaoku.access.TokenText.sha256(token.text().value());
    assertThat(identities.accessKey(ACCESS_KEY)).isPresent();
    assertThat(identities.token(sha256)).isPresent();
    household.disableUser(ALICE);
    identities.userChanged(ALICE);
    assertThat(identities.accessKey(ACCESS_KEY)).isEmpty();
    assertThat(identities.token(sha256)).isEmpty();
  }

  @Test
  void aClockThatGoesBackKeepsNothing() {
    identities.accessKey(ACCESS_KEY);
    household.now = household.now.minusSeconds(1);
    assertThatThrownBy(() -> Waiting.forbidden(() -> identities.accessKey(ACCESS_KEY)))
        .isInstanceOf(NotInMemory.class);
  }

  @Test
  void anAccessKeyMovedToAnotherUserBehindOurBackIsNotUsed() throws SQLException {
    try (Connection sql = DriverManager.getConnection("jdbc:sqlite:" + household.file);
        var statement = sql.prepareStatement("update access_key set \"user\" = ? where id = ?")) {
      statement.setString(1, Household.BOB);
      statement.setString(2, ACCESS_KEY);
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
    assertThatThrownBy(() -> identities.accessKey(ACCESS_KEY))
        .isInstanceOfSatisfying(
            KmsException.class,
            e -> assertThat(e.problem()).isInstanceOf(Problem.RowNotGenuine.class));
  }

  @Test
  void aUserIsNobodyInAnotherAccount() {
    assertThat(principal(ACCOUNT)).map(Principal::user).contains(ALICE);
    assertThat(principal(OTHER_ACCOUNT)).isEmpty();
  }

  /** Alice, as one of an account. */
  private Optional<Principal> principal(String account) {
    return household.store.read(tx -> Identities.principal(tx, account, ALICE, "", false, null));
  }

  private Principal prove(String accessKey, String secret) {
    RequestAuthenticator authenticator =
        Authenticators.of(
            identities,
            new FailureThrottle(FailureThrottle.Limits.USUAL, household.clock),
            SignatureRules.USUAL,
            household.clock,
            household.randomness.secret(40));
    String canonical = "GET\n/\n\nx-sdk-date:20260102T030405Z\n\nx-sdk-date\n" + hex("");
    String toSign = "SDK-HMAC-SHA256\n20260102T030405Z\n" + hex(canonical);
    byte[] signature = Hashes.hmacSha256(bytes(secret), bytes(toSign));
    RequestHead head =
        Heads.plain(
            "GET",
            Target.parse("/"),
            List.of(
                new RequestHead.Header("x-sdk-date", "20260102T030405Z"),
                new RequestHead.Header(
                    "authorization",
                    "SDK-HMAC-SHA256 Access="
                        + accessKey
                        + ", SignedHeaders=x-sdk-date, Signature="
                        + HexFormat.of().formatHex(signature))),
            "192.0.2.1",
            true);
    return authenticator.read(head).prove(new byte[0]);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(Hashes.sha256(bytes(text)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
