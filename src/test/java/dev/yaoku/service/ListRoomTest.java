package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ListRoomTest {
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
  void shortListsAreMadeBesideALongOneAndAnotherLongOneWaits() throws Exception {
    ListRoom room = new ListRoom(64 * MEBIBYTE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Integer> first = threads.submit(() -> room.inTurn(700, true, () -> wait(1)));
      begun.await();
      assertThat(room.<Integer>inTurn(100, true, () -> 2)).isEqualTo(2);
      assertThat(room.<Integer>inTurn(700, false, () -> 3)).isEqualTo(3);

      Future<Boolean> second =
          threads.submit(() -> room.inTurn(700, true, () -> finish.getCount() == 0));
      finish.countDown();
      assertThat(first.get()).isEqualTo(1);
      assertThat(second.get()).as("made after the first").isTrue();
    }
  }

  @Test
  void aListThatNeedsMoreThanThereIsIsMadeAlone() {
    ListRoom room = new ListRoom(MEBIBYTE);
    for (int limit : List.of(1, 1_000, Integer.MAX_VALUE)) {
      assertThat(room.<Integer>inTurn(limit, true, () -> limit)).isEqualTo(limit);
    }
  }

  @Test
  void aListThatFailsGivesItsRoomBack() {
    ListRoom room = new ListRoom(MEBIBYTE);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() ->
              room.inTurn(
                  1_000,
                  true,
                  () -> {
                    throw new KmsException(new Problem.StoreUnavailable());
                  }))
          .isInstanceOf(KmsException.class);
    }
    assertThat(room.<Integer>inTurn(1_000, true, () -> 1)).isEqualTo(1);
  }
}
