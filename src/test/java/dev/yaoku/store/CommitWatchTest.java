package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CommitWatchTest {
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE); // its zero means nothing
  private final CommitWatch watch = new CommitWatch(QUIET, nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aCommitThatDoesNotEndIsAFailureUntilItIsDurable() {
    assertThat(watch.isFailing()).isFalse();
    watch.begin();
    pass(CommitWatch.PATIENCE.minusNanos(1));
    assertThat(watch.isFailing()).isFalse();
    pass(Duration.ofNanos(1));
    assertThat(watch.isFailing()).isTrue();
    assertThat(watch.lastFailed()).as("it is under way").isFalse();
    watch.committed();
    assertThat(watch.isFailing()).isFalse();
    pass(Duration.ofDays(1));
    assertThat(watch.isFailing()).as("nothing was to do").isFalse();
  }

  @Test
  void afterAFailureBothASuccessAndSomeTimeAreNeeded() {
    watch.begin();
    watch.failed();
    assertThat(watch.lastFailed()).isTrue();
    pass(Duration.ofDays(1));
    assertThat(watch.isFailing()).as("nothing succeeded").isTrue();

    watch.failed();
    pass(QUIET.minusNanos(1));
    watch.begin();
    watch.committed();
    assertThat(watch.lastFailed()).isFalse();
    assertThat(watch.isFailing()).as("a small one may have found room").isTrue();
    pass(Duration.ofNanos(1));
    assertThat(watch.isFailing()).isFalse();
  }

  @Test
  void afterAWaitInVainASuccessIsEnough() {
    watch.begin();
    watch.waitedInVain();
    assertThat(watch.lastFailed()).isTrue();
    assertThat(watch.isFailing()).isTrue();

    watch.begin();
    watch.committed();
    assertThat(watch.isFailing()).isFalse();
  }
}
