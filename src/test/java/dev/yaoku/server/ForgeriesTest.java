package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Problem.RowNotGenuine;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who asks often for a forged row does not fill the log, and the log goes on telling of it. */
class ForgeriesTest {
  private static final RowNotGenuine ROW = new RowNotGenuine("key", "one");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-02-03T04:05:06Z"));
  private final Forgeries forgeries = new Forgeries(now::get);

  private long told(RowNotGenuine row) {
    try (CapturedLog captured = new CapturedLog()) {
      forgeries.accept(row);
      return captured.text().lines().count();
    }
  }

  private void pass(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  @Test
  void aRowIsToldOfOnceAMinute() {
    assertThat(told(ROW)).isEqualTo(1);
    pass(Duration.ofSeconds(59));
    assertThat(told(ROW)).isZero();
    assertThat(told(new RowNotGenuine("key", "other"))).isEqualTo(1);
    pass(Duration.ofSeconds(1));
    assertThat(told(ROW)).isEqualTo(1);
  }

  @Test
  void aClockThatIsSetBackSilencesNothing() {
    assertThat(told(ROW)).isEqualTo(1);
    pass(Duration.ofDays(-1));
    assertThat(told(ROW)).isEqualTo(1);
    assertThat(told(ROW)).isZero();
  }
}
