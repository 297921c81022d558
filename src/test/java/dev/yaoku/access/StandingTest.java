package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is remembered beside a credential proves nothing for anybody else. */
class StandingTest {
  private static final String HERE = "192.0.2.1";
  private static final String THERE = "192.0.2.2";
  private static final long NOW = Instant.parse("2026-01-02T03:04:05Z").toEpochMilli();

  private final Standing standing = new Standing();

  @Test
  void nobodyHasProvedANewCredential() {
    assertThat(standing.wasProvedFrom(HERE, NOW)).isFalse();
  }

  @Test
  void aProofCountsForItsSourceAndForAMinute() {
    standing.provedFrom(HERE, NOW);

    assertThat(standing.wasProvedFrom(HERE, NOW)).isTrue();
    assertThat(standing.wasProvedFrom(new String(HERE), NOW + 59_999)).isTrue();
    assertThat(standing.wasProvedFrom(HERE, NOW + 60_000)).isFalse();
    assertThat(standing.wasProvedFrom(HERE, NOW - 1)).isFalse();
    assertThat(standing.wasProvedFrom(THERE, NOW)).isFalse();
  }

  @Test
  void theLastProofReplacesTheOneBefore() {
    standing.provedFrom(HERE, NOW);
    standing.provedFrom(THERE, NOW);

    assertThat(standing.wasProvedFrom(HERE, NOW)).isFalse();
    assertThat(standing.wasProvedFrom(THERE, NOW)).isTrue();
  }
}
