package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecencyTest {
  private static final long SECOND = Recency.COUNTS_FOR.toNanos();

  /** Near the end of what a number holds: only differences mean anything. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - SECOND);

  private final Recency recency = new Recency(nanos::get);

  @Test
  void whatWasReadCountsForASecond() {
    long first = recency.view();
    nanos.addAndGet(SECOND);
    assertThat(recency.view()).isEqualTo(first);
    nanos.addAndGet(1);
    assertThat(recency.view()).isNotEqualTo(first);
  }

  @Test
  void aLookMakesItCountForASecondFromWhenItBegan() {
    long first = recency.view();
    long began = nanos.get();
    nanos.addAndGet(SECOND / 2);
    recency.looked(began);
    nanos.addAndGet(SECOND / 2);
    recency.looked(began + SECOND / 2);
    nanos.addAndGet(SECOND / 2);
    assertThat(recency.view()).isEqualTo(first);
    nanos.addAndGet(1);
    assertThat(recency.view()).isNotEqualTo(first);
  }

  @Test
  void aLookThatComesLateBringsNothingBack() {
    long first = recency.view();
    long began = nanos.addAndGet(SECOND / 2);
    nanos.addAndGet(SECOND);
    long second = recency.view();
    assertThat(second).isNotEqualTo(first);
    recency.looked(began);
    assertThat(recency.view()).isEqualTo(second);
  }

  @Test
  void whileNoLookSucceedsWhatIsReadAnewCountsForASecondToo() {
    nanos.addAndGet(5 * SECOND);
    long view = recency.view();
    nanos.addAndGet(SECOND);
    assertThat(recency.view()).as("one view a second, not one a question").isEqualTo(view);
    nanos.addAndGet(1);
    assertThat(recency.view()).isEqualTo(view + 1);
  }
}
