package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrowingLifeTest {
  private static final long BEGIN = -5;

  private final GrowingLife life = new GrowingLife(1_000, 60_000);

  @Test
  void aLifeIsTwiceTheTimeSinceTheFirstWithinItsLimits() {
    assertThat(life.from(BEGIN)).isEqualTo(1_000);
    assertThat(life.from(BEGIN + 400)).isEqualTo(1_000);
    assertThat(life.from(BEGIN + 7_000)).isEqualTo(14_000);
    assertThat(life.from(BEGIN + 30_000)).isEqualTo(60_000);
    assertThat(life.from(BEGIN + 1_000_000)).isEqualTo(60_000);
  }

  @Test
  void aClockThatGoesBackMakesItShort() {
    life.from(BEGIN);
    assertThat(life.from(BEGIN - 1_000_000)).isEqualTo(1_000);
  }

  @Test
  void aLimitBelowTheLeastIsTheLimit() {
    assertThat(new GrowingLife(1_000, 300).from(BEGIN)).isEqualTo(300);
  }
}
