package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TokenText;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nobody has sessions without end: to end them, or to forget them, would stop everybody. */
class SessionRoomTest {
  private static final int MAX = SessionRoom.OF_A_PERSON_MAX;

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

  private void tokens(int count, IntFunction<Instant> issuedAt) {
    household.store.write(tx -> {
      for (int i = 0; i < count; i++) {
        Instant at = issuedAt.apply(i);
        tx.insert(
            new Rows.Token(
                "%064x".formatted(i + 1),
                Household.ACCOUNT,
                ALICE,
                null,
                false,
                "password",
                null,
                at,
                at.plus(Duration.ofHours(24)),
                Rows.Lineage.NONE,
                1));
      }
      return true;
    });
  }

  private long tokensOf(String user) {
    return household.store.read(tx -> tx.rights().tokenCount(user));
  }

  @Test
  void theOldestTokensGoWhenOthersAreIssued() {
    tokens(MAX, i -> household.now.minusMillis(i));
    String oldest = "%064x".formatted(MAX);
    String next = "%064x".formatted(MAX - SessionRoom.OLDEST);
    assertThat(household.identities.token(oldest)).isPresent();

    String bobs = sha256(household.issue(BOB, new TokenScope.Unsaid()));
    assertThat(tokensOf(ALICE)).as("others' log-ins take nothing").isEqualTo(MAX);

    String made = sha256(household.issue(ALICE, new TokenScope.Unsaid()));
    assertThat(tokensOf(ALICE)).isEqualTo(MAX - SessionRoom.OLDEST + 1);
    assertThat(household.identities.token(oldest)).isEmpty();
    assertThat(household.identities.token(next)).isPresent();
    assertThat(household.identities.token(made)).isPresent();
    assertThat(household.identities.token(bobs)).isPresent();
  }

  @Test
  void theOldestTemporaryKeysGoWhenOthersAreMade() {
    household.store.write(tx -> {
      for (int i = 0; i < MAX; i++) {
        Instant at = household.now.minusMillis(i);
        tx.rights().insert(key("YKTEMP%014d".formatted(i), at));
      }
      return true;
    });

    household
        .temporaryKeys
        .make(
            household.caller(ALICE),
            Household.ACCESS_KEY,
            new TemporaryKeys.Order(TemporaryKeys.USUAL_LIFE, null))
        .secret()
        .close();
    household.store.read(tx -> {
      assertThat(tx.rights().temporaryKeyCount(ALICE)).isEqualTo(MAX - SessionRoom.OLDEST + 1);
      assertThat(tx.rights().temporaryKey("YKTEMP%014d".formatted(MAX - 1))).isEmpty();
      assertThat(tx.rights().temporaryKey("YKTEMP%014d".formatted(0))).isPresent();
      return true;
    });
  }

  private static Rights.TemporaryKey key(String id, Instant at) {
    return new Rights.TemporaryKey(
        id,
        Household.ACCOUNT,
        ALICE,
        null,
        new byte[16],
        1,
        "0".repeat(64),
        "YKPARENT",
        null,
        null,
        null,
        at,
        at.plus(Duration.ofHours(1)),
        1);
  }

  @Test
  void moreTokensThanOneTransactionTakesAreForgotten() {
    tokens(2_100, _ -> household.now);
    household.now = household.now.plus(Duration.ofDays(9));
    assertThat(household.leftovers.forget(household.now)).isEqualTo(2_100);
    assertThat(tokensOf(ALICE)).isZero();
  }

  private static String sha256(Tokens.New made) {
    return TokenText.sha256(made.text().value());
  }
}
