package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Directory.StrangersKey;
import dev.yaoku.access.SigningKey;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.secret.SecretBytes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a stranger can bring about tells a key that is there from one that is not. */
class StrangersKeysTest {
  private Instant now = Instant.parse("2026-01-02T03:04:05Z");
  private final Semaphore turns = new Semaphore(1);
  private final StrangersKeys keys = new StrangersKeys(10, turns, () -> now);
  private final List<SecretBytes> secrets = new ArrayList<>();
  private int loads;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWasFoundCountsForASecond(boolean there) {
    StrangersKey first = find("name", there);
    now = now.plusMillis(999);
    assertThat(Waiting.forbidden(() -> find("name", there))).isSameAs(first);
    now = now.plusMillis(1);
    assertThatThrownBy(() -> Waiting.forbidden(() -> find("name", there)))
        .isInstanceOf(NotInMemory.class);
    find("name", there);
    assertThat(loads).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoeverWasThereBeforeWaitsForHisTurnLikeAnybody(boolean there) {
    find("name", there);
    now = now.plusSeconds(1);
    turns.drainPermits();
    assertThatThrownBy(() -> find("name", there))
        .isInstanceOfSatisfying(
            KmsException.class, e -> assertThat(e.problem()).isEqualTo(new Problem.Throttled(1)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatLeavesIsWiped(boolean there) {
    for (int i = 0; i < 100; i++) {
      find("name" + i, there);
    }
    now = now.plusSeconds(1);
    keys.sweep();
    assertThat(secrets).hasSize(100).allMatch(StrangersKeysTest::isWiped);
  }

  @Test
  void aKeyThatIsMadeWhileItIsAskedForIsThereTheNextTime() {
    keys.find(
        "name",
        name -> {
          keys.forget(name);
          return key(false);
        });
    assertThat(find("name", true).there()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatOthersChangeMeanwhileChangesNothing(boolean there) {
    StrangersKey found =
        keys.find(
            "name",
            _ -> {
              keys.forget("another");
              return key(there);
            });
    assertThat(Waiting.forbidden(() -> find("name", there))).isSameAs(found);
  }

  @Test
  void twoWhoAskAtOnceHoldTheSameAndNothingIsWipedInTheirHands() {
    turns.release();
    List<StrangersKey> within = new ArrayList<>();
    StrangersKey outer =
        keys.find(
            "name",
            name -> {
              within.add(find(name, true));
              return key(true);
            });
    assertThat(within).containsExactly(outer);
    assertThat(isWiped(secrets.getFirst())).isFalse();
    assertThat(isWiped(secrets.getLast())).isTrue();
  }

  private StrangersKey find(String name, boolean there) {
    return keys.find(
        name,
        _ -> {
          loads++;
          return key(there);
        });
  }

  private StrangersKey key(boolean there) {
    SecretBytes secret = Household.text("secret");
    secrets.add(secret);
    return new StrangersKey(SigningKey.of(secret), there);
  }

  private static boolean isWiped(SecretBytes secret) {
    try {
      secret.lend(bytes -> bytes.length);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
