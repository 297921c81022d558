package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.KmsException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlowLaneTest {
  /** Work that the lane has started and that the test lets run. */
  private final Deque<Runnable> started = new ArrayDeque<>();

  private final List<String> ran = new ArrayList<>();

  /** How late it is. */
  private long nanos;

  private SlowLane lane(int running, int waiting, int perOwner) {
    return new SlowLane(running, waiting, perOwner, started::add, () -> nanos);
  }

  private void submit(SlowLane lane, String owner, Runnable work) {
    lane.submit(owner, work, started::add);
  }

  private Runnable work(String name) {
    return () -> ran.add(name);
  }

  private void runAll() {
    while (!started.isEmpty()) {
      started.remove().run();
    }
  }

  @Test
  void soMuchRunsAtOnceAndTheRestWaits() {
    SlowLane lane = lane(2, 10, 10);
    for (String owner : List.of("a", "b", "c", "d")) {
      submit(lane, owner, work(owner));
    }

    assertThat(started).hasSize(2);
    assertThat(lane.waiting()).isEqualTo(2);
    runAll();
    assertThat(ran).containsExactly("a", "b", "c", "d");
    assertThat(lane.running()).isZero();
    assertThat(lane.waiting()).isZero();
  }

  @Test
  void whoHasMuchWaitingDoesNotHoldUpTheOthers() {
    SlowLane lane = lane(1, 100, 100);
    for (int i = 0; i < 50; i++) {
      submit(lane, "loud", work("loud"));
    }
    submit(lane, "quiet", work("quiet"));

    runAll();

    assertThat(ran.indexOf("quiet")).isBetween(0, 2);
    assertThat(ran).hasSize(51);
  }

  @Test
  void timeIsThePriceAndNotTheNumber() {
    SlowLane lane = lane(1, 100, 100);
    for (int i = 0; i < 5; i++) {
      submit(lane, "slow", this::takeLong);
      submit(lane, "quick", work("quick"));
    }

    runAll();

    assertThat(ran).startsWith("slow", "quick", "quick", "quick", "quick", "quick");
  }

  private void takeLong() {
    nanos += 1_000;
    ran.add("slow");
  }

  @Test
  void aQuarterOfThePlacesIsLeftToOthers() {
    SlowLane lane = lane(4, 100, 100);
    for (int i = 0; i < 10; i++) {
      submit(lane, "loud", work("loud"));
    }
    assertThat(started).hasSize(3);

    submit(lane, "quiet", work("quiet"));
    assertThat(started).hasSize(4);
    runAll();
    assertThat(ran).hasSize(11);
  }

  @Test
  void oneOwnerCannotFillTheQueue() {
    SlowLane lane = lane(1, 100, 2);
    for (int i = 0; i < 3; i++) {
      submit(lane, "loud", work("loud"));
    }
    assertThatThrownBy(() -> submit(lane, "loud", work("loud")))
        .isInstanceOf(KmsException.class)
        .hasMessageContaining("Throttled");
    submit(lane, "quiet", work("quiet"));
  }

  @Test
  void theQueueHasAnEnd() {
    SlowLane lane = lane(1, 2, 2);
    submit(lane, "a", work("a"));
    submit(lane, "b", work("b"));
    submit(lane, "c", work("c"));
    assertThatThrownBy(() -> submit(lane, "d", work("d")))
        .isInstanceOf(KmsException.class)
        .hasMessageContaining("Overloaded");
  }

  @Test
  void workThatThrowsGivesItsPlaceBack() {
    SlowLane lane = lane(1, 10, 10);
    submit(
        lane,
        "a",
        () -> {
          throw new IllegalStateException("on purpose");
        });
    submit(lane, "b", work("b"));

    assertThatThrownBy(() -> started.remove().run()).hasMessage("on purpose");
    runAll();
    assertThat(ran).containsExactly("b");
  }

  @Test
  void workThatComesAfterTheEndIsDroppedWithoutAWord() {
    ExecutorService ended = Executors.newVirtualThreadPerTaskExecutor();
    ended.close();
    SlowLane lane = new SlowLane(2, 10, 10, ended, () -> nanos);

    assertThatCode(() -> submit(lane, "a", work("a"))).doesNotThrowAnyException();
    assertThatCode(() -> lane.submit("b", work("b"), ended)).doesNotThrowAnyException();
    assertThat(ran).isEmpty();
  }

  @Test
  void whatFindsNoThreadIsRefusedAndTakesNoPlace() {
    AtomicInteger refusals = new AtomicInteger();
    Executor poor =
        work -> {
          if (refusals.getAndIncrement() < 2) { // each is tried twice
            throw new OutOfMemoryError("unable to create native thread");
          }
          started.add(work);
        };
    SlowLane lane = new SlowLane(1, 10, 10, poor, () -> nanos);

    assertThatThrownBy(() -> lane.submit("a", work("refused"), poor))
        .isInstanceOf(OutOfMemoryError.class);
    assertThat(lane.running()).isZero();
    assertThat(lane.waiting()).isZero();
    lane.submit("a", work("next"), poor);
    runAll();
    assertThat(ran).containsExactly("next");
  }

  @Test
  void whatWaitsBehindWorkThatFoundNoThreadStillRuns() {
    boolean[] noThread = {false};
    Executor threads =
        work -> {
          if (noThread[0]) {
            throw new OutOfMemoryError("unable to create native thread");
          }
          started.add(work);
        };
    SlowLane lane = new SlowLane(1, 10, 10, threads, () -> nanos);
    lane.submit("a", work("first"), threads);
    lane.submit("b", work("lost"), threads);
    lane.submit("b", work("kept"), threads);

    noThread[0] = true;
    assertThatThrownBy(() -> started.remove().run()).isInstanceOf(OutOfMemoryError.class);
    noThread[0] = false;
    lane.submit("c", work("last"), threads);
    runAll();

    assertThat(ran).contains("first", "kept", "last");
    assertThat(lane.running()).isZero();
  }
}
