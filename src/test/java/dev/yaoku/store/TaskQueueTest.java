package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** When the writer begins a commit, and when it waits for more. */
class TaskQueueTest {
  private static final Duration FOR_EVER = Duration.ofHours(1);
  private static final int ENOUGH = 256;

  @Test
  void aLoneTaskDoesNotWaitForOthers() throws Exception {
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), () -> 1, () -> 0);
    queue.offer(event());

    assertThat(queue.take(FOR_EVER)).hasSize(1);
  }

  @Test
  void aLoneTaskWaitsForRequestsThatAreUnderWay() throws Exception {
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), () -> 2 * ENOUGH, () -> 0);
    CompletableFuture<List<Task>> taken = taking(queue);
    for (int i = 1; i < ENOUGH; i++) {
      queue.offer(event());
    }
    assertThat(taken).isNotDone();

    queue.offer(event());
    assertThat(taken.get(10, TimeUnit.SECONDS)).hasSize(ENOUGH);
  }

  @Test
  void itWaitsNoLongerThanCommitsAreToLieApart() throws Exception {
    TaskQueue queue = new TaskQueue(limits(Duration.ofMillis(1)), () -> 2 * ENOUGH, () -> 0);
    queue.offer(event());

    assertThat(taking(queue).get(10, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void severalAreCommittedAtOnceWhenNobodyIsLeftWhoCouldJoinThem() throws Exception {
    AtomicInteger underWay = new AtomicInteger(2);
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), underWay::get, () -> 0);
    queue.offer(event());
    queue.offer(event());
    queue.done(queue.take(FOR_EVER));

    underWay.set(4);
    CompletableFuture<List<Task>> taken = taking(queue);
    for (int i = 1; i < 4; i++) {
      queue.offer(event());
    }
    assertThat(taken).isNotDone();
    queue.offer(event());
    assertThat(taken.get(10, TimeUnit.SECONDS)).hasSize(4);
  }

  @Test
  void ofManyCallersAFewWaitForThoseWhoWereJustAnswered() throws Exception {
    AtomicInteger underWay = new AtomicInteger(16);
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), underWay::get, () -> 0);
    offerEvents(queue, 16);
    queue.done(queue.take(FOR_EVER));

    underWay.set(7);
    CompletableFuture<List<Task>> taken = taking(queue);
    offerEvents(queue, 7);
    assertThat(taken).isNotDone();

    underWay.set(8);
    offerEvents(queue, 1);
    assertThat(taken.get(10, TimeUnit.SECONDS)).hasSize(8);
  }

  @Test
  void aPatientEventWaitsForHalfOfThoseThatAreStillComputed() throws Exception {
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), () -> 6, () -> 6);
    queue.offer(patient());
    CompletableFuture<List<Task>> taken = taking(queue);
    queue.offer(patient());
    assertThat(taken).isNotDone();

    queue.offer(patient());
    assertThat(taken.get(10, TimeUnit.SECONDS)).hasSize(3);
  }

  @Test
  void aPatientEventThatIsAloneDoesNotWait() throws Exception {
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), () -> 1, () -> 1);
    queue.offer(patient());

    assertThat(queue.take(FOR_EVER)).hasSize(1);
  }

  @Test
  void aPatientEventDoesNotWaitForLong() throws Exception {
    TaskQueue queue = new TaskQueue(limits(Duration.ofMillis(1)), () -> 64, () -> 64);
    queue.offer(patient());

    assertThat(taking(queue).get(10, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void anyOtherTaskIsCommittedAtOnceAndTakesThePatientOnesAlong() throws Exception {
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), () -> 65, () -> 64);
    queue.offer(patient());
    CompletableFuture<List<Task>> taken = taking(queue);
    queue.offer(event());

    assertThat(taken.get(10, TimeUnit.SECONDS)).hasSize(2);
  }

  @Test
  void theEventAfterwardsDoesNotWaitBecausePatientOnesCameAlong() throws Exception {
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), () -> 65, () -> 64);
    queue.offer(event());
    queue.offer(patient());
    queue.offer(patient());
    queue.done(queue.take(FOR_EVER));

    queue.offer(event());
    assertThat(taking(queue).get(10, TimeUnit.SECONDS)).hasSize(1);
  }

  @Test
  void someChangesWaitForAsManyAsHadComeBefore() throws Exception {
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), () -> 0, () -> 0);
    offerChanges(queue, 8);
    queue.done(queue.take(FOR_EVER));

    CompletableFuture<List<Task>> taken = waiting(queue);
    offerChanges(queue, 7);
    assertThat(taken).isNotDone();
    offerChanges(queue, 1);
    assertThat(taken.get(10, TimeUnit.SECONDS)).hasSize(8);
  }

  @Test
  void manyChangesWaitForHalfOfThoseThatHadComeBefore() throws Exception {
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), () -> 0, () -> 0);
    offerChanges(queue, 48);
    queue.done(queue.take(FOR_EVER));

    CompletableFuture<List<Task>> taken = waiting(queue);
    offerChanges(queue, 23);
    assertThat(taken).isNotDone();
    offerChanges(queue, 1);
    assertThat(taken.get(10, TimeUnit.SECONDS)).hasSize(24);
  }

  /** Somebody who waits for the next group before anything of it is there. */
  private static CompletableFuture<List<Task>> waiting(TaskQueue queue) {
    CompletableFuture<List<Task>> taken = new CompletableFuture<>();
    Thread taker = Thread.ofVirtual().start(() -> take(queue, taken));
    while (taker.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    return taken;
  }

  private static void offerEvents(TaskQueue queue, int count) {
    for (int i = 0; i < count; i++) {
      queue.offer(event());
    }
  }

  private static void offerChanges(TaskQueue queue, int count) {
    for (int i = 0; i < count; i++) {
      queue.offer(new Task.Change<>(_ -> true, false));
    }
  }

  @Test
  void closingEndsAllWaiting() throws Exception {
    TaskQueue queue = new TaskQueue(limits(FOR_EVER), () -> 2 * ENOUGH, () -> 0);
    CompletableFuture<List<Task>> taken = taking(queue);
    queue.offer(event());
    queue.close();

    assertThat(taken.get(10, TimeUnit.SECONDS)).hasSize(1);
    assertThat(queue.isDone()).isTrue();
  }

  private static TaskQueue.Limits limits(Duration gather) {
    return new TaskQueue.Limits(1_024, 65_536, 64L << 20, gather);
  }

  private static Task event() {
    return Task.Events.of(List.of(Samples.event("read")), _ -> {});
  }

  private static Task patient() {
    return Task.Events.of(
        List.of(Samples.event("sign")),
        new AppendListener() {
          @Override
          public void settled(@Nullable Throwable failure) {}

          @Override
          public boolean isPatient() {
            return true;
          }
        });
  }

  private static CompletableFuture<List<Task>> taking(TaskQueue queue) {
    CompletableFuture<List<Task>> taken = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> take(queue, taken));
    return taken;
  }

  private static void take(TaskQueue queue, CompletableFuture<List<Task>> taken) {
    try {
      taken.complete(queue.take(FOR_EVER));
    } catch (InterruptedException e) {
      taken.completeExceptionally(e);
    }
  }
}
