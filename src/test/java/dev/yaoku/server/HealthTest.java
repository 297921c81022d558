package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatWasSeenLastIsSaid() {
    boolean[] ready = {true};
    Health health = new Health(() -> ready[0], () -> true, () -> true);
    assertThat(health.isReady()).as("nobody looked").isFalse();
    health.look();
    assertThat(health.isReady()).isTrue();
    ready[0] = false;
    assertThat(health.isReady()).as("asking is not looking").isTrue();
    health.look();
    assertThat(health.isReady()).isFalse();
  }

  @Test
  void whatFailedSinceTheLastLookIsANo() {
    boolean[] works = {true};
    Health health = new Health(() -> true, () -> works[0], () -> true);
    health.look();
    assertThat(health.isReady()).isTrue();
    works[0] = false;
    assertThat(health.isReady()).isFalse();
  }

  @Test
  void theStoreMayWorkWhereRequestsAreNotWelcome() {
    boolean[] warm = {true};
    Health health = new Health(() -> true, () -> true, () -> warm[0]);
    health.look();
    warm[0] = false;
    assertThat(health.isReady()).isFalse();
    assertThat(health.storeWorks()).isTrue();
    warm[0] = true;
    health.drain();
    assertThat(health.isReady()).isFalse();
    assertThat(health.storeWorks()).isTrue();
  }

  @Test
  void aFailureIsANo() {
    Health health =
        new Health(
            () -> {
              throw new IllegalStateException();
            },
            () -> true,
            () -> true);
    health.look();
    assertThat(health.isReady()).isFalse();
  }

  @Test
  void aLookThatDoesNotEndIsSoonANo() throws InterruptedException {
    AtomicInteger looks = new AtomicInteger();
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch answered = new CountDownLatch(1);
    Health health =
        new Health(
            () -> {
              if (looks.incrementAndGet() == 2) {
                hangs.countDown();
                await(answered);
              }
              return true;
            },
            () -> true,
            () -> true);
    health.look();
    Thread looking = Thread.startVirtualThread(health::look);
    hangs.await();
    for (int i = 1; i < Health.LEFT_OUT_MAX; i++) {
      health.look();
      assertThat(health.isReady()).as("it may be slow").isTrue();
    }
    health.look();
    assertThat(health.isReady()).isFalse();
    assertThat(health.storeWorks()).isFalse();
    answered.countDown();
    looking.join();
    assertThat(health.isReady()).isTrue();
    assertThat(looks).as("one at a time").hasValue(2);
  }
}
