package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HeapRoomTest {
  private static final int MEBIBYTE = 1 << 20;

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch finish = new CountDownLatch(1);

  private int wait(int value) {
    begun.countDown();
    try {
      finish.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return value;
  }

  @Test
  void littleIsMadeBesideMuchAndWhatHasNoRoomWaits() throws Exception {
    HeapRoom room = new HeapRoom(64 * MEBIBYTE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = threads.submit(() -> room.inTurn(56 * 1024, () -> wait(1)));
      begun.await();
      assertThat(room.<Integer>inTurn(8 * 1024, () -> 2)).isEqualTo(2);

      Future<Boolean> second =
          threads.submit(() -> room.inTurn(9 * 1024, () -> finish.getCount() == 0));
      finish.countDown();
      assertThat(first.get()).isEqualTo(1);
      assertThat(second.get()).as("made after the first").isTrue();
    }
  }

  @Test
  void whatNeedsMoreThanThereIsIsMadeAlone() {
    HeapRoom room = new HeapRoom(MEBIBYTE);
    assertThat(room.<Integer>inTurn(Long.MAX_VALUE, () -> 1)).isEqualTo(1);
    assertThat(room.<Integer>inTurn(0, () -> 2)).isEqualTo(2);
  }

  @Test
  void whatFailsGivesItsRoomBack() {
    HeapRoom room = new HeapRoom(MEBIBYTE);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() ->
              room.inTurn(
                  1_000,
                  () -> {
                    throw new KmsException(new Problem.StoreUnavailable());
                  }))
          .isInstanceOf(KmsException.class);
    }
    assertThat(room.<Integer>inTurn(1_000, () -> 1)).isEqualTo(1);
  }
}
